/**
 * A rehearsal as a job of GitHub Actions that npm trusts: the job, and what npm has on file about it.
 *
 * @module
 */

import type { Package } from "../../core/model/package.ts";
import type { Plan, PlannedPackage } from "../../core/model/plan.ts";
import { platformName } from "../../core/npm/platform_package.ts";
import type { JobIdentity } from "../../rehearsal/identity/actions_job.ts";
import { holdEarlierRelease } from "../../rehearsal/npm/earlier_release.ts";
import { approveStaged } from "../../rehearsal/npm/stage.ts";
import type { NpmState, TrustConfig } from "../../rehearsal/npm/state.ts";

/** The usual name of a workflow that releases. */
const WORKFLOW = "release.yml";

/** The job that the packages' trust policies describe: that of the first one on npm which declares any. */
export function trustedJob(packages: readonly Package[], repository: string): JobIdentity {
  const policy = packages.find(({ kind, trustPolicy }) =>
    kind === "npm" && trustPolicy !== undefined
  )
    ?.trustPolicy;
  return {
    repository: policy?.repository ?? repository,
    workflow: policy?.workflow ?? WORKFLOW,
    ...(policy?.environment === undefined ? {} : { environment: policy.environment }),
  };
}

/**
 * Has npm trust the job with every planned package that was released before, as far as the tags tell: that release is put
 * there too. Packages that are new stay unknown to npm, which trusts nobody to make them.
 */
export async function trustJob(
  npm: NpmState,
  { job, plan, permission }: {
    readonly job: JobIdentity;
    readonly plan: Plan;
    /** What the job may do: publish, or hand in for approval and nothing else. */
    readonly permission: TrustConfig["permissions"][number];
  },
): Promise<void> {
  const owner = ownerOn(npm);
  for (const planned of plan.packages) {
    const { previous: version } = planned;
    if (planned.kind !== "npm" || version === null) continue;
    for (const name of namesOf(planned)) {
      await holdEarlierRelease(npm, { name, version, owner });
      const { repository, workflow, environment } = job;
      npm.trust.set(name, {
        repository,
        workflow,
        ...(environment === undefined ? {} : { environment }),
        permissions: [permission],
      });
    }
  }
}

/** Approves every version that waits, as a maintainer would; gives their names. */
export function approveWaiting(npm: NpmState): readonly string[] {
  const waiting = [...npm.staged.values()];
  for (const staged of waiting) approveStaged(npm, staged, { user: ownerOn(npm) });
  return waiting.map(({ document: { name, version } }) => `${name}@${version}`);
}

/** The only user of a rehearsal. */
function ownerOn(npm: NpmState): string {
  return Object.values(npm.tokens)[0]?.user ?? "";
}

/** A package, and its platform packages where it is a family. */
function namesOf({ registry_name: name, artifacts }: PlannedPackage): readonly string[] {
  const triples = artifacts.map(({ target }) => target).filter((target) =>
    target !== "noarch" && target !== "main"
  );
  return [name, ...triples.map((triple) => platformName(name, triple))];
}
