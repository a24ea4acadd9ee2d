import { test } from "node:test";
import assert from "node:assert/strict";
import { parsePackageJson } from "../../../src/core/npm/package_json.ts";
import { missingFiles, referredFiles } from "../../../src/core/npm/referred_files.ts";

/** `field → target` of what is missing; `?` behind what is not required. */
function missing(fields: object, files: readonly string[]): string[] {
  const promises = referredFiles(parsePackageJson(JSON.stringify({ name: "x", ...fields })));
  return missingFiles(promises, files).map(({ field, target, required }) =>
    `${field} → ${target}${required ? "" : " ?"}`
  );
}

const KEPT: readonly { name: string; fields: object; files: string[] }[] = [
  { name: "a main with ./", fields: { main: "./a.js" }, files: ["a.js"] },
  { name: "a main without its ending", fields: { main: "lib/a" }, files: ["lib/a.js"] },
  { name: "a main that is a folder", fields: { main: "lib/" }, files: ["lib/index.js"] },
  { name: "a main that is the package itself", fields: { main: "." }, files: ["index.js"] },
  { name: "types without their ending", fields: { types: "dist/a" }, files: ["dist/a.d.ts"] },
  { name: "a listed folder", fields: { files: ["dist/"] }, files: ["dist/deep/a.js"] },
  {
    name: "wildcards and negations in files",
    fields: { files: ["*.js", "!a.js", "{a,b}"] },
    files: [],
  },
  {
    name: "a pattern of exports",
    fields: { exports: { "./*": "./dist/*.js" } },
    files: ["dist/deep/a.js"],
  },
  { name: "exports that forbid a path", fields: { exports: { "./internal/*": null } }, files: [] },
  {
    name: "the first choice of a list in exports",
    fields: { exports: { ".": [null, "./a.js", "./never.js"] } },
    files: ["a.js"],
  },
  {
    name: "a browser table",
    fields: { browser: { "./a.js": "./b.js", fs: false, one: "./shim", two: "other" } },
    files: ["b.js", "shim/index.js"],
  },
  {
    name: "imports of other packages",
    fields: {
      imports: { "#a": "./a.js", "#b": { node: "dep", default: "dep/sub" }, "#c/*": null },
    },
    files: ["a.js"],
  },
  { name: "manual pages", fields: { man: ["./man/x.1", "y.1"] }, files: ["man/x.1", "y.1"] },
  { name: "a path with detours", fields: { main: "./lib/../a" }, files: ["a.js"] },
];

for (const { name, fields, files } of KEPT) {
  test(`missingFiles is content with ${name}`, () => assert.deepEqual(missing(fields, files), []));
}

const BROKEN: readonly { name: string; fields: object; files?: string[]; report: string[] }[] = [
  { name: "main", fields: { main: "./dist/a.js" }, report: ["main → ./dist/a.js"] },
  {
    name: "module, types, typings and browser",
    fields: { module: "m.mjs", types: "t.d.ts", typings: "u.d.ts", browser: "b.js" },
    report: ["module → m.mjs", "types → t.d.ts", "typings → u.d.ts", "browser → b.js"],
  },
  {
    name: "commands",
    fields: { bin: { one: "./one.js", two: "two.js" } },
    files: ["two.js"],
    report: ["bin.one → one.js"],
  },
  {
    name: "nested conditions of exports",
    fields: {
      exports: {
        ".": { import: { types: "./a.d.mts", default: "./a.mjs" }, require: "./a.cjs" },
        "./x": "./x.js",
      },
    },
    files: ["a.mjs"],
    report: [
      'exports["."].import.types → ./a.d.mts',
      'exports["."].require → ./a.cjs',
      'exports["./x"] → ./x.js',
    ],
  },
  {
    name: "exports that are one string",
    fields: { exports: "./a.js" },
    report: ["exports → ./a.js"],
  },
  {
    name: "a pattern of exports that nothing matches",
    fields: { exports: { "./*": "./dist/*.js" } },
    files: ["dist/a.ts"],
    report: ['exports["./*"] → ./dist/*.js'],
  },
  {
    name: "a condition of its own, which does not have to be there",
    fields: { exports: { ".": { source: { types: "./src/a.ts" }, default: "./a.js" } } },
    files: ["a.js"],
    report: ['exports["."].source.types → ./src/a.ts ?'],
  },
  {
    name: "the files of a browser table",
    fields: { browser: { "./a.js": "./b.js", one: "./c" } },
    files: ["c.js"],
    report: ['browser["./a.js"] → ./b.js'],
  },
  {
    name: "imports, with those of nested conditions",
    fields: { imports: { "#a": { types: "./a.d.ts", default: "./a.js" }, "#b/*": "./b/*.js" } },
    files: ["a.js"],
    report: ['imports["#a"].types → ./a.d.ts', 'imports["#b/*"] → ./b/*.js'],
  },
  {
    name: "a manual page",
    fields: { man: "./man/x.1" },
    report: ["man → ./man/x.1"],
  },
  {
    name: "a main that is a folder without an index",
    fields: { main: "lib/" },
    files: ["lib/a.js"],
    report: ["main → lib/"],
  },
  {
    name: "a main outside the package",
    fields: { main: "../a.js" },
    files: ["a.js"],
    report: ["main → ../a.js"],
  },
  {
    name: "a listed file",
    fields: { files: ["NOTICE", "dist"] },
    files: ["dist/a"],
    report: ["files → NOTICE"],
  },
  {
    name: "an exact path of exports, which gets no ending",
    fields: { exports: "./a" },
    files: ["a.js"],
    report: ["exports → ./a"],
  },
];

for (const { name, fields, files = [], report } of BROKEN) {
  test(`missingFiles finds ${name}`, () => assert.deepEqual(missing(fields, files), report));
}
