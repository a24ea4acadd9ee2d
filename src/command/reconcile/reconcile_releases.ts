/**
 * GitHub Releases that are missing for the newest tag of each package.
 *
 * @module
 */

import { rulesOf } from "../../core/model/kind.ts";
import type { Package } from "../../core/model/package.ts";
import type { Plan, PlannedPackage } from "../../core/model/plan.ts";
import { highestFirst } from "../../core/model/version.ts";
import { planPackage } from "../../core/plan/planned_package.ts";
import { renderTag } from "../../core/release/tag.ts";
import type { ReconciledRelease, ReconciledTag } from "../../core/status/reconcile_document.ts";
import { Failure } from "../../error.ts";
import type { GitHub } from "../../host/github.ts";
import type { Host } from "../../host/host.ts";
import { REGISTRY_KINDS } from "../../registry/kinds.ts";
import type { Announcement } from "../../report/outcome.ts";
import type { Event } from "../../report/report.ts";
import { openAnnouncing } from "../publish/announce.ts";
import { openRepository } from "../publish/open_repository.ts";
import { startRun } from "../publish/start_run.ts";
import type { ReadStatuses } from "../read_statuses.ts";

/** What is looked at, and who hears of it. */
export interface ReleasesContext {
  readonly host: Host;
  readonly read: ReadStatuses;
  readonly emit: (event: Event) => void;
  readonly dryRun: boolean;
}

/** A tag that should have a Release. */
interface Newest {
  readonly pkg: Package;
  readonly version: string;
  readonly tag: string;
  readonly commit: string;
  /** The release before it; null when there is none. */
  readonly previous: string | null;
}

/** Looks for each, and makes those that are missing. What GitHub refuses is told with the one that it is about. */
export async function reconcileReleases(
  tags: readonly ReconciledTag[],
  context: ReleasesContext,
): Promise<readonly ReconciledRelease[]> {
  const { host, read, dryRun } = context;
  const newest = newestTags(tags, read);
  if (newest.length === 0) return [];
  const { github, why } = await openRepository(host, read.workspace.git).github();
  if (github === undefined) {
    return newest.map(({ pkg: { name }, tag }) => ({ name, tag, state: "missing", why }));
  }
  return dryRun ? await lookFor(newest, { github, host }) : await announceAll(newest, context);
}

function newestTags(
  tags: readonly ReconciledTag[],
  { statuses, gathered: { facts: { config } } }: ReadStatuses,
): readonly Newest[] {
  return statuses.flatMap(({ package: pkg, last }) => {
    if (!pkg.githubRelease) return [];
    const rules = rulesOf(config.kinds, pkg);
    const written = tags.filter(({ name, state }) =>
      name === pkg.name && (state === "made" || state === "would-make")
    );
    const made = written.map(({ held, commit }) => ({
      version: rules.semver(held)!,
      commit: commit!,
    }));
    const known = last === undefined ? [] : [{ version: last.version, commit: last.tag.commit }];
    const [newest, before] = highestFirst([...made, ...known]);
    if (newest === undefined) return [];
    const { version } = newest;
    return [{ pkg, ...newest, tag: renderTag(pkg, version), previous: before?.version ?? null }];
  });
}

async function lookFor(
  newest: readonly Newest[],
  { github, host }: { readonly github: GitHub; readonly host: Host },
): Promise<readonly ReconciledRelease[]> {
  const found: ReconciledRelease[] = [];
  for (const { pkg: { name }, tag } of newest) {
    host.signal.throwIfAborted();
    try {
      const url = await github.findRelease(tag);
      found.push(
        url === undefined
          ? { name, tag, state: "would-create" }
          : { name, tag, state: "kept", url },
      );
    } catch (error) {
      if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
      found.push({ name, tag, state: "missing", why: error.message });
    }
  }
  return found;
}

/** As a run that released them would: the notes say what was known then. */
async function announceAll(
  newest: readonly Newest[],
  { host, read: { workspace, gathered }, emit }: ReleasesContext,
): Promise<readonly ReconciledRelease[]> {
  const { config: { packages, kinds }, head } = gathered.facts;
  const planned = newest.map(({ pkg, version, previous }): PlannedPackage =>
    planPackage({ pkg, rules: rulesOf(kinds, pkg) }, {
      ...{ version, previous, bump: null, reason: "requested" },
    })
  );
  const plan: Plan = {
    ...{ schema: 1, head: head.id, packages: planned, left_out: [], warnings: [], matrix: [] },
  };
  const work = { plan, packages, kinds, git: workspace.git, workspace, question: undefined };
  const { run, end } = await startRun(host, work, { emit, registryKinds: REGISTRY_KINDS });
  try {
    const announce = openAnnouncing(run, run.repository!);
    const announced: ReconciledRelease[] = [];
    for (const { pkg, version, tag, commit, previous } of newest) {
      host.signal.throwIfAborted();
      const release = { package: pkg, version, tag, previous, commit, artifacts: [] };
      const announcement = await announce(release);
      announced.push(...told(announcement, { name: pkg.name, tag }));
    }
    return announced;
  } finally {
    await end();
  }
}

function told(
  announcement: Announcement,
  about: Pick<ReconciledRelease, "name" | "tag">,
): readonly ReconciledRelease[] {
  switch (announcement.state) {
    case "off":
      return [];
    case "missing":
      return [{ ...about, state: "missing", why: announcement.why }];
    default:
      return [{ ...about, state: announcement.state, url: announcement.url }];
  }
}
