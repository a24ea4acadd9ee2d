import { test } from "node:test";
import assert from "node:assert/strict";
import { readPackument } from "../../../src/core/npm/packument.ts";

test("readPackument reads versions, tags and what was unpublished", () => {
  const packument = readPackument({
    name: "x",
    "dist-tags": { latest: "1.1.0", odd: 5 },
    time: { created: "2020", modified: "2021", "1.0.0": "2020", "1.0.1": "2020", "1.1.0": "2021" },
    versions: {
      "1.0.0": { dist: { shasum: "aa" } },
      "1.1.0": { gitHead: "c0ffee", dist: { shasum: "bb", integrity: "sha512-b" } },
    },
  }, "x");
  assert.deepEqual(packument, {
    versions: new Map([
      ["1.0.0", { integrity: undefined, shasum: "aa", gitHead: undefined, evidence: [], pins: [] }],
      ["1.1.0", { integrity: "sha512-b", shasum: "bb", gitHead: "c0ffee", evidence: [], pins: [] }],
    ]),
    distTags: { latest: "1.1.0" },
    unpublished: ["1.0.1"],
    unpublishedAt: undefined,
  });
});

test("readPackument reads a package that was unpublished as a whole", () => {
  const packument = readPackument({
    name: "x",
    time: { created: "2020", unpublished: { time: "2026-01-01T00:00:00Z", versions: ["1.0.0"] } },
  }, "x");
  assert.deepEqual(packument?.unpublished, ["1.0.0"]);
  assert.equal(packument?.unpublishedAt, "2026-01-01T00:00:00Z");
  assert.equal(packument?.versions.size, 0);
});

const NONE: readonly unknown[] = [
  ...[undefined, null, [], "text", 5, {}, { error: "Not found" }, { versions: [] }],
  { name: "y", versions: {} },
  { name: 5, versions: {} },
];

for (const json of NONE) {
  test(`readPackument takes ${JSON.stringify(json)} for no packument of x`, () => {
    assert.equal(readPackument(json, "x"), undefined);
  });
}

test("readPackument reads what is there of versions, tags and times that are malformed", () => {
  const packument = readPackument(
    { versions: { "1.0.0": null, "1.1.0": { dist: [] } }, "dist-tags": [], time: "today" },
    "x",
  );
  const blank = {
    integrity: undefined,
    shasum: undefined,
    gitHead: undefined,
    evidence: [],
    pins: [],
  };
  assert.deepEqual(packument, {
    versions: new Map([["1.0.0", blank], ["1.1.0", blank]]),
    distTags: {},
    unpublished: [],
    unpublishedAt: undefined,
  });
});

const NPM_USER = { name: "ada", email: "ada@example.com" };
const MARKS: readonly { name: string; manifest: unknown; evidence: readonly string[] }[] = [
  { name: "a user without marks", manifest: { _npmUser: NPM_USER }, evidence: [] },
  {
    name: "the name of the automation alone, which anybody could take",
    manifest: { _npmUser: { name: "GitHub Actions", email: "npm-oidc-no-reply@github.com" } },
    evidence: [],
  },
  {
    name: "a trusted publisher with provenance",
    manifest: {
      _npmUser: { ...NPM_USER, trustedPublisher: { id: "github", oidcConfigId: "oidc:1" } },
      dist: { attestations: { url: "u", provenance: { predicateType: "p" } } },
    },
    evidence: ["trusted-publisher", "provenance"],
  },
  {
    name: "the registry's own attestation without provenance",
    manifest: { dist: { attestations: { url: "u" } } },
    evidence: [],
  },
  {
    name: "an approval of what a trusted publisher staged",
    manifest: { _npmUser: { ...NPM_USER, approver: NPM_USER, trustedPublisher: { id: "gitlab" } } },
    evidence: ["approved", "trusted-publisher"],
  },
  {
    name: "marks that are malformed",
    manifest: { _npmUser: "ada", dist: { attestations: [] } },
    evidence: [],
  },
];

for (const { name, manifest, evidence } of MARKS) {
  test(`readPackument reads the evidence of a version: ${name}`, () => {
    const packument = readPackument({ name: "x", versions: { "1.0.0": manifest } }, "x");
    assert.deepEqual(packument?.versions.get("1.0.0")?.evidence, evidence);
  });
}

test("readPackument reads what a version asks for at exactly its own", () => {
  const optionalDependencies = { a: "1.0.0", b: "^1.0.0", c: "1.0.1", d: 1 };
  const packument = readPackument({
    name: "demo",
    versions: { "1.0.0": { version: "1.0.0", optionalDependencies } },
  }, "demo");
  assert.deepEqual(packument?.versions.get("1.0.0")?.pins, ["a"]);
});
