import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import { isSpecifierSet } from "../../../src/core/pypi/specifier.ts";
import { NO_PIP, python } from "../../support/real_python.ts";

test("isSpecifierSet() takes operators with versions, and nothing else", () => {
  for (const text of ["", ">=3.9", ">= 3.9, !=3.10.*", "~=3.9", "==3.*", "===anything", "<4,"]) {
    assert.ok(isSpecifierSet(text), text);
  }
  for (const text of ["3.9", ">=3.9.*", "~=3", "^3.9", ">=3.9 <4", "=>3", ">=x"]) {
    assert.ok(!isSpecifierSet(text), text);
  }
});

const ORACLE = `
import json, sys
from pip._vendor.packaging.specifiers import SpecifierSet, InvalidSpecifier, Specifier
def ok(text):
    try: parts = SpecifierSet(text)
    except InvalidSpecifier: return False
    return all(type(part) is Specifier for part in parts)
print(json.dumps([ok(text) for text in json.load(sys.stdin)]))
`;

test("isSpecifierSet() judges as pip does", { skip: NO_PIP }, async () => {
  const one = fc.tuple(
    fc.constantFrom(">=", "<=", "==", "!=", "~=", "<", ">", "=", "", "^"),
    fc.constantFrom("", " "),
    fc.constantFrom(
      "3",
      "3.9",
      "3.9.1",
      "3.*",
      "3.9.*",
      "3.9rc1",
      "3.9.dev1.*",
      "3.9+l",
      "x",
      "",
      "3.9+l.*",
    ),
  ).map((parts) => parts.join(""));
  const texts = fc.sample(fc.array(one, { maxLength: 3 }).map((parts) => parts.join(",")), {
    numRuns: 1000,
    seed: 440,
  });
  const judged = JSON.parse(
    await python(["-c", ORACLE], { input: JSON.stringify(texts) }),
  ) as boolean[];
  const differing = texts.filter((text, index) => isSpecifierSet(text) !== judged[index]);
  assert.deepEqual([...new Set(differing)], []);
});
