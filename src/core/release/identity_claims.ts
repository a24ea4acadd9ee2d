/**
 * What an identity token says of the job that asked for it, read for people: registries compare these claims with what
 * they have on file, and answer little more than "no".
 *
 * @module
 */

import { decodeJwt } from "jose/jwt/decode";
import type { TrustPolicy } from "../model/package.ts";

/** The claims of a token whose value is text; tokens of GitHub Actions have no others but times. */
export type IdentityClaims = Readonly<Record<string, string>>;

/**
 * Reads the claims of a JSON Web Token without verifying it, which is the registry's business (RFC 7519 §3). Undefined
 * when it is none.
 */
export function decodeClaims(jwt: string): IdentityClaims | undefined {
  try {
    const texts = Object.entries(decodeJwt(jwt)).filter(([, value]) => typeof value === "string");
    return Object.fromEntries(texts) as IdentityClaims;
  } catch {
    return undefined;
  }
}

/** The claims that registries compare or that explain a refusal: of GitHub Actions, of GitLab, of CircleCI. */
const WORTH_PRINTING = [
  ...["aud", "repository", "workflow_ref", "job_workflow_ref", "environment", "ref", "sub"],
  ...["repository_visibility", "runner_environment"],
  ...["project_path", "ci_config_ref_uri", "project_visibility"],
  ...["oidc.circleci.com/org-id", "oidc.circleci.com/project-id"],
  ...["oidc.circleci.com/pipeline-definition-id", "oidc.circleci.com/vcs-origin"],
];

/**
 * The claims in one line, for a refusal: `repository "ada/engine", workflow_ref "…", no environment`. Never the token.
 * `more` are names of claims that this registry compares besides.
 */
export function printClaims(claims: IdentityClaims, more: readonly string[] = []): string {
  const said = [...WORTH_PRINTING, ...more].flatMap((name) =>
    claims[name] === undefined ? [] : [`${name} ${JSON.stringify(claims[name])}`]
  );
  const mayHaveOne = (claims["repository"] ?? claims["project_path"]) !== undefined;
  const lacksOne = mayHaveOne && claims["environment"] === undefined;
  return [...said, ...(lacksOne ? ["no environment"] : [])].join(", ");
}

/** How a registry reads claims. */
export interface ClaimReading {
  /** The claim whose file name the registry compares: that of the calling workflow, or of the one that the job is in. */
  readonly workflowClaim: "workflow_ref" | "job_workflow_ref";
  /** Whether a job with an environment is refused when none is on file. */
  readonly isEnvironmentExact: boolean;
  /** Whether upper and lower case are the same to it in a repository and an environment; false by default. */
  readonly ignoresCase?: boolean;
}

/** What the registry should have on file for this job, in the words of its own form. */
export interface TrustedPublisher {
  /** `owner/name`. */
  readonly repository: string;
  /** The workflow's bare file name. */
  readonly workflow: string;
  readonly environment: string | undefined;
}

/** The publisher that these claims describe; undefined when they are of no CI that is known. */
export function publisherOf(
  claims: IdentityClaims,
  { workflowClaim }: ClaimReading,
): TrustedPublisher | undefined {
  const repository = claims["repository"] ?? claims["project_path"];
  const workflow = fileOfRef(claims[workflowClaim] ?? claims["ci_config_ref_uri"]);
  if (repository === undefined || workflow === undefined) return undefined;
  return { repository, workflow, environment: claims["environment"] };
}

/** `ada/engine/.github/workflows/release.yml@refs/heads/main` → `release.yml`. */
function fileOfRef(ref: string | undefined): string | undefined {
  return /([^/@]+)@/.exec(ref ?? "")?.[1];
}

/** Which claims do not fit the trust policy that is declared: one sentence each, without a full stop. */
export function policyMismatches(
  claims: IdentityClaims,
  { policy, reading }: { readonly policy: TrustPolicy; readonly reading: ClaimReading },
): readonly string[] {
  const found = publisherOf(claims, reading);
  if (found === undefined) return [];
  const { repository, workflow, environment } = policy;
  const differs = (declared: string, other: string | undefined): boolean =>
    reading.ignoresCase === true
      ? declared.toLowerCase() !== other?.toLowerCase()
      : declared !== other;
  const mismatches: readonly (string | false)[] = [
    repository !== undefined && differs(repository, found.repository) &&
    `the trust policy declares repository "${repository}", the job is of "${found.repository}"`,
    workflow !== found.workflow &&
    `the trust policy declares workflow "${workflow}", the job's is "${found.workflow}"`,
    environment !== undefined && differs(environment, found.environment) &&
    `the trust policy declares environment "${environment}", the job ${inEnvironment(found)}`,
    environment === undefined && found.environment !== undefined && reading.isEnvironmentExact &&
    `the trust policy declares no environment, the job ${inEnvironment(found)}`,
  ];
  return mismatches.filter((mismatch) => mismatch !== false);
}

function inEnvironment({ environment }: TrustedPublisher): string {
  return environment === undefined ? "has none" : `runs in "${environment}"`;
}

/** Sentences about what is known to make registries refuse such claims, without a full stop. */
export function claimPitfalls(claims: IdentityClaims): readonly string[] {
  const { workflow_ref: caller, job_workflow_ref: called, sub = "" } = claims;
  const pitfalls: string[] = [];
  if (caller !== undefined && called !== undefined && caller !== called) {
    pitfalls.push(
      `the job is in a reusable workflow (${JSON.stringify(called)}), called from ` +
        `${JSON.stringify(caller)}: publish from the calling workflow itself`,
    );
  }
  // Repositories made, renamed or moved after 2026-07-15 have ids in `sub` (GitHub's changelog, 2026-04-23).
  if (/^repo:[^/:]+@\d+\/[^/:]+@\d+:/.test(sub)) {
    pitfalls.push(
      `the token's sub has the form with ids (${JSON.stringify(sub)}), ` +
        "which registries may not recognise yet",
    );
  }
  return pitfalls;
}
