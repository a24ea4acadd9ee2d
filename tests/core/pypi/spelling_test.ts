import assert from "node:assert/strict";
import { test } from "node:test";
import compareSemver from "semver/functions/compare.js";
import { comparePep440, parsePep440 } from "../../../src/core/pypi/pep440.ts";
import {
  fileNamePart,
  isProjectName,
  normaliseName,
  pypiVersion,
  semverOfPypi,
} from "../../../src/core/pypi/spelling.ts";
import { Failure } from "../../../src/error.ts";
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

for (
  const [semver, expected] of [
    ["1.2.3", "1.2.3"],
    ["0.0.0", "0.0.0"],
    ["1.0.0-rc.1", "1.0.0rc1"],
    ["1.0.0-alpha.1", "1.0.0a1"],
    ["1.0.0-beta.20", "1.0.0b20"],
    ["10.20.30-rc.0", "10.20.30rc0"],
    ["2026.1.5", "2026.1.5"],
    ["1.0.0-rc.99999999999999999999", "1.0.0rc99999999999999999999"],
  ] as const
) {
  test(`pypiVersion() makes ${expected} of ${semver}`, () => {
    assert.equal(pypiVersion(semver), expected);
  });
}

for (
  const { semver, why } of [
    { semver: "1.0.0-beta", why: /number 0/ },
    { semver: "1.0.0-pre.2", why: /another spelling/ },
    { semver: "1.0.0-preview.2", why: /another spelling/ },
    { semver: "1.0.0-a.1", why: /another spelling/ },
    { semver: "1.0.0-rc1", why: /10 would stand before 9/ },
    { semver: "1.0.0-dev.4", why: /dev before alpha/ },
    { semver: "1.0.0-1", why: /post-release/ },
    { semver: "1.0.0-20240101", why: /post-release/ },
    { semver: "1.0.0-post.1", why: /post-release/ },
    { semver: "1.0.0-r.1", why: /post-release/ },
    { semver: "1.0.0-rev.1", why: /post-release/ },
    { semver: "1.0.0-next.3", why: /no such form/ },
    { semver: "1.0.0-canary.1", why: /no such form/ },
    { semver: "1.0.0-SNAPSHOT", why: /no such form/ },
    { semver: "1.0.0-alpha.beta", why: /no such form/ },
    { semver: "1.0.0-rc.1.2", why: /no such form/ },
    { semver: "1.0.0-0.3.7", why: /no such form/ },
    { semver: "1.0.0+build.5", why: /local versions/ },
    { semver: "1.0.0-rc.1+build.5", why: /local versions/ },
    { semver: "1.0", why: /no such form/ },
    { semver: "1.0.0-rc.01", why: /no such form/ },
    { semver: "v1.0.0", why: /no such form/ },
    { semver: "", why: /no such form/ },
  ]
) {
  test(`pypiVersion() refuses "${semver}" and says why`, () => {
    assert.throws(() => pypiVersion(semver), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_VERSION_UNMAPPABLE");
      assert.equal(error.exitCode, 2);
      assert.match(error.message, why);
      return true;
    });
  });
}

const part = fc.nat({ max: 12 });
const accepted = fc.tuple(
  fc.tuple(part, part, part),
  fc.option(fc.tuple(fc.constantFrom("alpha", "beta", "rc"), part)),
).map(([release, pre]) => release.join(".") + (pre === null ? "" : `-${pre.join(".")}`));

test("pypiVersion() keeps semver's order, and never makes one version of two", () => {
  fc.assert(
    fc.property(accepted, accepted, (left, right) => {
      const [mapped, other] = [parsePep440(pypiVersion(left))!, parsePep440(pypiVersion(right))!];
      assert.equal(Math.sign(comparePep440(mapped, other)), compareSemver(left, right));
    }),
    { numRuns: 2000 },
  );
});

test("a version that went to PyPI comes back as it was, and what never went comes back as none", () => {
  const part = fc.nat(99);
  const phase = fc.constantFrom("", "-alpha.", "-beta.", "-rc.");
  fc.assert(
    fc.property(part, part, part, phase, part, (major, minor, patch, word, number) => {
      const version = `${major}.${minor}.${patch}${word === "" ? "" : `${word}${number}`}`;
      assert.equal(semverOfPypi(pypiVersion(version)), version);
    }),
  );
  for (
    const odd of ["1.0", "1.0.0.post1", "1.0.0.dev1", "1!1.0.0", "1.0.0c1", "v1.0.0", "1.0.0rc01"]
  ) {
    assert.equal(semverOfPypi(odd), undefined, odd);
  }
});
