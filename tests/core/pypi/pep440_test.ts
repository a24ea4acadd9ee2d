import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import {
  comparePep440,
  isSamePep440,
  lowestFirstPep440,
  normalisePep440,
  parsePep440,
} from "../../../src/core/pypi/pep440.ts";
import { NO_PIP, python } from "../../support/real_python.ts";

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
  shuffled.sort((one, other) => comparePep440(parsePep440(one)!, parsePep440(other)!));
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

const ORACLE = `
import json, sys
from pip._vendor.packaging.version import Version, InvalidVersion
def read(text):
    try: return Version(text)
    except InvalidVersion: return None
texts = json.load(sys.stdin)
versions = [read(text) for text in texts]
def sign(a, b): return None if a is None or b is None else (a > b) - (a < b)
pairs = zip(versions, versions[1:])
print(json.dumps([[None if v is None else str(v) for v in versions], [sign(a, b) for a, b in pairs]]))
`;

test("versions are read and ordered as pip reads and orders them", { skip: NO_PIP }, async () => {
  const junk = fc.string({ unit: fc.constantFrom(..."10.-_+!avbrcdepost"), maxLength: 8 });
  const texts = fc.sample(fc.oneof(spelling, spelling, junk), { numRuns: 3000, seed: 440 });
  const [normal, signs] = JSON.parse(
    await python(["-c", ORACLE], { input: JSON.stringify(texts) }),
  ) as [(string | null)[], (number | null)[]];
  assert.deepEqual(texts.map((text) => normalisePep440(text) ?? null), normal);
  const parsed = texts.map((text) => parsePep440(text));
  const own = parsed.slice(1).map((right, index) => {
    const left = parsed[index];
    return left === undefined || right === undefined ? null : Math.sign(comparePep440(left, right));
  });
  assert.deepEqual(own, signs);
});
