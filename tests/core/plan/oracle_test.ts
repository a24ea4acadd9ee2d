/** The planner against another one, which was written from the description alone, over random histories. */

import { deepEqual, ok } from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { makePlan } from "../../../src/core/plan/make_plan.ts";
import { factsOfCase } from "../../support/oracle/memory_facts.ts";
import { naivePlan } from "../../support/oracle/naive_plan.ts";
import { planned } from "../../support/oracle/planned.ts";
import { drawCase } from "../../support/oracle/random_case.ts";

const FIRST = Number(process.env.PIOT_TEST_SEED ?? 1);
const BATCH = 250;

for (let batch = 0; batch < 8; batch++) {
  const from = FIRST + batch * BATCH;
  test(`makePlan() plans histories ${from} to ${from + BATCH - 1} as their description does`, () => {
    for (let seed = from; seed < from + BATCH; seed++) {
      const one = drawCase(seed);
      deepEqual(planned(() => makePlan(factsOfCase(one))), naivePlan(one), `seed ${seed}`);
    }
  });
}

test("the histories hold what there is to go wrong", () => {
  const counts = new Map<string, number>();
  const see = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  for (let seed = FIRST; seed < FIRST + 8 * BATCH; seed++) {
    const one = drawCase(seed);
    const outcome = naivePlan(one);
    if (one.repo.commits.get(one.repo.head)!.parents.length > 1) see("a merge at HEAD");
    if ("codes" in outcome) {
      for (const code of outcome.codes) see(code);
      continue;
    }
    for (const line of outcome.ships) see(line.replace(/.*: /, ""));
    for (const line of outcome.ships) see(line.replace(/.*\((\w+)\).*/, "$1"));
    for (const line of outcome.stays) see(line.replace(/.*: /, ""));
    for (const line of outcome.warnings) see(line.replace(/:.*/, ""));
  }
  for (const what of EXPECTED) ok((counts.get(what) ?? 0) >= 5, `${what}: ${counts.get(what)}`);
});

const EXPECTED: readonly string[] = [
  ...["a merge at HEAD", "requested", "trailer", "first-release", "changed", "dependency"],
  ...["lockstep", "group skipped", "PIOT_RELEASE_REQUEST_LOCKSTEP"],
  ...["released", "skipped", "unchanged", "not-requested", "patch", "minor", "major"],
  ...["astray", "glob", "stable", "left behind", "first", "below", "stranger", "outweighed"],
  ...["all skipped", "PIOT_TRAILER_INVALID", "PIOT_TRAILER_UNKNOWN_PACKAGE"],
  ...["PIOT_RELEASED_ELSEWHERE", "PIOT_TAG_ELSEWHERE", "PIOT_TAG_BLOCKED"],
  ...["PIOT_RELEASE_REQUEST_CONFLICT", "PIOT_RELEASE_REQUEST_INVALID"],
  ...["PIOT_RELEASE_REQUEST_UNKNOWN_PACKAGE", "PIOT_RELEASE_REQUEST_VERSION_TAKEN"],
];
