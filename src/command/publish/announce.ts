/**
 * GitHub Releases for what was released: the commits that touched a package since its previous tag, why it ships, and
 * where to get it.
 *
 * @module
 */

import { compileGlobs } from "../../core/model/glob.ts";
import type { PlannedPackage } from "../../core/model/plan.ts";
import { type NotesCommit, releaseNotes } from "../../core/release/release_notes.ts";
import { renderTag } from "../../core/release/tag.ts";
import { isPrerelease } from "../../core/model/version.ts";
import { whyPlanned } from "../../core/explain/why.ts";
import { Failure, messageOf } from "../../error.ts";
import type { Git } from "../../host/git.ts";
import { type LoggedCommit, readLog } from "../../host/git_log.ts";
import type { GitHub } from "../../host/github.ts";
import type { Release } from "../../registry/registry.ts";
import type { Announce } from "./conclude.ts";
import type { Repository } from "./open_repository.ts";
import type { Run } from "./run.ts";

/** Gets ready to announce. Asks nobody anything yet; where there is no GitHub, announcing says why. */
export function openAnnouncing(run: Run, { git, github: find }: Repository): Announce {
  const logs = new Map<string, Promise<readonly LoggedCommit[]>>();
  return async (release) => {
    const { github, why } = await find();
    // On a laptop without a token nobody expects one; in Actions it is a missing permission.
    if (github === undefined) {
      return { done: "not-made", why, isWarning: run.host.env.GITHUB_ACTIONS === "true" };
    }
    try {
      const commits = await commitsOf(release, { git, logs });
      return await make(run, release, { github, commits });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { done: "not-made", why: messageOf(error), isWarning: true };
    }
  };
}

/** Packages that were last released together share one log. */
async function commitsOf(
  release: Release,
  { git, logs }: {
    readonly git: Git;
    readonly logs: Map<string, Promise<readonly LoggedCommit[]>>;
  },
): Promise<readonly NotesCommit[]> {
  const { previous, commit } = release;
  if (previous === null || commit === undefined) return [];
  const since = `refs/tags/${renderTag(release.package, previous)}`;
  const log = logs.get(since) ?? readLog(git, { since, until: commit });
  logs.set(since, log);
  const matches = compileGlobs(release.package.paths);
  return (await log).filter((one) => one.files.some(matches));
}

async function make(
  run: Run,
  release: Release,
  parts: {
    readonly github: GitHub;
    readonly commits: readonly NotesCommit[];
  },
): ReturnType<Announce> {
  const { github, commits } = parts;
  const planned = run.plan.packages.find((one) => one.name === release.package.name)!;
  const body = releaseNotes({
    name: release.package.name,
    version: release.version,
    why: whyPlanned(planned, run.plan),
    registryUrl: run.pageOf(release),
    previousTag: previousTag(release, planned),
    tag: release.tag,
    commits,
    repositoryUrl: `${run.host.env.GITHUB_SERVER_URL || "https://github.com"}/${github.repository}`,
  });
  const standing = await github.ensureRelease({
    tag: release.tag,
    name: `${release.package.name} ${release.version}`,
    body,
    prerelease: isPrerelease(release.version),
    makeLatest: isLatest(run, release),
  });
  return { done: standing.state === "created" ? "created" : "kept", url: standing.url };
}

function previousTag(release: Release, { previous }: PlannedPackage): string | null {
  return previous === null ? null : renderTag(release.package, previous);
}

/** Of many packages none is *the* latest, so only a repository with a single package marks its release. */
function isLatest(run: Run, release: Release): boolean {
  return run.packages.length === 1 && !isPrerelease(release.version);
}
