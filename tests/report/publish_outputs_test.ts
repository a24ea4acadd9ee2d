import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../src/report/outcome.ts";
import { publishOutputs } from "../../src/report/publish_outputs.ts";
import { ALL_OUTCOMES, CORE } from "../support/outcomes.ts";

test("publishOutputs() names the releases that this run made complete", () => {
  assert.deepEqual(publishOutputs(ALL_OUTCOMES), {
    released: "true",
    released_packages: JSON.stringify([
      {
        name: "core",
        version: "1.3.0",
        tag: "core-v1.3.0",
        registry_url: "https://crates.io/crates/core/1.3.0",
      },
      {
        name: "half",
        version: "1.3.0",
        tag: "core-v1.3.0",
        registry_url: "https://crates.io/crates/core/1.3.0",
      },
    ]),
  });
});

test("publishOutputs() counts nothing that an earlier run completed or that nobody published", () => {
  const others = ALL_OUTCOMES.filter(({ status }) => !["published", "healed"].includes(status));
  const cases: readonly (readonly [string, readonly Outcome[]])[] = [["all others", others], [
    "none",
    [],
  ]];
  for (const [name, outcomes] of cases) {
    assert.deepEqual(
      publishOutputs(outcomes),
      { released: "false", released_packages: "[]" },
      name,
    );
  }
});

test("publishOutputs() says null for the tag of a release outside a git work tree", () => {
  const { released_packages } = publishOutputs([{ ...CORE, tag: null, status: "published" }]);
  assert.equal(JSON.parse(released_packages)[0].tag, null);
});
