import assert from "node:assert/strict";
import { test } from "node:test";
import { binFolder, plainPath } from "../../../src/core/npm/package_bin.ts";
import { parsePackageJson, withBinFolder } from "../../../src/core/npm/package_json.ts";

const BINS: readonly { name: string; fields: object; bin: object }[] = [
  {
    name: "a table, without ./ in front",
    fields: { name: "x", bin: { a: "./bin/a.js", b: "b.js" } },
    bin: { a: "bin/a.js", b: "b.js" },
  },
  {
    name: "one string, named after the package",
    fields: { name: "x", bin: "a.js" },
    bin: { x: "a.js" },
  },
  {
    name: "one string of a scoped package, named without the scope",
    fields: { name: "@acme/x", bin: "./a.js" },
    bin: { x: "a.js" },
  },
  { name: "a list", fields: { bin: ["./bin/a.js", "b", 1] }, bin: { "a.js": "bin/a.js", b: "b" } },
  {
    name: "paths that lead out of the package, which end at its top",
    fields: { bin: { a: "../../a.js", b: "lib/../b.js", c: ".\\bin\\c.js" } },
    bin: { a: "a.js", b: "b.js", c: "bin/c.js" },
  },
  {
    name: "commands with folders in front",
    fields: { bin: { "../../etc/a": "a.js", "@acme/b": "b.js", "c:\\d": "d.js", "..": "e.js" } },
    bin: { a: "a.js", b: "b.js", d: "d.js" },
  },
  { name: "what is no path", fields: { bin: { a: 1, b: "", c: "./", d: null } }, bin: {} },
  { name: "a string without a name", fields: { bin: "a.js" }, bin: {} },
  { name: "nothing", fields: { name: "x" }, bin: {} },
];

for (const { name, fields, bin } of BINS) {
  test(`parsePackageJson reads bin from ${name}`, () => {
    assert.deepEqual(parsePackageJson(JSON.stringify(fields)).bin, bin);
  });
}

test("withBinFolder names commands after the files of directories.bin", () => {
  const files = ["scripts/one", "scripts/deep/two.js", "scripts/.hidden", "other/three"];
  const manifest = parsePackageJson('{"name":"x","directories":{"bin":"./scripts/"}}');
  assert.deepEqual(withBinFolder(manifest, files).bin, {
    one: "scripts/one",
    "two.js": "scripts/deep/two.js",
  });
});

test("binFolder never leads out of the package", () => {
  const folder = (bin: string): string | undefined =>
    binFolder({ name: "x", directories: { bin } });
  assert.deepEqual(["../../..", ".", "./a", "a/../../b/"].map(folder), ["", "", "a/", "b/"]);
  assert.equal(binFolder({ name: "x", directories: null }), undefined);
});

test("withBinFolder leaves a bin that is there alone", () => {
  const manifest = parsePackageJson('{"name":"x","bin":"a.js","directories":{"bin":"scripts"}}');
  assert.deepEqual(withBinFolder(manifest, ["scripts/one"]).bin, { x: "a.js" });
});

for (
  const [path, plain] of [
    ["./a/b.js", "a/b.js"],
    ["/a//b.js", "a/b.js"],
    ["a/./b/../c.js", "a/c.js"],
    ["./lib/", "lib/"],
    [".", ""],
    ["./", ""],
    ["../a.js", "../a.js"],
    ["a/../../b.js", "../b.js"],
    ["/../b.js", "b.js"],
    ["../../b/../c", "../../c"],
  ] as const
) {
  test(`plainPath makes ${JSON.stringify(plain)} of ${path}`, () => {
    assert.equal(plainPath(path), plain);
  });
}
