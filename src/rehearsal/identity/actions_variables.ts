/**
 * What a job of GitHub Actions finds in its environment about itself ("Default environment variables"), as far as provenance
 * is made of it.
 *
 * @module
 */

import { actionsClaims, type JobIdentity } from "./actions_claims.ts";

/** The variables of a job: the same facts as the claims of its identity token. */
export function actionsVariables(job: JobIdentity): Readonly<Record<string, string>> {
  const claims = actionsClaims(job);
  const claim = (name: string): string => claims[name] ?? "";
  return {
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: claim("repository"),
    GITHUB_REPOSITORY_ID: claim("repository_id"),
    GITHUB_REPOSITORY_OWNER_ID: claim("repository_owner_id"),
    GITHUB_WORKFLOW_REF: claim("workflow_ref"),
    GITHUB_EVENT_NAME: claim("event_name"),
    GITHUB_REF: claim("ref"),
    GITHUB_SHA: claim("sha"),
    GITHUB_RUN_ID: claim("run_id"),
    GITHUB_RUN_ATTEMPT: claim("run_attempt"),
    RUNNER_ENVIRONMENT: claim("runner_environment"),
  };
}
