/**
 * GitHub Releases for what was released: the commits that touched a package since its previous tag, why it ships, and
 * where to get it. Failing to make one is a warning, which a later run of the commit mends.
 *
 * @module
 */

import { whyPlanned } from "../../core/explain/why.ts";
import type { Plan } from "../../core/model/plan.ts";
import { compileGlobs } from "../../core/model/glob.ts";
import { isPrerelease } from "../../core/model/version.ts";
import { type NotesCommit, releaseNotes } from "../../core/release/release_notes.ts";
import { renderTag } from "../../core/release/tag.ts";
import { Failure, messageOf } from "../../error.ts";
import type { Git } from "../../host/git.ts";
import { type LoggedCommit, readLog } from "../../host/git_log.ts";
import type { GitHub } from "../../host/github.ts";
import type { Release } from "../../registry/registry.ts";
import type { Announcement, Outcome } from "../../report/outcome.ts";
import { planWithFacts } from "../plan.ts";
import { openLatestMark } from "./latest_mark.ts";
import type { PlannedWork } from "./plan_stage.ts";
import { refOf, releaseOf, type Repository, type Run, tellOutcome } from "./run.ts";

/** Makes sure that a release has its GitHub Release, where one is wanted, and tells. Throws no `Failure`. */
export type Announce = (release: Release) => Promise<Announcement>;

/** Gets ready to announce. Asks nobody anything yet; where there is no GitHub, announcing says why. */
export function openAnnouncing(run: Run, { git, github: find }: Repository): Announce {
  const logs: Logs = new Map();
  const isLatest = openLatestMark(run, git);
  return async (release) => {
    if (!release.package.githubRelease) {
      run.emit({ type: "github-release", release: refOf(release), done: "off" });
      return { state: "off" };
    }
    const { github, why } = await find();
    // On a laptop without a token nobody expects one; in Actions it is a missing permission.
    if (github === undefined) {
      return run.host.env.GITHUB_ACTIONS === "true"
        ? unannounced(run, release, why)
        : { state: "missing", why };
    }
    try {
      const story = await storyOf(run, release);
      const announced = await ensureRelease(run, release, {
        github,
        story,
        commits: await commitsOf(release, { git, logs, previous: story.previous }),
        isLatest: await isLatest(release),
      });
      const { state: done, url } = announced;
      run.emit({ type: "github-release", release: refOf(release), done, url });
      return announced;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return unannounced(run, release, messageOf(error));
    }
  };
}

/** Tells why there is none. */
export function unannounced(run: Pick<Run, "emit">, release: Release, why: string): Announcement {
  const message = `No GitHub Release for ${release.tag}: ${why}`;
  run.emit({ type: "warning", message, release: refOf(release) });
  return { state: "missing", why };
}

/** By the ref of the tag since which it goes, and its end: packages that were last released together share one log. */
type Logs = Map<string, Promise<readonly LoggedCommit[]>>;

/** Why a release was made, and which one came before it. */
interface Story {
  /** A phrase: `files changed`. */
  readonly why: string;
  readonly previous: string | null;
}

/** The plan tells it: of the commit that the release belongs to, as things stood before its tags. */
async function storyOf(run: Run, { package: { name }, version, commit }: Release): Promise<Story> {
  const isOlder = commit !== undefined && commit !== run.plan.head;
  const plan = isOlder ? await planOf(run, commit) : run.plan;
  const planned = plan?.packages.find((one) => one.name === name);
  if (plan !== undefined && planned?.version === version) {
    return { why: whyPlanned(planned, plan), previous: planned.previous };
  }
  // It was asked for by name then, which no history tells.
  const own = run.plan.packages.find((one) => one.name === name)!;
  return { why: "requested", previous: own.previous };
}

/** Undefined where that commit can be planned no more, by what this version of piot asks of a configuration. */
async function planOf(run: Run, commit: string): Promise<Plan | undefined> {
  return await run.replan({ at: commit, beforeRelease: true }).catch((error: unknown) => {
    if (error instanceof Failure) return undefined;
    throw error;
  });
}

async function commitsOf(
  release: Release,
  { git, logs, previous }: Pick<Story, "previous"> & { readonly git: Git; readonly logs: Logs },
): Promise<readonly NotesCommit[]> {
  const { commit } = release;
  if (previous === null || commit === undefined) return [];
  const since = `refs/tags/${renderTag(release.package, previous)}`;
  const log = logs.get(`${since} ${commit}`) ?? readLog(git, { since, until: commit });
  logs.set(`${since} ${commit}`, log);
  const matches = compileGlobs(release.package.paths);
  return (await log).filter(({ files }) => files.some(matches));
}

async function ensureRelease(
  run: Run,
  release: Release,
  { github, commits, story, isLatest }: {
    readonly github: GitHub;
    readonly commits: readonly NotesCommit[];
    readonly story: Story;
    readonly isLatest: boolean;
  },
): Promise<Extract<Announcement, { readonly url: string }>> {
  const { package: pkg, version, tag } = release;
  const { why, previous } = story;
  const { state, url } = await github.ensureRelease({
    tag,
    name: `${pkg.name} ${version}`,
    body: releaseNotes({
      name: pkg.name,
      version,
      why,
      registryUrl: run.pageOf(release),
      previousTag: previous === null ? null : renderTag(pkg, previous),
      tag,
      commits,
      repositoryUrl: `${
        run.host.env.GITHUB_SERVER_URL || "https://github.com"
      }/${github.repository}`,
    }),
    prerelease: isPrerelease(version),
    makeLatest: isLatest,
  });
  return state === "created" ? { state, url, isLatest } : { state: "kept", url };
}

/**
 * Announces what this commit released and nobody announced; gives an outcome for each that was missing. A release is
 * complete once its tag is pushed, so a plan leaves its package out, and only asking GitHub tells that an announcement
 * failed.
 */
export async function mendReleases(
  run: Run,
  { workspace, question }: Pick<PlannedWork, "workspace" | "question">,
): Promise<readonly Outcome[]> {
  const { repository } = run;
  const { signal } = run.host;
  // A plan that was given names everything to announce itself.
  if (
    signal.aborted || run.mode !== "release" || repository === undefined || question === undefined
  ) return [];
  const released = releasedBefore(run);
  if (released.size === 0) return [];
  // The plan of back then says why a package was released, which the notes tell.
  const plan = await planWithFacts(workspace, { ...question, beforeRelease: true })
    .then((planned) => planned.plan)
    .catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      // What this run did is done, and has to be told.
      const message = `Cannot look for GitHub Releases that are missing: ${messageOf(error)}`;
      run.emit({ type: "warning", message });
      return undefined;
    });
  if (plan === undefined) return [];
  const before = { ...run, plan };
  const announce = openAnnouncing(before, repository);
  const outcomes: Outcome[] = [];
  for (const planned of plan.packages) {
    if (signal.aborted) break;
    if (released.get(planned.name) !== planned.version) continue;
    const release = releaseOf(before, { planned, artifacts: [] });
    if (!release.package.githubRelease) continue;
    const githubRelease = await announce(release);
    if (githubRelease.state !== "created") continue;
    const made = ["GitHub Release"];
    outcomes.push(tellOutcome(run, release, { status: "healed", made, githubRelease }));
  }
  return outcomes;
}

/** What the plan leaves out because this commit released it: versions by name. */
function releasedBefore({ plan }: Run): ReadonlyMap<string, string | null> {
  const released = plan.left_out.filter(({ reason }) => reason === "released");
  return new Map(released.map(({ name, previous }) => [name, previous]));
}
