/**
 * What reads a repository, all of it for one commit: git processes that start when they are first asked.
 *
 * @module
 */

import { someOf } from "../../core/words/phrases.ts";
import { Failure } from "../../error.ts";
import type { Git } from "../../host/git.ts";
import { type CommitGraph, openCommitGraph } from "../../host/git_facts/commit_graph.ts";
import { type Objects, openObjects } from "../../host/git_facts/objects.ts";
import { type Repository, requireFolders } from "../../host/git_facts/repository.ts";
import { openTreeDiffs, type TreeDiffs } from "../../host/git_facts/tree_diffs.ts";

/** The readers of one repository. */
export interface Readers {
  readonly repository: Repository;
  readonly objects: Objects;
  readonly diffs: TreeDiffs;
  readonly graph: CommitGraph;
}

/** Opens them at the repository's commit. Throws `PIOT_TREELESS_CLONE`. */
export function openReaders(git: Git, repository: Repository): Readers {
  requireFolders(repository);
  const { head, boundary } = repository;
  const graph = openCommitGraph({ git, head, boundary });
  // Almost every plan asks for history, and git can read it meanwhile.
  graph.start();
  return { repository, objects: openObjects(git), diffs: openTreeDiffs(git), graph };
}

/** Ends every process behind them. */
export async function closeReaders({ objects, diffs, graph }: Readers): Promise<void> {
  await Promise.all([objects.stop(), diffs.stop(), graph.stop()]);
}

/** `PIOT_SHALLOW_CLONE`: what decides about some packages lies beyond the end of this clone's history. */
export function shallowClone(graph: CommitGraph, names: readonly string[]): Failure {
  const commits = graph.size() === 1 ? "1 commit" : `${graph.size()} commits`;
  return new Failure(
    "PIOT_SHALLOW_CLONE",
    `Cannot tell the last release of ${
      someOf(names, 5)
    }: this clone is shallow, with ${commits} of history`,
    {
      hint: "Set `fetch-depth: 0` on actions/checkout (with `filter: blob:none` for a large " +
        "repository); elsewhere run `git fetch --unshallow --tags`",
    },
  );
}
