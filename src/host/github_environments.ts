/**
 * Environments of a repository, as far as who may deploy to them.
 *
 * @module
 */

import { call, type GitHubClient, unlessMissing } from "./github_api.ts";

/** An environment (GitHub, "Get an environment"). */
export interface Environment {
  /** Names and patterns of branches and tags that may be deployed from; undefined for any. */
  readonly branches: readonly string[] | undefined;
  /** Whether somebody has to agree. */
  readonly reviewed: boolean;
}

/** Reads an environment; undefined where there is none. Throws a `PIOT_GITHUB_…` failure. */
export async function findEnvironment(
  client: GitHubClient,
  name: string,
): Promise<Environment | undefined> {
  const { owner, repo } = client;
  const place = { owner, repo, environment_name: name };
  const what = `Cannot read the environment "${name}"`;
  const answer = await call(client, {
    what,
    send: ({ repos }) => unlessMissing(repos.getEnvironment(place)),
  });
  if (answer === undefined) return undefined;
  const { deployment_branch_policy: policy, protection_rules: rules = [] } = answer.data;
  const reviewed = rules.some(({ type }) => type === "required_reviewers");
  if (policy === null || policy === undefined) return { branches: undefined, reviewed };
  if (policy.protected_branches) return { branches: ["every protected branch"], reviewed };
  const listed = await call(client, {
    what,
    send: ({ repos }) => repos.listDeploymentBranchPolicies({ ...place, per_page: 100 }),
  });
  const { branch_policies: policies } = listed.data;
  return { branches: policies.flatMap(({ name }) => name ?? []), reviewed };
}
