/**
 * A job of GitHub Actions: the claims of its identity token ("OpenID Connect reference"), and what it finds in its
 * environment about itself ("Default environment variables").
 *
 * @module
 */

/** What decides the claims of a job; everything else follows from it or has a fixed value. */
export interface JobIdentity {
  /** `owner/name`. */
  readonly repository: string;
  /** The bare file name of the workflow, such as `release.yml`. */
  readonly workflow: string;
  /** The GitHub environment of the job; without one there is no such claim. */
  readonly environment?: string;
  /** The full ref that the run is for; `refs/heads/main` by default. */
  readonly ref?: string;
  /** The commit that the run is for; 40 zeros by default. */
  readonly commit?: string;
  /** The event that started the run; `push` by default. */
  readonly event?: string;
  /** Claims that replace or join the others; undefined leaves one out. */
  readonly extra?: Readonly<Record<string, string | undefined>>;
}

/** The claims that describe the job. The standard ones (`iss`, `aud`, times, `jti`) are the issuer's own. */
export function actionsClaims(job: JobIdentity): Record<string, string> & { sub: string } {
  const { repository, workflow, environment, ref = "refs/heads/main", event = "push" } = job;
  const { commit = "0".repeat(40), extra = {} } = job;
  const workflowRef = `${repository}/.github/workflows/${workflow}@${ref}`;
  const owner = repository.split("/")[0]!;
  const claims: Record<string, string | undefined> = {
    sub: subjectOf({ repository, environment, ref, event }),
    actor: owner,
    actor_id: "1",
    base_ref: "",
    check_run_id: "1001",
    ...(environment === undefined ? {} : { environment }),
    event_name: event,
    head_ref: "",
    job_workflow_ref: workflowRef,
    job_workflow_sha: commit,
    ref,
    ref_protected: "false",
    ref_type: ref.startsWith("refs/tags/") ? "tag" : "branch",
    repository,
    repository_id: "74",
    repository_owner: owner,
    repository_owner_id: "65",
    repository_visibility: "public",
    run_attempt: "1",
    run_id: "10001",
    run_number: "10",
    runner_environment: "github-hosted",
    sha: commit,
    workflow: workflow.replace(/\.ya?ml$/, ""),
    workflow_ref: workflowRef,
    workflow_sha: commit,
    ...extra,
  };
  const present = Object.entries(claims).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Record<string, string> & { sub: string };
}

/** The default format of `sub`; a colon inside a value is `%3A`. */
function subjectOf(
  job: { repository: string; environment: string | undefined; ref: string; event: string },
): string {
  const plain = (value: string): string => value.replaceAll(":", "%3A");
  if (job.environment !== undefined) {
    return `repo:${job.repository}:environment:${plain(job.environment)}`;
  }
  if (job.event === "pull_request") return `repo:${job.repository}:pull_request`;
  return `repo:${job.repository}:ref:${plain(job.ref)}`;
}

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
