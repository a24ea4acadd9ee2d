import assert from "node:assert/strict";
import { test } from "node:test";
import {
  manFolder,
  NOTHING_BESIDE,
  typesOf,
  withDerived,
} from "../../../src/core/npm/derived_fields.ts";

/** As `@npmcli/package-json` names them: the script without its last ending. */
const TYPES:
  readonly (readonly [name: string, raw: Record<string, unknown>, path: string | undefined])[] = [
    ["no main", {}, "index.d.ts"],
    ["an empty main", { main: "" }, "index.d.ts"],
    ["a path with a dot in front", { main: "./lib/a.min.js" }, "lib/a.min.d.ts"],
    ["a folder", { main: "lib" }, "lib.d.ts"],
    ["a folder with a slash", { main: "lib/" }, "lib.d.ts"],
    ["a hidden file", { main: "lib/.hidden" }, "lib/.hidden.d.ts"],
    ["a main that is no text", { main: ["a.js"] }, undefined],
    ["types of its own", { types: "x.d.ts" }, undefined],
    ["typings of its own", { typings: null }, undefined],
  ];
for (const [name, raw, path] of TYPES) {
  test(`declarations are looked for beside the main script: ${name}`, () => {
    assert.equal(typesOf(raw), path);
  });
}

test("scripts that are none stay as they are, and null gets a start", () => {
  const beside = { ...NOTHING_BESIDE, hasServer: true };
  assert.deepEqual(withDerived({ scripts: "x" }, beside), { scripts: "x" });
  assert.deepEqual(withDerived({ scripts: null }, beside), {
    scripts: { start: "node server.js" },
  });
});

test("manual pages are those of directories.man, which may be the package itself", () => {
  assert.equal(manFolder({ directories: { man: "./man/" } }), "man");
  assert.equal(manFolder({ directories: { man: "." } }), "");
  assert.equal(manFolder({ directories: { man: "man" }, man: "a.1" }), undefined);
  assert.equal(manFolder({ directories: null }), undefined);
});
