/**
 * The tags of a run. Before anything is uploaded they are asked for: a release whose tag stands elsewhere is not begun,
 * and what may hinder the others later is told. Each is pushed as soon as its release is complete on its registry.
 *
 * @module
 */

import { tagMessage } from "../../core/release/tag.ts";
import { type EnsuredTag, openTagging, type Tagging } from "../../host/git_tags.ts";
import { hasWorkflowDrift } from "../../host/github.ts";
import type { Release } from "../../registry/registry.ts";
import { type Judged, refOf, type Repository, type Run } from "./run.ts";

/** Makes sure that a complete release has its tag, and tells; gives whether it had to be made. Throws `PIOT_TAG_…`. */
export type TagRelease = (release: Release) => Promise<boolean>;

/** The tags of a run. */
export interface RunTags {
  readonly tag: TagRelease;
  /** Refuses each release whose tag stands elsewhere than on its commit: that is its own trouble. */
  readonly refuseElsewhere: (judged: readonly Judged[]) => Promise<readonly Judged[]>;
}

/**
 * Asks the remote for the tags of all planned packages. Undefined outside a git work tree, where nothing is tagged.
 * Throws what the remote says when it cannot be read.
 */
export async function openTags(run: Run): Promise<RunTags | undefined> {
  const { repository, plan, host } = run;
  host.signal.throwIfAborted();
  if (repository === undefined || plan.head === null) {
    run.emit({ type: "warning", message: "this is no git work tree: nothing will be tagged" });
    return undefined;
  }
  const commit = plan.head;
  const tagging = await openTagging(repository.git, {
    ...{ env: host.env, tags: plan.packages.map(({ tag }) => tag) },
    ...await throughApi(repository),
  });
  if (tagging.warning !== undefined) run.emit({ type: "warning", message: tagging.warning });
  await warnOfDrift(run, { repository, commit });
  return {
    refuseElsewhere: async (judged) => {
      const older = judged.flatMap(({ release }) => release.commit ?? []);
      for (const other of new Set(older)) {
        if (other !== commit) await warnOfDrift(run, { repository, commit: other });
      }
      return await refuseElsewhere(tagging, { judged, head: commit });
    },
    tag: async (release) => {
      const { tag, version, package: { name } } = release;
      const message = tagMessage({ name, version });
      const { state } = await tagging.ensure(tag, { message, commit: release.commit ?? commit });
      run.emit({ type: "tag", release: refOf(release), tag, done: DONE[state] });
      return state !== "present";
    },
  };
}

async function refuseElsewhere(
  tagging: Tagging,
  { judged, head }: { readonly judged: readonly Judged[]; readonly head: string },
): Promise<readonly Judged[]> {
  const tags = new Map(judged.map(({ release: { tag, commit } }) => [tag, commit ?? head]));
  const conflicts = await tagging.conflicts(tags);
  return judged.map((ready) => {
    const failure = conflicts.get(ready.release.tag);
    if (failure === undefined || ready.verdict.to === "refuse") return ready;
    return { ...ready, verdict: { to: "refuse", failure } };
  });
}

const DONE: Readonly<Record<EnsuredTag["state"], "written" | "pushed" | "already-there">> = {
  created: "written",
  pushed: "pushed",
  present: "already-there",
};

/** GitHub's API makes tags that it refuses to take from a push. */
async function throughApi(
  repository: Repository,
): Promise<Pick<Parameters<typeof openTagging>[1], "createByApi">> {
  const { github } = await repository.github();
  return github === undefined ? {} : { createByApi: github.createTag };
}

const DRIFT = "GitHub may refuse its tags to a token that may not write workflows";

async function warnOfDrift(
  run: Run,
  { repository, commit }: { readonly repository: Repository; readonly commit: string },
): Promise<void> {
  const { github } = await repository.github();
  if (github === undefined || !await hasWorkflowDrift(repository.git, { github, commit })) return;
  const which = commit === run.plan.head ? "this commit" : commit;
  run.emit({ type: "warning", message: `no branch has the workflow files of ${which}: ${DRIFT}` });
}
