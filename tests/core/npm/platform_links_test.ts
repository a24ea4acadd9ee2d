import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePackageJson } from "../../../src/core/npm/package_json.ts";
import { linkPlatforms, unlinkedPlatforms } from "../../../src/core/npm/platform_links.ts";

const FAMILY = {
  name: "b",
  version: "2.0.0",
  members: [{ name: "b-linux-x64-gnu", triple: "linux-x64-gnu" }],
};

test("linkPlatforms() replaces a table that is none", () => {
  const text = linkPlatforms('{"name":"b","optionalDependencies":null}', FAMILY);
  assert.equal(text, '{"name":"b","optionalDependencies":{"b-linux-x64-gnu":"2.0.0"}}');
});

test("unlinkedPlatforms() takes exact pins only", () => {
  const of = (range: string): number =>
    unlinkedPlatforms(
      parsePackageJson(JSON.stringify({ optionalDependencies: { "b-linux-x64-gnu": range } })),
      FAMILY,
    ).length;
  assert.deepEqual(["2.0.0", "^2.0.0", "1.0.0", "*"].map(of), [0, 1, 1, 1]);
});
