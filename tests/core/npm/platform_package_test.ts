import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePackageJson } from "../../../src/core/npm/package_json.ts";
import { tripleOfName } from "../../../src/core/npm/platform_name.ts";
import { platformFieldTrouble } from "../../../src/core/npm/platform_package.ts";

test("tripleOfName() knows platform packages of targets that are spelled in any way", () => {
  assert.equal(tripleOfName("@a/b-linux-x64-gnu", { name: "@a/b" }), "linux-x64-gnu");
  assert.equal(tripleOfName("@a/b-x86_64-apple-darwin", { name: "@a/b" }), "x86_64-apple-darwin");
  assert.equal(tripleOfName("@a/b-extras", { name: "@a/b" }), undefined);
  assert.equal(tripleOfName("@a/c-linux-x64-gnu", { name: "@a/b" }), undefined);
});

const FIELDS: readonly (readonly [string, string, Record<string, unknown>, readonly string[]])[] = [
  ["the three words", "linux-x64-gnu", { os: ["linux"], cpu: ["x64"], libc: ["glibc"] }, []],
  ["a word instead of a list", "darwin-arm64", { os: "darwin", cpu: "arm64" }, []],
  ["an older package without libc", "linux-x64-gnu", { os: ["linux"], cpu: ["x64"] }, []],
  ["a universal package", "darwin-universal", { os: ["darwin"] }, []],
  [
    "a universal package that is restricted to one processor",
    "darwin-universal",
    { os: ["darwin"], cpu: ["arm64"] },
    ['cpu is ["arm64"], and darwin-universal restricts it to nothing'],
  ],
  [
    "the other libc",
    "linux-x64-gnu",
    { os: ["linux"], cpu: ["x64"], libc: ["musl"] },
    ['libc is ["musl"], and linux-x64-gnu is ["glibc"]'],
  ],
];

for (const [name, triple, fields, expected] of FIELDS) {
  test(`platformFieldTrouble() judges ${name}`, () => {
    assert.deepEqual(
      platformFieldTrouble(parsePackageJson(JSON.stringify(fields)), triple),
      expected,
    );
  });
}
