import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { judgeAll } from "../../../src/core/doctor/doctor_document.ts";
import { CHECKS } from "../../../src/core/doctor/checks.ts";
import { doctorFacts } from "../../support/doctor_facts.ts";
import { SHAPES, workflowsOf } from "../../support/workflow_shapes.ts";

const HEAD = "[putitoutthere]\nversion = 1\n\n";

for (const shape of Object.keys(SHAPES)) {
  for (const cadence of ["immediate", "scheduled"] as const) {
    test(`${shape}, ${cadence}: what init writes passes doctor without a finding`, () => {
      const { release, check } = workflowsOf(shape, { cadence });
      const facts = doctorFacts({
        workflows: { "release.yml": release, "putitoutthere-check.yml": check },
        ...(SHAPES[shape] === "" ? {} : { config: `${HEAD}${SHAPES[shape]}` }),
      });
      deepEqual(judgeAll(CHECKS, facts).flatMap(({ findings }) => findings), []);
    });
  }
}
