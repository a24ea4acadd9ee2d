/**
 * The doors to a repository that facts come through, all of them for one commit.
 *
 * @module
 */

import type { CommitGraph } from "../../host/git_facts/commit_graph.ts";
import type { Objects } from "../../host/git_facts/objects.ts";
import type { Repository } from "../../host/git_facts/repository.ts";
import type { TreeDiffs } from "../../host/git_facts/tree_diffs.ts";
import { Failure } from "../../error.ts";

/** The doors. */
export interface Doors {
  readonly repository: Repository;
  readonly objects: Objects;
  readonly diffs: TreeDiffs;
  readonly graph: CommitGraph;
}

/** `PIOT_SHALLOW_CLONE`: what decides about some packages lies beyond the end of this clone's history. */
export function shallowClone(graph: CommitGraph, names: readonly string[]): Failure {
  const shown = names.slice(0, 5).join(", ");
  const others = names.length > 5 ? ` and ${names.length - 5} more` : "";
  const commits = graph.size() === 1 ? "1 commit" : `${graph.size()} commits`;
  return new Failure(
    "PIOT_SHALLOW_CLONE",
    `Cannot tell the last release of ${shown}${others}: this clone is shallow, with ${commits} of history`,
    {
      hint: "Set `fetch-depth: 0` on actions/checkout (with `filter: blob:none` for a large " +
        "repository); elsewhere run `git fetch --unshallow --tags`",
    },
  );
}
