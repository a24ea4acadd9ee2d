import assert from "node:assert/strict";
import { test } from "node:test";
import {
  comparePep440,
  isSamePep440,
  isSpecifierSet,
  lowestFirstPep440,
  normalisePep440,
  parsePep440,
  pep440VersionsBefore,
} from "../../../src/core/pypi/pep440.ts";
import fc from "../../support/property.ts";

for (
  const [text, expected] of [
    ["1.0", "1.0"],
    [" v1.0 ", "1.0"],
    ["1.0-alpha.1", "1.0a1"],
    ["1.0ALPHA", "1.0a0"],
    ["1.0_beta_2", "1.0b2"],
    ["1.0c1", "1.0rc1"],
    ["1.0-pre3", "1.0rc3"],
    ["1.0.preview.4", "1.0rc4"],
    ["1.0-1", "1.0.post1"],
    ["1.0.r5", "1.0.post5"],
    ["1.0-rev", "1.0.post0"],
    ["1.0post2", "1.0.post2"],
    ["1.0-dev", "1.0.dev0"],
    ["1.0a1.post2.dev3", "1.0a1.post2.dev3"],
    ["1!2.0", "1!2.0"],
    ["0!2.0", "2.0"],
    ["2026.01.05", "2026.1.5"],
    ["1.0+Ubuntu-1_a", "1.0+ubuntu.1.a"],
    ["1.0+001", "1.0+1"],
    ["00.010", "0.10"],
    ["9007199254740993.1", "9007199254740993.1"],
  ] as const
) {
  test(`normalisePep440() makes ${expected} of "${text}"`, () => {
    assert.equal(normalisePep440(text), expected);
  });
}

for (
  const text of [
    "",
    "1.0.0-next.3",
    "1.0.0-rc.1.2",
    "1.0.0-alpha.beta",
    "1.0+",
    "1..0",
    "a1",
    "1.0-",
    "1_0",
  ]
) {
  test(`normalisePep440() knows no version "${text}"`, () => {
    assert.equal(normalisePep440(text), undefined);
  });
}

test("comparePep440() orders dev, pre-releases, the release, post-releases and local versions", () => {
  const ordered = [
    ...["1.0.dev1", "1.0a1.dev1", "1.0a1", "1.0a1.post1.dev2", "1.0a1.post1", "1.0a2", "1.0b1"],
    ...["1.0rc1", "1.0", "1.0+abc", "1.0+abc.5", "1.0+5", "1.0.post1.dev1", "1.0.post1"],
    ...["1.0.1", "1.1", "1.10", "1!0.1"],
  ];
  const shuffled = [...ordered].reverse();
  shuffled.sort((left, right) => comparePep440(parsePep440(left)!, parsePep440(right)!));
  assert.deepEqual(shuffled, ordered);
});

test("lowestFirstPep440() orders as comparePep440() does, and puts what is no version in front", () => {
  const listed = ["1.0.post1", "2004d", "1.0", "1!0.1", "1.0rc1", "dev-7", "0.9"];
  const ordered = ["2004d", "dev-7", "0.9", "1.0rc1", "1.0", "1.0.post1", "1!0.1"];
  assert.deepEqual(lowestFirstPep440(listed), ordered);
});

test("isSamePep440() does not mind zeros at the end or other spellings", () => {
  assert.ok(isSamePep440("1.0", "v1.0.0"));
  assert.ok(isSamePep440("1.0a0", "1-alpha"));
  assert.ok(!isSamePep440("1.0", "1.0.1"));
  assert.ok(!isSamePep440("nonsense", "nonsense"));
});

const spelling = fc.tuple(
  fc.constantFrom("", "v", "1!", "0!"),
  fc.array(fc.constantFrom("0", "1", "01", "10", "2026"), { minLength: 1, maxLength: 4 }),
  fc.constantFrom("", "a", "-alpha.1", ".b2", "_beta_", "rc03", "c", "-pre4", "preview"),
  fc.constantFrom("", "-1", ".post", "post2", "-r3", "_rev4"),
  fc.constantFrom("", ".dev", "dev1", "-dev02"),
  fc.constantFrom("", "+a", "+a.1", "+1-b", "+01"),
).map(([start, release, ...rest]) => start + release.join(".") + rest.join(""));

test("normalisePep440() changes nothing the second time", () => {
  fc.assert(fc.property(spelling, (text) => {
    const once = normalisePep440(text)!;
    assert.equal(normalisePep440(once), once);
  }));
});

test("isSpecifierSet() takes operators with versions, and nothing else", () => {
  for (const text of ["", ">=3.9", ">= 3.9, !=3.10.*", "~=3.9", "==3.*", "===anything", "<4,"]) {
    assert.ok(isSpecifierSet(text), text);
  }
  for (
    const text of [
      "3.9",
      ">=3.9.*",
      "~=3",
      "^3.9",
      ">=3.9 <4",
      "=>3",
      ">=x",
      "==3.9rc1.*",
      "===3;x",
    ]
  ) {
    assert.ok(!isSpecifierSet(text), text);
  }
});

test("pep440VersionsBefore() goes by PEP 440: dev, pre- and post-releases, another spelling of the release itself", () => {
  const held = ["1.0", "1.0.post1", "1.1.dev3", "1.1rc1", "1.1.0", "2.0", "0.9", "old-version"];
  assert.deepEqual(pep440VersionsBefore("1.1", held), ["1.1rc1", "1.0.post1"]);
  assert.deepEqual(pep440VersionsBefore("1.1rc1", held), ["1.1.dev3"]);
  assert.deepEqual(pep440VersionsBefore("1.0", held), ["0.9"]);
  assert.deepEqual(pep440VersionsBefore("0.9", held), []);
});
