/**
 * Puts the past of a rehearsal onto the registries, and whom they have on file about it.
 *
 * @module
 */

import type { TrustPolicy } from "../../../core/model/package.ts";
import { someOf } from "../../../core/words/phrases.ts";
import type { JobIdentity } from "../../../rehearsal/identity/actions_job.ts";
import type { Event } from "../../../report/report.ts";
import { type LocalRegistries, localRegistryFor } from "../kinds/kinds.ts";
import type { Publisher, TrustPermission } from "../kinds/rehearsed_kind.ts";
import type { EarlierRelease } from "./earlier_release.ts";

/** What is put there. */
export interface HeldPast {
  readonly past: readonly EarlierRelease[];
  /** The job that the runs are, where registries trust one. */
  readonly job: JobIdentity | undefined;
  /** What they trust it with. */
  readonly permission: TrustPermission;
  readonly emit: (event: Event) => void;
}

/** Names in one sentence, at most. */
const MOST = 8;

/**
 * Holds every release. With a job, what each registry has on file is what the configuration at the last tag declares, and
 * the job itself where that declares nothing; what is new stays unknown to them: nobody is trusted to make that.
 */
export async function holdPast(
  registries: LocalRegistries,
  { past, job, permission, emit }: HeldPast,
): Promise<void> {
  if (past.length === 0) return;
  for (const earlier of past) {
    const registry = localRegistryFor(registries, earlier);
    const publisher = job && publisherOf(earlier.declared.trustPolicy, job);
    await registry?.hold(earlier, registry.trusts === undefined ? undefined : publisher);
    if (publisher !== undefined) registry?.trusts?.trust(earlier, { publisher, permission });
  }
  const last = new Map(past.map((earlier) => [earlier.name, earlier]));
  const names = [...last.values()].map(({ name, version }) => `${name} ${version}`);
  emit({
    type: "notice",
    message: `the registries hold what the tags tell of: ${someOf(names, MOST)}`,
  });
  if (job === undefined) return;
  for (const { name, tag, declared: { trustPolicy } } of last.values()) {
    const publisher = publisherOf(trustPolicy, job);
    if (isSame(publisher, job)) continue;
    const message =
      `the registry has on file for ${name} what the configuration at ${tag} declares, ${
        wordsOf(publisher)
      }, and this is ${
        wordsOf(job)
      }: where the registry tells them apart, change it there before a release`;
    emit({ type: "warning", message });
  }
}

function publisherOf(policy: TrustPolicy | undefined, job: JobIdentity): Publisher {
  const { repository, workflow, environment } = policy === undefined
    ? job
    : { repository: job.repository, ...policy };
  return { repository, workflow, ...(environment === undefined ? {} : { environment }) };
}

function isSame(publisher: Publisher, job: JobIdentity): boolean {
  const lower = (text: string | undefined): string => (text ?? "").toLowerCase();
  return lower(publisher.repository) === lower(job.repository) &&
    publisher.workflow === job.workflow && lower(publisher.environment) === lower(job.environment);
}

function wordsOf({ repository, workflow, environment }: Publisher): string {
  const where = environment === undefined ? "" : ` in environment ${environment}`;
  return `${workflow} of ${repository}${where}`;
}
