/**
 * A run from its plan to its end: whatever happens between, what was changed on this machine is put back.
 *
 * @module
 */

import type { Host } from "../../host/host.ts";
import type { RegistryKind } from "../../registry/registry_kind.ts";
import { recoverLoans } from "../recover_loans.ts";
import { type PlannedWork, planStage } from "./plan_stage.ts";
import type { PublishOptions, Run } from "./run.ts";
import { startRun } from "./start_run.ts";

/** What was asked for, of which kinds, and who hears of it. */
export type RunOptions = PublishOptions & Pick<Run, "emit"> & {
  readonly registryKinds: readonly RegistryKind[];
};

/** Plans, and gives the run to `use`. Throws what planning and starting throw. */
export async function withRun<T>(
  host: Host,
  options: RunOptions,
  use: (run: Run, work: PlannedWork) => Promise<T>,
): Promise<T> {
  // Whoever calls the library has not done it yet; manifests would be read as a killed run left them.
  await recoverLoans(host, options.emit);
  const work = await planStage(host, { ...options, kinds: options.registryKinds });
  const { run, end } = await startRun(host, work, options);
  try {
    return await use(run, work);
  } finally {
    await end();
  }
}
