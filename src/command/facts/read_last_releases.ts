/**
 * What the tags of a clone tell about the last releases before a plan that was given was made.
 *
 * @module
 */

import type { Config } from "../../core/model/config.ts";
import type { Plan } from "../../core/model/plan.ts";
import { releaseHistories } from "../../core/plan/last_release.ts";
import { Failure } from "../../error.ts";
import { openCommitGraph } from "../../host/git_facts/commit_graph.ts";
import { openObjects } from "../../host/git_facts/objects.ts";
import { listTags } from "../../host/git_facts/repository.ts";
import type { Workspace } from "../workspace.ts";
import { readTags, type TagReaders } from "./read_tags.ts";

/**
 * By package, the versions that may have been its last release: an earlier run of the plan, or of another one at this
 * commit, may have made tags since. Undefined for a clone whose history is cut.
 */
export async function readLastReleases(
  { git, repository }: Pick<Workspace, "git" | "repository">,
  { config, plan }: { readonly config: Config; readonly plan: Plan },
): Promise<ReadonlyMap<string, readonly (string | null)[]> | undefined> {
  const known = await repository();
  const graph = openCommitGraph({ git, head: known.head });
  const readers: TagReaders = { repository: known, graph, objects: openObjects(git) };
  const planned = new Set(plan.packages.map(({ tag }) => tag));
  try {
    const listed = await listTags(git);
    const histories: ReturnType<typeof releaseHistories>[] = [];
    for (const beforeRelease of [false, true]) {
      const source = { config, listed, requested: planned, beforeRelease };
      const { facts } = await readTags(readers, source);
      histories.push(releaseHistories({ config, head: { id: known.head }, tags: facts().tags }));
    }
    return new Map(config.packages.map(({ name }) => [
      name,
      [...new Set(histories.map((history) => history.get(name)!.last?.version ?? null))],
    ]));
  } catch (error) {
    if (error instanceof Failure && error.code === "PIOT_SHALLOW_CLONE") return undefined;
    throw error;
  } finally {
    await Promise.all([graph.stop(), readers.objects.stop()]);
  }
}
