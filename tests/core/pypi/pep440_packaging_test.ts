/**
 * PEP 440 held against `packaging`, the library that pip and PyPI themselves read versions with: on its own where it is
 * installed, else the copy inside pip.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  comparePep440,
  isSamePep440,
  isSpecifierSet,
  lowestFirstPep440,
  normalisePep440,
  parsePep440,
} from "../../../src/core/pypi/pep440.ts";
import fc from "../../support/property.ts";
import { NO_PIP, python } from "../../support/real_python.ts";

const ORACLE = `
import json, sys
try:
    from packaging import __version__, specifiers, version
except ImportError:
    from pip._vendor.packaging import __version__, specifiers, version

def read(text):
    try: return version.Version(text)
    except version.InvalidVersion: return None

def is_valid(text):
    try: clauses = specifiers.SpecifierSet(text)
    except specifiers.InvalidSpecifier: return False
    return all(type(clause) is specifiers.Specifier for clause in clauses)

def sign(left, right):
    return None if left is None or right is None else (left > right) - (left < right)

asked = json.load(sys.stdin)
versions = [read(text) for text in asked["versions"]]
print(json.dumps({
    "packaging": __version__,
    "normal": [None if read is None else str(read) for read in versions],
    "signs": [sign(left, right) for left, right in zip(versions, versions[1:])],
    "valid": [is_valid(text) for text in asked["specifiers"]],
}))
`;

interface Reading {
  readonly packaging: string;
  readonly normal: readonly (string | null)[];
  /** How each version stands to the next one. */
  readonly signs: readonly (number | null)[];
  readonly valid: readonly boolean[];
}

async function askPackaging(
  { versions = [], specifiers = [] }: {
    readonly versions?: readonly string[];
    readonly specifiers?: readonly string[];
  },
): Promise<Reading> {
  const input = JSON.stringify({ versions, specifiers });
  return JSON.parse(await python(["-c", ORACLE], { input })) as Reading;
}

/** Fails with every version that is read or ordered otherwise than `packaging` does. */
async function assertReadAlike(versions: readonly string[]): Promise<void> {
  const { normal, signs } = await askPackaging({ versions });
  const misread = versions.filter((text, index) =>
    (normalisePep440(text) ?? null) !== normal[index]
  );
  assert.deepEqual([...new Set(misread)], []);
  const pairs = versions.slice(1).map((right, index) => [versions[index]!, right] as const);
  const misordered = pairs.filter(([left, right], index) => signOf(left, right) !== signs[index]);
  assert.deepEqual(misordered, []);
  const misjudged = pairs.filter(([left, right], index) =>
    isSamePep440(left, right) !== (signs[index] === 0)
  );
  assert.deepEqual(misjudged, []);
}

function signOf(left: string, right: string): number | null {
  const [parsed, other] = [parsePep440(left), parsePep440(right)];
  if (parsed === undefined || other === undefined) return null;
  return Math.sign(comparePep440(parsed, other));
}

const PRES = ["", "a", "A1", "-alpha.1", "alpha", ".b2", "_beta_", "BETA-3", "rc03", ".RC_1"];
const MORE_PRES = ["c", "-c.2", "-pre4", "pre", "preview", "_preview_9", "a.b", "rcc", "-a-"];
const POSTS = [
  "",
  "-1",
  "-0",
  "-01",
  ".post",
  "post2",
  "-r3",
  "_rev4",
  ".REV",
  "r",
  "-",
  "-post-1",
];
const DEVS = ["", ".dev", "dev1", "-dev02", "_DEV_3", ".dev.4", "dev-"];
const LOCALS = [
  "",
  "+a",
  "+a.1",
  "+1-b",
  "+01",
  "+Ubuntu_1",
  "+g0a1b2c3",
  "+1e5",
  "+0x1f",
  "+12e99",
];
const NUMBERS = ["0", "1", "01", "10", "2026", "20260101123456789", "9007199254740992"];
const LONG_NUMBERS = ["9007199254740993", "99999999999999999999999", "99999999999999999999998"];

test("every spelling of what stands behind a release is read and ordered as packaging does", {
  skip: NO_PIP,
}, async () => {
  const versions = [...PRES, ...MORE_PRES].flatMap((pre) =>
    POSTS.flatMap((post) => DEVS.map((dev) => `1.2${pre}${post}${dev}`))
  );
  await assertReadAlike(versions);
  await assertReadAlike(
    [...versions].reverse().flatMap((text, index) => [
      text,
      versions[(index * 7919) % versions.length]!,
    ]),
  );
});

const version = fc.tuple(
  fc.constantFrom("", "", "v", "V", "1!", "0!", "v2!", " ", "\n"),
  fc.array(fc.constantFrom(...NUMBERS, ...LONG_NUMBERS), { minLength: 1, maxLength: 4 }).map(
    (numbers) => numbers.join("."),
  ),
  fc.constantFrom("", ...PRES),
  fc.constantFrom("", "", ...POSTS),
  fc.constantFrom("", "", ...DEVS, ".dev20260101123456789"),
  fc.oneof(
    fc.constantFrom("", "", "", ...LOCALS, "+9007199254740993", "+", "+a..b", "+nan", "+Infinity"),
    fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 7, maxLength: 7 }).map(
      (commit) => `+${commit}`,
    ),
  ),
  fc.constantFrom("", "", " ", "\n"),
).map((pieces) => pieces.join(""));

test("generated versions are read and ordered as packaging does", { skip: NO_PIP }, async () => {
  const junk = fc.string({ unit: fc.constantFrom(..."10.-_+!avbrcdepost"), maxLength: 8 });
  const near = version.chain((text) => fc.constantFrom(text, text.replace("1", "2"), `${text}.0`));
  await assertReadAlike(fc.sample(fc.oneof(version, near, junk), { numRuns: 12_000 }));
});

test("lists of versions are ordered as packaging orders them", { skip: NO_PIP }, async () => {
  const listed = fc.sample(version, { numRuns: 2000 }).filter((text) =>
    parsePep440(text) !== undefined
  );
  const { signs } = await askPackaging({ versions: lowestFirstPep440(listed) });
  assert.ok(signs.every((sign) => sign !== null && sign <= 0));
});

const OPERATORS = ["", "=", "==", "!=", "===", "~=", "<", ">", "<=", ">=", "=>", "^", "~"];
const OPERANDS = [
  ...["", "3", "3.9", "3.9.1", "v3.9", "1!3.9", "03.009", "3.9-1", "3.9.post1", "3.9.dev0"],
  ...["3.*", "3.9.*", "v3.*", "1!3.9.*", "*", ".*", "3.9 .*", "3.9.*.*", "3.*.9"],
  ...["3.9rc1", "3.9rc1.*", "3.9.post1.*", "3.9-1.*", "3.9.dev0.*", "3.9.dev1.*"],
  ...["3.9+l", "3.9+0", "3.9+l.*", "x", "foo.*", "3.9;x", "3.9)", "3 9", "3.9 <4"],
];

/** Up to `packaging` 21 a prefix could stand behind pre- and post-releases, and `===` took any character. */
function isOfOldRules(specifiers: string): boolean {
  return /(rc1|post1|-1)\.\*|===[^,]*[;)]/.test(specifiers);
}

test("specifiers are taken and refused as packaging does", { skip: NO_PIP }, async () => {
  const clauses = OPERATORS.flatMap((operator) =>
    ["", " "].flatMap((gap) => OPERANDS.map((operand) => `${operator}${gap}${operand}`))
  );
  const list = fc.array(fc.constantFrom("", " ", ...clauses), { maxLength: 4 });
  const lists = fc.sample(list, { numRuns: 4000 }).map((several) => several.join(","));
  const specifiers = [...clauses, ...lists];
  const { packaging, valid } = await askPackaging({ specifiers });
  const isOld = Number(packaging.split(".")[0]) < 22;
  const differing = specifiers.filter((text, index) =>
    isSpecifierSet(text) !== valid[index] && !(isOld && isOfOldRules(text))
  );
  assert.deepEqual([...new Set(differing)], []);
});
