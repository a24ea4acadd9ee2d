/**
 * What `plan` leaves behind in a workflow: outputs, the job's summary, and the whole plan as a file.
 *
 * @module
 */

import type { Plan } from "../core/model/plan.ts";
import type { Host } from "../host/host.ts";
import { writeRunnerTemp } from "../host/runner_file.ts";
import { planSummary } from "../report/job_summary.ts";
import { planOutputs } from "../report/outputs.ts";
import { writeRunnerOutputs } from "./runner_outputs.ts";

/**
 * Leaves a plan behind, as far as the runner says where. Outputs are bounded, so the whole plan goes to a file that the
 * job can upload. Throws `PIOT_OUTPUTS_TOO_LARGE` and `PIOT_RUNNER_FILE`.
 */
export async function leavePlan(host: Pick<Host, "env">, plan: Plan): Promise<void> {
  const { env } = host;
  const outputs = (env.GITHUB_OUTPUT ?? "") === "" ? {} : planOutputs(plan);
  const plan_file = await writeRunnerTemp(env, {
    name: "putitoutthere-plan.json",
    text: `${JSON.stringify(plan, null, 2)}\n`,
  });
  await writeRunnerOutputs(host, {
    outputs: { ...outputs, ...(plan_file === undefined ? {} : { plan_file }) },
    summary: planSummary(plan),
  });
}
