/**
 * What PyPI says to an identity token: a token for uploads, or why there is none (pypi/warehouse `oidc/views.py`,
 * `oidc/models/`).
 *
 * @module
 */

import type { TrustPolicy } from "../model/package.ts";
import {
  claimPitfalls,
  type ClaimReading,
  type IdentityClaims,
  policyMismatches,
  printClaims,
  publisherOf,
} from "../release/identity_claims.ts";

/**
 * PyPI compares the file of the workflow that the job is in, `job_workflow_ref`, takes a job with an environment where none
 * is on file, and knows no case in the names of repositories and environments.
 */
export const PYPI_READING: ClaimReading = {
  workflowClaim: "job_workflow_ref",
  isEnvironmentExact: false,
  ignoresCase: true,
};

/** What PyPI compares besides what every registry does. */
const COMPARED = ["repository_owner", "repository_owner_id", "event_name"];

/** One of the errors of a refusal. */
export interface MintError {
  readonly code: string;
  readonly description: string;
}

/** The errors in the answer to a request for a token; empty when it has none. */
export function readMintErrors(json: unknown): readonly MintError[] {
  const { errors } = (json ?? {}) as { errors?: unknown };
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: unknown) => {
    const { code, description } = (error ?? {}) as Partial<Record<keyof MintError, unknown>>;
    return typeof code === "string" ? [{ code, description: String(description ?? "") }] : [];
  });
}

/**
 * Codes after which a fresh identity token can have more luck: PyPI drops a pending publisher whose project is there while
 * it refuses it, and takes each identity token once.
 */
const PASSING = ["invalid-pending-publisher", "invalid-reuse-token"];

/** Whether every error is one that another identity token may not meet. */
export function isPassingRefusal(errors: readonly MintError[]): boolean {
  return errors.length > 0 && errors.every(({ code }) => PASSING.includes(code));
}

/** A refused request, and what is known of it. */
export interface RefusedMint {
  /** As the index knows it. */
  readonly project: string;
  readonly errors: readonly MintError[];
  readonly claims: IdentityClaims;
  /** What the index has on file by the configuration's word. */
  readonly policy: TrustPolicy | undefined;
  /** Whether the index has no such project, so that a publisher for it is a pending one. */
  readonly isNew: boolean;
  /** The index's website, without a slash at the end. */
  readonly site: string;
}

/** The refusal as a clause: PyPI's words, and the claims that they are about. */
export function tellMint({ errors, claims }: Pick<RefusedMint, "errors" | "claims">): string {
  const words = errors.map(({ code, description }) => `${code}: ${description}`).join("; ");
  return `PyPI answers "${words}" (the identity token says ${printClaims(claims, COMPARED)})`;
}

/** What to do about a refusal: which claim does not fit, what is known to be refused, what to have on file. */
export function mintHint(refused: RefusedMint): string {
  const { errors, claims, policy } = refused;
  const [known] = errors.flatMap(({ code }) => HINTS[code] ?? []);
  if (known !== undefined) return known;
  const misfits = policy === undefined
    ? []
    : policyMismatches(claims, { policy, reading: PYPI_READING });
  const clauses = [...misfits, ...claimPitfalls(claims), ...eventPitfalls(claims)];
  const sentences = [...clauses, publisherForm(refused)];
  return sentences.map((text) => `${text[0]!.toUpperCase()}${text.slice(1)}`).join(". ");
}

/** Hints for codes that are not about a publisher. */
const HINTS: Readonly<Record<string, string>> = {
  "not-enabled": "PyPI has switched trusted publishing off for this CI: check " +
    "https://status.python.org, and run again when it is on",
  "invalid-token":
    "PyPI does not believe the identity token: on GitLab let `id_tokens` give it the audience that the index names; " +
    "else run again",
  "invalid-reuse-token":
    "PyPI takes each identity token once: one that a variable holds cannot be renewed, so run the job again",
  "invalid-payload":
    "PyPI knows no publisher of the issuer that made the identity token, or cannot make the project of the pending " +
    "publisher: read its words, and https://docs.pypi.org/trusted-publishers/troubleshooting/",
};

function eventPitfalls(claims: IdentityClaims): readonly string[] {
  return claims["event_name"] === "pull_request_target"
    ? ["PyPI takes nothing from a workflow that pull_request_target started"]
    : [];
}

/** What to type into PyPI's form, and where it is. */
export function publisherForm(
  { project, claims, isNew, site }: Omit<RefusedMint, "errors" | "policy">,
): string {
  const page = isNew
    ? `${site}/manage/account/publishing/`
    : `${site}/manage/project/${project}/settings/publishing/`;
  const kind = isNew ? `a pending publisher for "${project}"` : "a publisher";
  const found = publisherOf(claims, PYPI_READING);
  const only = isNew
    ? "; PyPI keeps one pending publisher per repository, workflow and environment, so that new projects are " +
      "registered and released one after the other, or from environments of their own"
    : "";
  if (found === undefined) return `register ${kind} on ${page}${only}`;
  const [owner, ...rest] = found.repository.split("/");
  const environment = found.environment === undefined ? "empty" : `"${found.environment}"`;
  return `register ${kind} on ${page}: owner "${owner}", repository name "${rest.join("/")}", ` +
    `workflow name "${found.workflow}", environment name ${environment}${only}`;
}
