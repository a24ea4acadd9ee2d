/**
 * What a step of a workflow leaves behind: outputs for other jobs, the job's summary, and the whole plan as a file.
 *
 * @module
 */

import type { SealedHost } from "../host/seal_host.ts";
import { appendRunnerFile, writeRunnerTemp } from "../host/runner_file.ts";
import { outputEntries } from "../report/runner_protocol.ts";
import type { Plan } from "../core/model/plan.ts";
import { planSummary } from "../report/job_summary.ts";
import { planOutputs } from "../report/outputs.ts";

/** Writes outputs and summary where the runner asks for them; does nothing outside a workflow. */
export async function writeRunnerOutputs(
  host: Pick<SealedHost, "env" | "vault">,
  { outputs, summary }: {
    readonly outputs: Readonly<Record<string, string>>;
    readonly summary: string;
  },
): Promise<void> {
  // A delimiter that nobody can guess: see outputEntry().
  // One by one, since some of them are JSON.
  const redacted = Object.entries(outputs).map(([name, value]) =>
    [name, host.vault.redact(value)] as const
  );
  const text = outputEntries(Object.fromEntries(redacted), () => `piot_${crypto.randomUUID()}`);
  await appendRunnerFile(host, { file: "GITHUB_OUTPUT", text });
  await appendRunnerFile(host, { file: "GITHUB_STEP_SUMMARY", text: summary });
}

/**
 * Leaves a plan behind, as far as the runner says where. Outputs are bounded, so the whole plan goes to a file that the
 * job can upload. Throws `PIOT_OUTPUTS_TOO_LARGE` and `PIOT_RUNNER_FILE`.
 */
export async function leavePlan(
  host: Pick<SealedHost, "env" | "vault">,
  plan: Plan,
  { isBuilt }: { readonly isBuilt: boolean },
): Promise<void> {
  const { env } = host;
  const outputs = (env.GITHUB_OUTPUT ?? "") === "" ? {} : planOutputs(plan, { isBuilt });
  const plan_file = await writeRunnerTemp(host, {
    name: "putitoutthere-plan.json",
    text: `${JSON.stringify(plan, null, 2)}\n`,
  });
  await writeRunnerOutputs(host, {
    outputs: { ...outputs, ...(plan_file === undefined ? {} : { plan_file }) },
    // Before it is rendered: long texts are cut there.
    summary: planSummary({ ...plan, warnings: host.vault.clean(plan.warnings) }),
  });
}
