import assert from "node:assert/strict";
import { test } from "node:test";
import { setJsonMember } from "../../../src/core/npm/json_text.ts";
import { parsePackageJson } from "../../../src/core/npm/package_json.ts";
import { linkPlatforms, unlinkedPlatforms } from "../../../src/core/npm/platform_links.ts";
import { loaderWarnings } from "../../../src/core/npm/platform_loader.ts";
import { platformFieldTrouble } from "../../../src/core/npm/platform_manifest.ts";
import { tripleOfName } from "../../../src/core/npm/platform_names.ts";

const SETS: readonly (readonly [string, string, unknown, string])[] = [
  ["behind the last member of one line", '{"a": 1}', { x: 1 }, '{"a": 1, "b": {"x":1}}'],
  [
    "behind the last member, on lines of its own",
    '{\n    "a": 1\n}\n',
    { x: 1 },
    '{\n    "a": 1,\n    "b": {\n        "x": 1\n    }\n}\n',
  ],
  [
    "in place of what is there",
    '{\n  "b": [1, 2],\n  "a": 1\n}',
    {},
    '{\n  "b": {},\n  "a": 1\n}',
  ],
  [
    "in place of the last of several",
    '{"b": 1, "b": 2}',
    3,
    '{"b": 1, "b": 3}',
  ],
  [
    "with the line ends and the mark of the text",
    '\uFEFF{\r\n\t"a": 1}',
    { x: 1 },
    '\uFEFF{\r\n\t"a": 1,\r\n\t"b": {\r\n\t\t"x": 1\r\n\t}}',
  ],
];

for (const [name, text, value, expected] of SETS) {
  test(`setJsonMember() puts a value ${name}`, () => {
    assert.equal(setJsonMember(text, { key: "b", value }), expected);
  });
}

test("tripleOfName() knows platform packages of targets that are spelled in any way", () => {
  assert.equal(tripleOfName("@a/b-linux-x64-gnu", "@a/b"), "linux-x64-gnu");
  assert.equal(tripleOfName("@a/b-x86_64-apple-darwin", "@a/b"), "x86_64-apple-darwin");
  assert.equal(tripleOfName("@a/b-extras", "@a/b"), undefined);
  assert.equal(tripleOfName("@a/c-linux-x64-gnu", "@a/b"), undefined);
});

const FAMILY = { name: "b", version: "2.0.0", triples: ["linux-x64-gnu"] };

test("linkPlatforms() replaces a table that is none", () => {
  const text = linkPlatforms('{"name":"b","optionalDependencies":null}', {
    family: FAMILY,
    others: new Set(),
  });
  assert.equal(text, '{"name":"b","optionalDependencies":{"b-linux-x64-gnu":"2.0.0"}}');
});

test("unlinkedPlatforms() takes exact pins only", () => {
  const of = (range: string): number =>
    unlinkedPlatforms(
      parsePackageJson(JSON.stringify({ optionalDependencies: { "b-linux-x64-gnu": range } })),
      FAMILY,
    ).length;
  assert.deepEqual(["2.0.0", "^2.0.0", "1.0.0", "*"].map(of), [0, 1, 1, 1]);
});

test("loaderWarnings() tells names apart that begin alike", () => {
  const scripts = ['require("b-linux-x64-gnu")'];
  const facts = { name: "b", scripts };
  assert.deepEqual(loaderWarnings({ ...facts, triples: ["linux-x64-gnu"] }), []);
  // Put together at run time, for all that anyone can tell.
  assert.deepEqual(loaderWarnings({ ...facts, triples: ["linux-x64"] }), []);
  assert.equal(loaderWarnings({ ...facts, triples: ["x86_64-unknown-linux-gnu"] }).length, 1);
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
