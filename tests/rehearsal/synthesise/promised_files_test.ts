import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePackageJson } from "../../../src/core/npm/package_json.ts";
import { missingFiles, referredFiles } from "../../../src/core/npm/referred_files.ts";
import { makePromisedFiles } from "../../../src/rehearsal/synthesise/promised_files.ts";

const ROWS = [
  { name: "nothing is promised", manifest: {}, there: [], made: [] },
  { name: "it is there", manifest: { main: "lib" }, there: ["lib/index.js"], made: [] },
  { name: "main has no ending", manifest: { main: "lib/main" }, there: [], made: ["lib/main.js"] },
  {
    name: "a folder is listed, and a file in it promised",
    manifest: { files: ["dist"], main: "dist/a.js" },
    there: [],
    made: ["dist/a.js"],
  },
  {
    name: "a folder alone is listed",
    manifest: { files: ["dist"] },
    there: [],
    made: ["dist/made-up.txt"],
  },
  { name: "a file is listed", manifest: { files: ["a.css"] }, there: [], made: ["a.css"] },
  {
    name: "an export is a pattern",
    manifest: { exports: { "./*": "./parts/*.mjs" } },
    there: [],
    made: ["parts/made-up.mjs"],
  },
  {
    name: "a condition that only some tools know",
    manifest: { exports: { import: "./a.js", svelte: "./b.svelte" } },
    there: [],
    made: ["a.js"],
  },
];

for (const { name, manifest, there, made } of ROWS) {
  test(`of what a package.json promises is made up what nobody built: ${name}`, () => {
    const parsed = parsePackageJson(JSON.stringify(manifest));
    const files = Object.keys(makePromisedFiles(parsed, there));
    assert.deepEqual(files, made);
    const missing = missingFiles(referredFiles(parsed), [...there, ...files]);
    assert.deepEqual(missing.filter(({ required }) => required), []);
  });
}

test("a made-up command starts as a script of Node and ends with what it is", () => {
  const parsed = parsePackageJson(JSON.stringify({ bin: { a: "bin/a" } }));
  const { "bin/a": text } = makePromisedFiles(parsed, []);
  assert.match(text!, /^#!\/usr\/bin\/env node\nthrow new Error\("made up for a rehearsal/);
});
