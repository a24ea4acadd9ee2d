/**
 * A rehearsal as a job of GitHub Actions that registries trust: the job, and what they have on file about it.
 *
 * @module
 */

import { join } from "node:path";
import type { Package } from "../../core/model/package.ts";
import type { JobIdentity } from "../../rehearsal/identity/actions_job.ts";
import { type LocalRegistries, rehearsedKind } from "./kinds/kinds.ts";

/** Who the runs of a rehearsal are. */
export interface RehearsedJob {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** Undefined for a run on somebody's machine, which has no identity. */
  readonly job: JobIdentity | undefined;
  /** The packages for whose sake there is one, when nobody asked for it. */
  readonly becauseOf: readonly string[];
}

/**
 * Decides who the runs are: the trusted job that was asked for; else, where a package asks for proof that a job made it, a
 * job that nobody trusts.
 */
export async function decideJob(
  packages: readonly Package[],
  { root, isTrusted, ...known }: {
    /** The folder that the packages' paths start from, absolute. */
    readonly root: string;
    readonly isTrusted: boolean;
    /** The commit that is released. */
    readonly commit: string;
    readonly repository: string | undefined;
  },
): Promise<RehearsedJob> {
  const origins = await Promise.all(packages.map(async (pkg) => ({
    name: pkg.name,
    ...await rehearsedKind(pkg)?.originOf?.(join(root, pkg.path)),
  })));
  const asking = origins.flatMap(({ name, asksForProof }) => asksForProof ? [name] : []);
  const repository = known.repository ??
    origins.find((origin) => origin.repository !== undefined)?.repository ?? MADE_UP;
  const hasJob = isTrusted || asking.length > 0;
  return {
    repository,
    job: hasJob ? trustedJob(packages, { repository, commit: known.commit }) : undefined,
    becauseOf: isTrusted ? [] : asking,
  };
}

/** What a repository is called that nothing names. */
const MADE_UP = "rehearsal/repository";

/** The usual name of a workflow that releases. */
const WORKFLOW = "release.yml";

/** The job that the packages' trust policies describe: that of the first one which declares any and can be trusted so. */
function trustedJob(
  packages: readonly Package[],
  { repository, commit }: Required<Pick<JobIdentity, "repository" | "commit">>,
): JobIdentity {
  const policy = packages.find((pkg) =>
    rehearsedKind(pkg)?.knowsTrust === true && pkg.trustPolicy !== undefined
  )?.trustPolicy;
  return {
    repository: policy?.repository ?? repository,
    workflow: policy?.workflow ?? WORKFLOW,
    commit,
    ...(policy?.environment === undefined ? {} : { environment: policy.environment }),
  };
}

/** Approves every version that waits on any registry; gives their names. */
export function approveWaiting(registries: LocalRegistries): readonly string[] {
  return Object.values(registries).flatMap(({ trusts }) => trusts?.approveWaiting() ?? []);
}
