/**
 * What a step of a workflow leaves behind: outputs for other jobs, and the job's summary.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import { appendRunnerFile } from "../host/runner_file.ts";
import { outputEntries } from "../report/runner_protocol.ts";

/** Writes outputs and summary where the runner asks for them; does nothing outside a workflow. */
export async function writeRunnerOutputs(
  { env }: Pick<Host, "env">,
  parts: { readonly outputs: Readonly<Record<string, string>>; readonly summary: string },
): Promise<void> {
  // A delimiter that nobody can guess: see outputEntry().
  const text = outputEntries(parts.outputs, () => `piot_${crypto.randomUUID()}`);
  await appendRunnerFile(env, { file: "GITHUB_OUTPUT", text });
  await appendRunnerFile(env, { file: "GITHUB_STEP_SUMMARY", text: parts.summary });
}
