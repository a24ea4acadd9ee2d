import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import type { Bump } from "../../../src/core/model/plan.ts";
import {
  bumpVersion,
  compareVersions,
  highestFirst,
  isVersion,
  largerBump,
  lowestFirst,
  versionsBefore,
} from "../../../src/core/model/version.ts";

const BUMPED: readonly (readonly [from: string, bump: Bump, to: string])[] = [
  ["0.1.0", "patch", "0.1.1"],
  ["0.1.0", "minor", "0.2.0"],
  ["0.1.9", "major", "1.0.0"],
  ["1.0.0-rc.1", "patch", "1.0.0"],
  ["1.0.0-rc.1", "minor", "1.0.0"],
  ["1.0.0-rc.1", "major", "1.0.0"],
  ["1.2.3-beta", "patch", "1.2.3"],
  ["1.2.3-beta", "minor", "1.3.0"],
  ["1.2.0-beta", "major", "2.0.0"],
  ["1.2.3+build.5", "patch", "1.2.4"],
];

for (const [from, bump, to] of BUMPED) {
  test(`bumpVersion() makes ${to} of ${from} by ${bump}`, () => equal(bumpVersion(from, bump), to));
}

test("compareVersions() orders by precedence, and builds of one version by their text", () => {
  const ordered = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.0.0+b"];
  for (const [at, version] of ordered.entries()) {
    ordered.forEach((other, index) =>
      equal(compareVersions(version, other), Math.sign(at - index))
    );
  }
});

test("highestFirst() orders as compareVersions() does", () => {
  const number = fc.oneof(fc.nat({ max: 12 }), fc.constant(Number.MAX_SAFE_INTEGER));
  const version = fc.tuple(
    number,
    number,
    number,
    fc.constantFrom("", "", "-rc.1", "-rc.10", "-a", "+b"),
  )
    .map(([a, b, c, end]) => ({ version: `${a}.${b}.${c}${end}` }));
  fc.assert(fc.property(fc.array(version), (things) => {
    const expected = things.toSorted((a, b) => compareVersions(b.version, a.version));
    deepEqual(highestFirst(things), expected);
  }));
});

test("lowestFirst() orders as compareVersions() does, and puts what is no version in front", () => {
  const listed = ["2.0.0", "latest", "2.0.0-rc.10", "1.10.0", "1.0", "2.0.0-rc.9", "1.9.5"];
  const ordered = ["latest", "1.0", "1.9.5", "1.10.0", "2.0.0-rc.9", "2.0.0-rc.10", "2.0.0"];
  deepEqual(lowestFirst(listed), ordered);
});

test("isVersion() takes semver's own spelling only", () => {
  for (const version of ["0.0.0", "1.2.3-rc.1", "1.2.3+b.1", "1.2.3-0a+001"]) {
    equal(isVersion(version), true, version);
  }
  for (
    const text of ["v1.2.3", "=1.2.3", " 1.2.3", "1.2.3 ", "1.2", "01.2.3", "1.2.3-", "latest", ""]
  ) {
    equal(isVersion(text), false, text);
  }
});

test("largerBump() takes the larger whichever stands first", () => {
  equal(largerBump("patch", "major"), "major");
  equal(largerBump("major", "minor"), "major");
  equal(largerBump("patch", "patch"), "patch");
});

const BEFORE: readonly { name: string; version: string; held: string[]; before: string[] }[] = [
  { name: "nothing", version: "1.0.0", held: [], before: [] },
  { name: "only higher ones", version: "1.0.0", held: ["1.0.1", "2.0.0"], before: [] },
  {
    name: "its own number and texts that are no versions",
    version: "1.0.0",
    held: ["1.0.0", "latest", "0.9"],
    before: [],
  },
  {
    name: "a backport's own line, whatever stands above and whatever came last",
    version: "1.4.3",
    held: ["2.0.0", "1.4.2", "1.10.0", "1.4.10", "1.3.9"],
    before: ["1.4.2"],
  },
  {
    name: "a pre-release and the stable version below it",
    version: "2.0.0",
    held: ["1.9.0", "2.0.0-rc.10", "1.8.0", "2.0.0-rc.9"],
    before: ["2.0.0-rc.10", "1.9.0"],
  },
  {
    name: "pre-releases alone",
    version: "1.0.0",
    held: ["1.0.0-beta.1", "1.0.0-alpha.1"],
    before: ["1.0.0-beta.1"],
  },
  {
    name: "the version before a pre-release, which counts alone",
    version: "2.0.0-rc.2",
    held: ["1.9.0", "2.0.0-rc.1"],
    before: ["2.0.0-rc.1"],
  },
];

for (const { name, version, held, before } of BEFORE) {
  test(`versionsBefore() of ${version} finds ${name}`, () => {
    deepEqual(versionsBefore(version, held), before);
  });
}
