/**
 * Runs of workflows, as far as publishing what one of them built needs to know whose work that is.
 *
 * @module
 */

import { call, type GitHubClient, unknownAnswer, unlessMissing } from "./github_api.ts";

/** A run of a workflow (GitHub, "Get a workflow run"). */
export interface WorkflowRun {
  /** The commit that it ran for. */
  readonly commit: string;
  /** The file of its workflow, from the root of the repository. */
  readonly path: string;
  /** What started it. */
  readonly event: string;
  /** `owner/name` of the repository that the commit is from: a fork's, where its pull request started the run. */
  readonly from: string | undefined;
}

/** Finds a run of the repository; undefined where there is none of this number. Throws a `PIOT_GITHUB_…` failure. */
export async function findRun(
  client: GitHubClient,
  number: number,
): Promise<WorkflowRun | undefined> {
  const { owner, repo } = client;
  const answer = await call(client, {
    what: `Cannot look for run ${number}`,
    needs: "actions: read",
    send: ({ actions }) => unlessMissing(actions.getWorkflowRun({ owner, repo, run_id: number })),
  });
  if (answer === undefined) return undefined;
  const { id, head_sha, path, event, head_repository } = answer.data as Partial<typeof answer.data>;
  const isWhole = typeof head_sha === "string" && typeof path === "string";
  if (id !== number || !isWhole || typeof event !== "string") {
    throw unknownAnswer(`to the question for run ${number} is about something else`);
  }
  // The path may carry the ref: `.github/workflows/release.yml@refs/heads/main`.
  return {
    commit: head_sha,
    path: path.split("@")[0]!,
    event,
    from: head_repository?.full_name,
  };
}
