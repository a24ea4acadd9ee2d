/**
 * The steps of a build that write planned versions into manifests, so that what is built carries them.
 *
 * @module
 */

import { ACTIONS } from "./pinned_actions.ts";
import type { WorkflowBuilds, WorkflowSetup } from "./workflow_setup.ts";

/** Steps for every row: by the row itself, or by the whole plan for kinds whose packages are built with their siblings. */
export function versionSteps(
  { version, config }: WorkflowSetup,
  { needPlan }: WorkflowBuilds,
): readonly string[] {
  const command = `npx --yes putitoutthere@${version} set-version${
    config === undefined ? "" : ' --config "$PIOT_CONFIG"'
  }`;
  const whole = needPlan.map((kind) => `matrix.kind == '${kind}'`).join(" || ");
  const rest = needPlan.map((kind) => `matrix.kind != '${kind}'`).join(" && ");
  return [
    ...needPlan.length === 0
      ? []
      : [`# Packages that need one another are built at the versions of the whole plan.
- name: Fetch the plan
  if: ${whole}
  uses: ${ACTIONS.download}
  with:
    name: putitoutthere-plan
    path: \${{ runner.temp }}/plan
- name: Write the planned versions
  if: ${whole}
  shell: bash
  # Theirs alone: a manifest of another kind may lie in one of their folders, and is to stay the commit's.
  run: ${command} --plan "$RUNNER_TEMP/plan/putitoutthere-plan.json" --kind "$KIND"
  env:
    KIND: \${{ matrix.kind }}
`],
    `- name: Write the planned version
${rest === "" ? "" : `  if: ${rest}\n`}  shell: bash
  env:
    ROW: \${{ toJSON(matrix) }}
  run: ${command} --row "$ROW"
`,
  ];
}
