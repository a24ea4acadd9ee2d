/**
 * What to type into npm's form for a trusted publisher, field by field, for the job that an identity token tells of (npm's
 * docs, trusted publishers).
 *
 * @module
 */

import {
  type ClaimReading,
  type IdentityClaims,
  publisherOf,
} from "../../core/release/identity_claims.ts";

/** npm matches the file of the calling workflow, and an environment exactly (npm's docs, trusted publishers). */
export const NPM_READING: ClaimReading = {
  workflowClaim: "workflow_ref",
  isEnvironmentExact: true,
};

/** The fields of the form of this job's CI, in its order; undefined for a CI that is not known by its claims. */
export function publisherForm(claims: IdentityClaims): string | undefined {
  const found = publisherOf(claims, NPM_READING);
  if (found === undefined) return undefined;
  const environment = found.environment === undefined ? "empty" : `"${found.environment}"`;
  const last = `environment ${environment}, \`npm publish\` allowed`;
  if (claims["project_path"] !== undefined) {
    const [, namespace = "", project = ""] = /^(.*)\/([^/]*)$/.exec(found.repository) ?? [];
    // `gitlab.com/group/engine//ci/release.yml@refs/heads/main`: the path stands between the two slashes and the `@`.
    const path = /\/\/([^@]+)@/.exec(claims["ci_config_ref_uri"] ?? "")?.[1] ?? found.workflow;
    return `GitLab CI/CD, namespace "${namespace}", project name "${project}", ` +
      `top-level CI file path "${path}", ${last}`;
  }
  const [owner, ...rest] = found.repository.split("/");
  return `organization or user "${owner}", repository "${rest.join("/")}", ` +
    `workflow filename "${found.workflow}", ${last}`;
}
