import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { walkFiles } from "../../src/host/files.ts";

/** Packages that a text imports when it is run, not when it is loaded. */
function lazyPackages(text: string): readonly string[] {
  return [...text.matchAll(/\bimport\(\s*"([^"]+)"/g)].map(([, specifier]) => specifier!)
    .filter((specifier) => !/^(\.|node:)/.test(specifier))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0]);
}

test("what is imported when it is needed has its names in the built package: it is no CommonJS", async () => {
  assert.deepEqual(
    lazyPackages('await import("./a.ts"); import(\n  "@a/b/c",\n); import("node:fs")'),
    [
      "@a/b",
    ],
  );
  const paths = (await walkFiles("src")).filter((path) => path.endsWith(".ts"));
  const texts = await Promise.all(paths.map((path) => readFile(join("src", path), "utf8")));
  const names = new Set(texts.flatMap(lazyPackages));
  assert.ok(names.has("jose"));
  for (const name of names) {
    // The bundle gives a module of CommonJS one name, `default`: import a file of ours that imports it.
    const manifest = JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
    assert.equal(manifest.type, "module", `${name} is CommonJS`);
  }
});
