/** The page on crates names the tests that show what it says. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

/** A row of the table, as `| case | \`tests/file\`: "name" |`. */
const ROW = /^\| (.+?) +\| `(tests\/[^`]+)`: "(.+)" +\|$/;

test("every case of the page on crates names a test that is there", async () => {
  const page = await readFile("docs/crates.md", "utf8");
  const [, section = ""] = page.split("\n## Cases, and the tests that show them\n");
  const rows = section.split("\n").filter((line) => line.startsWith("| ")).slice(2);
  assert.ok(rows.length >= 34, `${rows.length} cases`);
  const gone: string[] = [];
  for (const row of rows) {
    const [, , file, name] = ROW.exec(row) ?? [];
    assert.ok(file !== undefined && name !== undefined, `no case: ${row}`);
    const text = await readFile(file, "utf8");
    const names = [...text.matchAll(/^\s*(?:test\()?\s*(["`])(.+?)\1,/gm)].map(([, , found]) =>
      found!
    );
    if (!names.some((found) => found.includes(name))) gone.push(`${file}: ${name}`);
  }
  assert.deepEqual(gone, []);
});
