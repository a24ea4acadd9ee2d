import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { judgeAll } from "../../../src/core/doctor/doctor_document.ts";
import { CHECKS } from "../../../src/core/doctor/checks.ts";
import { doctorFacts } from "../../support/doctor_facts.ts";
import { SHAPES, workflowsOf } from "../../support/workflow_shapes.ts";

/** The workflow that builds what is delegated, as its comment in release.yml asks. */
const WHEELS = `on:
  workflow_call:
    inputs:
      matrix: { type: string, required: true }
permissions: {}
jobs:
  wheels:
    strategy:
      matrix:
        include: \${{ fromJSON(inputs.matrix) }}
    runs-on: \${{ matrix.runs_on }}
    permissions: { contents: read }
    steps:
      - run: npx --yes putitoutthere@0.1.0 set-version --row "$ROW"
        env:
          ROW: \${{ toJSON(matrix) }}
      - uses: actions/upload-artifact@0123456789012345678901234567890123456789
        with:
          name: \${{ matrix.artifact_name }}
          path: \${{ matrix.artifact_path }}
          if-no-files-found: error
          overwrite: true
`;

const HEAD = "[putitoutthere]\nversion = 1\n\n";

for (const shape of Object.keys(SHAPES)) {
  for (const cadence of ["immediate", "scheduled"] as const) {
    test(`${shape}, ${cadence}: what init writes passes doctor without a finding`, () => {
      const { release, check } = workflowsOf(shape, { cadence });
      const facts = doctorFacts({
        workflows: {
          "release.yml": release,
          "putitoutthere-check.yml": check,
          "wheels.yml": WHEELS,
        },
        ...(SHAPES[shape] === "" ? {} : { config: `${HEAD}${SHAPES[shape]}` }),
      });
      deepEqual(judgeAll(CHECKS, facts).flatMap(({ findings }) => findings), []);
    });
  }
}
