/**
 * The tags of a run, before anything is uploaded: a tag that stands elsewhere stops the run, and what may hinder the
 * others later is told now.
 *
 * @module
 */

import { combineFailures } from "../../error.ts";
import { openTagging, type Tagging } from "../../host/git_tags.ts";
import { hasWorkflowDrift } from "../../host/github.ts";
import type { Repository } from "./open_repository.ts";
import type { Run } from "./run.ts";

/**
 * Asks the remote for the tags of all planned packages. Undefined outside a git work tree, where nothing is tagged.
 * Throws `PIOT_TAG_ELSEWHERE`, and what the remote says when it cannot be read.
 */
export async function openTags(run: Run): Promise<Tagging | undefined> {
  const { repository, plan } = run;
  if (repository === undefined || plan.head === null) {
    run.emit({ type: "warning", message: "this is no git work tree: nothing will be tagged" });
    return undefined;
  }
  const tags = plan.packages.map((one) => one.tag);
  const tagging = await openTagging(repository.git, {
    ...{ commit: plan.head, env: run.host.env, tags },
    ...await apiOf(repository),
  });
  if (tagging.warning !== undefined) run.emit({ type: "warning", message: tagging.warning });
  await warnOfDrift(run, { repository, commit: plan.head });
  const conflicts = await tagging.conflicts(tags);
  if (conflicts.length > 0) throw combineFailures(conflicts);
  return tagging;
}

/** GitHub's API makes tags that it refuses to take from a push. */
async function apiOf(
  repository: Repository,
): Promise<Pick<Parameters<typeof openTagging>[1], "createByApi">> {
  const { github } = await repository.github();
  return github === undefined ? {} : { createByApi: github.createTag };
}

const DRIFT =
  "no branch has the workflow files of this commit: GitHub may refuse its tags to a token that may not write workflows";

async function warnOfDrift(
  run: Run,
  { repository, commit }: { readonly repository: Repository; readonly commit: string },
): Promise<void> {
  const { github } = await repository.github();
  if (github === undefined || !await hasWorkflowDrift(repository.git, { github, commit })) return;
  run.emit({ type: "warning", message: DRIFT });
}
