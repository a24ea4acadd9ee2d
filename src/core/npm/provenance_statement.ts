/**
 * What npm provenance states: this tarball was made by that run of that workflow, from that commit (SLSA provenance 1.0
 * for GitHub Actions, field by field as npm's own client writes it: libnpmpublish lib/provenance.js).
 *
 * @module
 */

/** The tarball that is spoken about. */
export interface ProvenanceSubject {
  /** The package's name on npm. */
  readonly name: string;
  readonly version: string;
  /** `sha512-` and base64, as `dist.integrity` has it. */
  readonly integrity: string;
}

/** The variables of a job that the statement is made of; GitHub sets every one of them. */
export const PROVENANCE_VARIABLES: readonly string[] = [
  ...["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_REPOSITORY_ID"],
  ...["GITHUB_REPOSITORY_OWNER_ID", "GITHUB_WORKFLOW_REF", "GITHUB_EVENT_NAME", "GITHUB_REF"],
  ...["GITHUB_SHA", "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "RUNNER_ENVIRONMENT"],
];

/** The media type of a statement inside its envelope. */
export const STATEMENT_TYPE = "application/vnd.in-toto+json";

/** The statement as a JSON document. `env` has every one of {@link PROVENANCE_VARIABLES}. */
export function provenanceStatement(
  subject: ProvenanceSubject,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const repository = `${env["GITHUB_SERVER_URL"]}/${env["GITHUB_REPOSITORY"]}`;
  const run = `actions/runs/${env["GITHUB_RUN_ID"]}/attempts/${env["GITHUB_RUN_ATTEMPT"]}`;
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: purlOf(subject), digest: { sha512: hexDigest(subject.integrity) } }],
    predicateType: SLSA_PROVENANCE,
    predicate: {
      buildDefinition: {
        buildType: "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
        externalParameters: { workflow: workflowOf(env, repository) },
        internalParameters: {
          github: {
            event_name: env["GITHUB_EVENT_NAME"],
            repository_id: env["GITHUB_REPOSITORY_ID"],
            repository_owner_id: env["GITHUB_REPOSITORY_OWNER_ID"],
          },
        },
        resolvedDependencies: [{
          uri: `git+${repository}@${env["GITHUB_REF"]}`,
          digest: { gitCommit: env["GITHUB_SHA"] },
        }],
      },
      runDetails: {
        builder: { id: `https://github.com/actions/runner/${env["RUNNER_ENVIRONMENT"]}` },
        metadata: { invocationId: `${repository}/${run}` },
      },
    },
  };
}

/** The kind of statement: SLSA provenance 1.0. */
const SLSA_PROVENANCE = "https://slsa.dev/provenance/v1";

/** `ada/engine/.github/workflows/release.yml@refs/heads/main`, without the repository, cut at its first `@`. */
function workflowOf(
  env: Readonly<Record<string, string | undefined>>,
  repository: string,
): Record<string, string> {
  const inner = (env["GITHUB_WORKFLOW_REF"] ?? "").replace(`${env["GITHUB_REPOSITORY"]}/`, "");
  const at = inner.indexOf("@");
  return { ref: inner.slice(at + 1), repository, path: inner.slice(0, at) };
}

/** The package URL: of a scope only the `@` is escaped (npm-package-arg, toPurl): `pkg:npm/%40acme/demo@1.0.0`. */
export function purlOf({ name, version }: Pick<ProvenanceSubject, "name" | "version">): string {
  return `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
}

/** `sha512-` and base64 as lower-case hex. */
function hexDigest(integrity: string): string {
  const bytes = atob(integrity.replace(/^sha512-/, ""));
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}
