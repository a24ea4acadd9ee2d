import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/property.ts";
import type { LeftOut, Plan } from "../../src/core/model/plan.ts";
import { renderPlan } from "../../src/report/plan_table.ts";
import { hostileText } from "../support/hostile.ts";
import { planned, planOf, POLYGLOT } from "../support/plans.ts";
import { readRunnerLog } from "../support/runner.ts";

test("renderPlan() lists what ships, what stays, and the warnings", () => {
  assert.equal(
    renderPlan({ ...POLYGLOT, warnings: ["docs: no file matches docs/**"] }),
    `package    kind    version                why              tag
core       crates  1.2.0 → 1.3.0 (minor)  files changed    core-v1.3.0
wheel      pypi    0.4.0 → 0.4.1 (patch)  depends on core  wheel-v0.4.1
@demo/web  npm     0.1.0                  first release    @demo/web-v0.1.0
left out, already released at this commit: 1 package (tools)
left out, unchanged: 1 package (docs)
warning: docs: no file matches docs/**`,
  );
});

test("renderPlan() says why a package ships", () => {
  const cases: readonly (readonly [string, Partial<Parameters<typeof planned>[0]>, string])[] = [
    ["requested", { reason: "requested" }, "requested"],
    ["trailer", { reason: "trailer" }, "release trailer"],
    [
      "a planned dependency",
      { reason: "dependency", depends_on: ["x", "core"] },
      "depends on core",
    ],
    ["a released dependency", { reason: "dependency", depends_on: ["x"] }, "a dependency changed"],
  ];
  for (const [name, changes, expected] of cases) {
    const plan = planOf({
      packages: [planned({ name: "core" }), planned({ name: "it", ...changes })],
    });
    assert.ok(renderPlan(plan).split("\n")[2]!.includes(`  ${expected}  `), name);
  }
});

test("renderPlan() of an empty plan says why there is nothing to release", () => {
  const cases: readonly (readonly [string, readonly LeftOut["reason"][], string])[] = [
    ["no packages at all", [], "Nothing to release: no package changed since its last release"],
    ["unchanged", ["unchanged"], "Nothing to release: no package changed since its last release"],
    ["released", ["unchanged", "released"], "Nothing to release: this commit was released already"],
    ["skipped", ["skipped", "released"], "Nothing to release: the trailer says skip"],
    ["not requested", ["not-requested"], "Nothing to release: nothing was requested"],
  ];
  for (const [name, reasons, expected] of cases) {
    const plan = planOf({
      left_out: reasons.map((reason, at) => ({ name: `p${at}`, previous: null, reason })),
    });
    assert.equal(renderPlan(plan).split("\n")[0], expected, name);
  }
});

test("renderPlan() names a few packages that stay, and all of them when asked", () => {
  const names = Array.from({ length: 30 }, (_, at) => `p${at}`);
  const plan = planOf({
    left_out: names.map((name) => ({ name, previous: null, reason: "unchanged" })),
  });
  assert.equal(
    renderPlan(plan).split("\n")[1],
    "left out, unchanged: 30 packages (p0, p1, p2, p3, p4, p5, p6, p7 and 22 more)",
  );
  assert.ok(renderPlan(plan, { verbose: true }).endsWith(`(${names.join(", ")})`));
});

test("no name and no warning of a plan forges a line or a command", () => {
  fc.assert(fc.property(hostileText(), hostileText(), (name, warning) => {
    const plan: Plan = planOf({
      packages: [planned({ name, tag: name, version: name, previous: name })],
      left_out: [{ name, previous: null, reason: "unchanged" }],
      warnings: [warning],
    });
    const text = renderPlan(plan);
    assert.equal(text.split("\n").length, 4);
    assert.doesNotMatch(text.replaceAll("\n", ""), /\p{Cc}/u);
    assert.deepEqual(readRunnerLog(text), []);
  }));
});
