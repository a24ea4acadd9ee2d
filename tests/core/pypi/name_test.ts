import assert from "node:assert/strict";
import { test } from "node:test";
import {
  confusableName,
  fileNamePart,
  isProjectName,
  normaliseName,
} from "../../../src/core/pypi/name.ts";
import fc from "../../support/property.ts";

for (
  const [name, normal] of [
    ["Demo", "demo"],
    ["my.cool_pkg", "my-cool-pkg"],
    ["a--.__b", "a-b"],
    ["zope.interface", "zope-interface"],
  ] as const
) {
  test(`normaliseName() makes ${normal} of ${name}`, () => {
    assert.equal(normaliseName(name), normal);
    assert.equal(fileNamePart(name), normal.replaceAll("-", "_"));
  });
}

test("normaliseName() changes nothing the second time", () => {
  const letters = fc.string({ unit: fc.constantFrom(..."aZ09-_."), minLength: 1 });
  fc.assert(fc.property(letters, (name) => {
    const once = normaliseName(name);
    assert.equal(normaliseName(once), once);
    assert.equal(normaliseName(fileNamePart(name)), once);
  }));
});

test("isProjectName() wants letters or digits at both ends", () => {
  for (const name of ["a", "A1", "a.b-c_d", "0"]) assert.ok(isProjectName(name), name);
  for (const name of ["", "-a", "a.", "a b", "ä", "a/b", "_a"]) {
    assert.ok(!isProjectName(name), name);
  }
});

test("confusableName() is the same for names that look alike", () => {
  assert.equal(confusableName("Ill-o.0"), confusableName("1l1O0"));
  assert.notEqual(confusableName("demo"), confusableName("dem1"));
});
