import { KINDS } from "../../../src/registry/kinds.ts";
import { deepEqual, equal, throws } from "node:assert/strict";
import { test } from "node:test";
import { planWithoutGit } from "../../../src/core/plan/plan_without_git.ts";
import { plainPackage } from "../../support/plan_facts.ts";

const CONFIG = {
  cadence: "immediate",
  kinds: KINDS,
  packages: [
    plainPackage("core"),
    plainPackage("py", { dependsOn: ["core"] }),
    plainPackage("web", { dependsOn: ["py"] }),
  ],
} as const;

test("planWithoutGit() plans exactly what is spelled out", () => {
  const plan = planWithoutGit(CONFIG, [{ name: "web", version: "2.0.0" }, {
    name: "core",
    version: "1.4.0",
  }]);
  equal(plan.head, null);
  deepEqual(
    plan.packages.map((
      { name, version, previous, bump, tag, reason },
    ) => [name, version, previous, bump, tag, reason]),
    [
      ["core", "1.4.0", null, null, "core-v1.4.0", "requested"],
      ["web", "2.0.0", null, null, "web-v2.0.0", "requested"],
    ],
  );
  deepEqual(plan.left_out, [{ name: "py", previous: null, reason: "not-requested" }]);
  deepEqual(plan.warnings, ["core ships without what depends on it: py"]);
  deepEqual(plan.matrix.map(({ artifact_name }) => artifact_name), ["core-pkg", "web-pkg"]);
});

test("planWithoutGit() cannot plan what would take tags to know", () => {
  throws(() => planWithoutGit(CONFIG), { code: "PIOT_NOT_A_REPOSITORY" });
  for (const request of [{ name: "py" }, { name: "py", bump: "minor" }] as const) {
    throws(() => planWithoutGit(CONFIG, [request]), {
      code: "PIOT_NOT_A_REPOSITORY",
      message: "Cannot plan py: outside a git work tree there are no tags to count from",
    });
  }
});

test("planWithoutGit() tells everything that is wrong with the requests", () => {
  const requests = [{ name: "pi", version: "1.0.0" }, { name: "web" }];
  throws(() => planWithoutGit(CONFIG, requests), { code: "PIOT_SEVERAL_PROBLEMS", exitCode: 2 });
});

test("planWithoutGit() plans nothing for an empty list", () => {
  deepEqual(planWithoutGit(CONFIG, []).packages, []);
});
