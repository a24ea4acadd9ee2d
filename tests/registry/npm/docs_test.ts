import { test } from "node:test";
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { REFUSALS } from "../../../src/registry/npm/upload_refusal.ts";

const FOLDER = "tests/registry/npm";

/** The ids of the rows below a heading of docs/npm.md. */
async function documentedIds(heading: string): Promise<readonly string[]> {
  const text = await readFile("docs/npm.md", "utf8");
  const section = new RegExp(`\n#+ ${heading}\n([^]*?)(?:\n#|$)`).exec(text)?.[1];
  assert.ok(section !== undefined, `docs/npm.md has no section "${heading}"`);
  const table = /^\| id .*\n\| --.*\n((?:\|.*\n)+)/m.exec(section)?.[1];
  assert.ok(table !== undefined, `"${heading}" of docs/npm.md has no table with ids`);
  return table.trimEnd().split("\n").map((row) => {
    const [, id] = /^\| `([a-z0-9-]+)` +\|/.exec(row) ?? [];
    assert.ok(id !== undefined, `a row under "${heading}" of docs/npm.md has no id: ${row}`);
    return id;
  });
}

/** The ids that tests name: `(id)` at the end of a name, or `id: "…"` of a table whose names end so. */
async function testedIds(): Promise<ReadonlySet<string>> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith(".ts"));
  const texts = await Promise.all(files.map((name) => readFile(join(FOLDER, name), "utf8")));
  return new Set(
    texts.flatMap((text) =>
      [...text.matchAll(/\bid: "([a-z0-9-]+)"|\(([a-z0-9-]+)\)["`],/g)].map(([, row, name]) =>
        row ?? name!
      )
    ),
  );
}

for (const heading of ["Trusted publishing", "Looking", "Uploading", "Staging"]) {
  test(`every answer under "${heading}" of docs/npm.md has a test`, async () => {
    const ids = await documentedIds(heading);
    const tested = await testedIds();
    assert.ok(ids.length >= 4);
    assert.deepEqual(ids.filter((id) => !tested.has(id)), []);
  });
}

test("docs/npm.md lists every refusal that is told apart, and no other", async () => {
  const beyond = ["published", "put-waiting", "silent"];
  const ids = await documentedIds("Uploading");
  assert.deepEqual([...ids].sort(), [...REFUSALS.map(({ id }) => id), ...beyond].sort());
});

test("docs/npm.md gives for every refusal the code that is thrown", async () => {
  const text = await readFile("docs/npm.md", "utf8");
  const rows = new Map(
    [...text.matchAll(/^\| `([a-z0-9-]+)` .*\| ([^|]*)\|$/gm)].map(([, id, last]) => [id, last]),
  );
  for (const { id, code } of REFUSALS) {
    const [documented] = /PIOT_[A-Z_]+/.exec(rows.get(id) ?? "") ?? [];
    assert.equal(documented, code, id);
  }
});
