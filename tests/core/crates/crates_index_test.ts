import assert from "node:assert/strict";
import { test } from "node:test";
import { crateNameFault, isSameVersion } from "../../../src/core/crates/crates_index.ts";
import { parseIndexLines } from "../../../src/core/crates/crates_index.ts";
import { sparseIndexPath } from "../../../src/core/crates/crates_index.ts";
import { CRATES } from "../../../src/core/crates/crates_kind.ts";

for (
  const [name, path] of [
    ["a", "1/a"],
    ["Ab", "2/ab"],
    ["syn", "3/s/syn"],
    ["rand", "ra/nd/rand"],
    ["Inflector", "in/fl/inflector"],
    ["foo_bar-baz", "fo/o_/foo_bar-baz"],
  ] as const
) {
  test(`the index has ${name} at ${path}`, () => assert.equal(sparseIndexPath(name), path));
}

const line = (fields: object): string =>
  JSON.stringify({
    name: "demo",
    deps: [],
    features: {},
    vers: "1.0.0",
    cksum: "AB",
    yanked: false,
    ...fields,
  });

test("every version of an index file is read, yanked ones too, the digest in lower case", () => {
  const text = `${line({})}\n${line({ vers: "1.1.0+x", yanked: true, v: 2 })}\n\n`;
  assert.deepEqual(parseIndexLines(text), [
    { version: "1.0.0", cksum: "ab", yanked: false },
    { version: "1.1.0+x", cksum: "ab", yanked: true },
  ]);
});

test("a line of a layout to come is passed over", () => {
  assert.deepEqual(parseIndexLines(`${line({ v: 3, vers: 7 })}\n${line({ vers: "2.0.0" })}`), [
    { version: "2.0.0", cksum: "ab", yanked: false },
  ]);
});

for (
  const { name, text } of [
    { name: "a page", text: "<html></html>" },
    { name: "half a line", text: line({}).slice(0, -9) },
    { name: "JSON that is no object", text: "[]x" },
    { name: "a list", text: "[1]" },
    { name: "a line without a checksum", text: '{"vers":"1.0.0"}' },
    { name: "good lines with a bad one among them", text: `${line({})}\nnull\n${line({})}` },
  ]
) {
  test(`${name} is no index file`, () => assert.equal(parseIndexLines(text), undefined));
}

test("lines of another crate are no index file of the one that was asked for", () => {
  assert.equal(parseIndexLines(line({}), "Demo")?.length, 1);
  assert.equal(parseIndexLines(line({}), "other"), undefined);
  assert.equal(parseIndexLines(line({ name: undefined }), "demo"), undefined);
});

test("an empty file is an index without versions", () => assert.deepEqual(parseIndexLines(""), []));

test("names are one when they differ by case, hyphens and underscores only", () => {
  assert.equal(CRATES.names.canonical("Foo_Bar-baz"), CRATES.names.canonical("foo-bar_BAZ"));
  assert.notEqual(CRATES.names.canonical("foobar"), CRATES.names.canonical("foo-bar"));
});

test("versions are one when they differ by build metadata only", () => {
  assert.ok(isSameVersion("1.0.0+a", "1.0.0"));
  assert.ok(!isSameVersion("1.0.0-a", "1.0.0"));
});

for (
  const [name, fault] of [
    ["demo", undefined],
    ["D-e_m0", undefined],
    ["", "it is empty"],
    ["0demo", "its first character is not an ASCII letter"],
    ["_demo", "its first character is not an ASCII letter"],
    ["démo", 'it has a "é"'],
    ["de mo", 'it has a " "'],
    ["a".repeat(64), undefined],
    ["a".repeat(65), "it is longer than 64 characters"],
  ] as const
) {
  test(`the name "${name}" is ${fault === undefined ? "fine" : `refused: ${fault}`}`, () => {
    assert.equal(crateNameFault(name), fault);
  });
}
