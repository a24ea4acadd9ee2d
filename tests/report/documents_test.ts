import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeDocument } from "../../src/report/documents.ts";
import { ALL_OUTCOMES, COMMIT } from "../support/outcomes.ts";

test("outcomes become plain JSON", () => {
  const outcomes = ALL_OUTCOMES.map(outcomeDocument);
  assert.deepEqual(JSON.parse(JSON.stringify(outcomes)), outcomes);
  assert.deepEqual(outcomes.slice(0, 4), [
    {
      name: "core",
      kind: "crates",
      version: "1.3.0",
      tag: "core-v1.3.0",
      commit: COMMIT,
      registry_url: "https://crates.io/crates/core/1.3.0",
      status: "published",
    },
    {
      name: "old",
      kind: "crates",
      version: "1.3.0",
      tag: "core-v1.3.0",
      commit: COMMIT,
      registry_url: "https://crates.io/crates/core/1.3.0",
      status: "skipped",
    },
    {
      name: "half",
      kind: "crates",
      version: "1.3.0",
      tag: "core-v1.3.0",
      commit: COMMIT,
      registry_url: "https://crates.io/crates/core/1.3.0",
      status: "healed",
      made: ["tag half-v1.3.0", "GitHub Release"],
    },
    {
      name: "older",
      kind: "crates",
      version: "1.3.0",
      tag: "core-v1.3.0",
      commit: "a".repeat(40),
      registry_url: "https://crates.io/crates/core/1.3.0",
      status: "healed",
      made: ["tag older-v1.3.0"],
      ships_next: { version: "1.3.1", reason: "changed" },
    },
  ]);
  const details = outcomes.slice(4).map(({ approval, absent, failure, blocked_by, unseen, why }) =>
    approval ?? absent ?? failure ?? blocked_by ?? [unseen, why]
  );
  assert.deepEqual(details, [
    "waits for the approval of a maintainer of @demo/web",
    2,
    [["unseen-0.4.1.tar.gz"], "PyPI does not show it after 600 s"],
    {
      code: "PIOT_AUTH_REFUSED",
      message: "Cannot upload core-1.3.0.crate: 403 not an owner",
      hint: "Add the owner",
      problems: [{
        code: "PIOT_AUTH_REFUSED",
        message: "Cannot upload core-1.3.0.crate: 403 not an owner",
        hint: "Add the owner",
      }],
    },
    ["bad"],
    [],
  ]);
});
