import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import {
  followRequirement,
  satisfiesRequirement,
} from "../../../src/core/manifest/cargo_requirement.ts";

for (
  const [requirement, version, followed] of [
    ["1.2.3", "2.3.4", "2.3.4"],
    ["^1.2.3", "2.3.4", "^2.3.4"],
    ["1.2", "2.3.4", "2.3"],
    ["1", "2.3.4", "2"],
    ["=1.2.3", "2.3.4", "=2.3.4"],
    ["= 1.2.3", "2.3.4", "= 2.3.4"],
    ["~1.2", "2.3.4", "~2.3"],
    ["1.*", "2.3.4", "2.*"],
    ["1.2.*", "2.3.4", "2.3.*"],
    ["1.x.x", "2.3.4", "2.x.x"],
    [">=1, <2", "2.3.4", undefined],
    [">1.0", "2.3.4", undefined],
    ["1.2, <1.9", "2.3.4", undefined],
    ["*", "2.3.4", undefined],
    ["1.2", "2.0.0-rc.1", "2.0.0-rc.1"],
    ["^1", "2.0.0-rc.1", "^2.0.0-rc.1"],
    ["1.*", "2.0.0-rc.1", "2.0.0-rc.1"],
    ["1.0.0-alpha.2", "1.0.0", "1.0.0"],
    ["1.0.0-alpha+build", "1.0.0", "1.0.0"],
    ["1.2.3", "2.3.4+build.5", "2.3.4"],
  ] as const
) {
  test(`"${requirement}" follows ${version} as ${followed ?? "its author says"}`, () => {
    assert.equal(followRequirement(requirement, version), followed);
  });
}

for (
  const [requirement, version, satisfied] of [
    ["0.1", "0.1.9", true],
    ["0.1", "0.2.0", false],
    ["1", "1.9.0", true],
    ["=1.2.3", "1.2.4", false],
    ["~1.2", "1.2.9", true],
    ["1.*", "1.4.0", true],
    ["*", "7.0.0", true],
    [">=1, <2", "1.5.0", true],
    [">= 1.0, < 2.0", "2.0.0", false],
    ["1.2, <1.9", "1.9.1", false],
    ["1.0", "1.1.0-rc.1", false],
    ["1.1.0-rc.1", "1.1.0-rc.2", true],
    ["1.0.0", "1.0.0+build", true],
  ] as const
) {
  test(`${version} ${satisfied ? "satisfies" : "does not satisfy"} "${requirement}"`, () => {
    assert.equal(satisfiesRequirement(requirement, version), satisfied);
  });
}

test("a requirement that followed a version is always satisfied by it", () => {
  const number = fc.nat({ max: 30 });
  const version = fc.tuple(number, number, number, fc.constantFrom("", "-rc.1", "-alpha.2.b", "+x"))
    .map(([major, minor, patch, rest]) => `${major}.${minor}.${patch}${rest}`);
  const requirement = fc.tuple(
    fc.constantFrom("", "^", "~", "=", "= "),
    fc.constantFrom("1", "1.2", "1.2.3", "0.0.1-rc.1", "1.*", "1.2.*"),
  ).map(([operator, rest]) => rest.includes("*") ? rest : operator + rest);
  fc.assert(fc.property(requirement, version, (old, next) => {
    const followed = followRequirement(old, next);
    assert.ok(followed !== undefined && satisfiesRequirement(followed, next), `${followed}`);
    assert.equal(followRequirement(followed, next), followed);
  }));
});
