/**
 * Says why npm gave no credential for an identity token. Its own answer is one sentence for every reason there is, so what
 * is known of the job is put beside it.
 *
 * @module
 */

import {
  claimPitfalls,
  type ClaimReading,
  type IdentityClaims,
  policyMismatches,
  printClaims,
  publisherOf,
  type TrustedPublisher,
} from "../../core/identity_claims.ts";
import type { TrustPolicy } from "../../core/package.ts";
import { Failure } from "../../error.ts";
import type { Reply } from "./reply.ts";
import { settingsPage } from "./site.ts";

/** npm matches the file of the calling workflow, and an environment exactly (npm's docs, trusted publishers). */
export const NPM_READING: ClaimReading = {
  workflowClaim: "workflow_ref",
  isEnvironmentExact: true,
};

/** What is known when an exchange was refused. */
export interface RefusedExchange {
  readonly name: string;
  readonly reply: Reply;
  readonly claims: IdentityClaims;
  /** What the registry has on file by the configuration's word. */
  readonly policy: TrustPolicy | undefined;
  /** Whether npm shows no version of this package. */
  readonly isNew: boolean;
  /** The registry, without a slash at the end. */
  readonly registry: string;
}

/**
 * The failure for a refused exchange: `PIOT_OIDC_REFUSED`, `PIOT_REGISTRY_BUSY` for a rate limit, and
 * `PIOT_REGISTRY_UNKNOWN` for an answer that is none.
 */
export function exchangeFailure(refused: RefusedExchange): Failure {
  const { name, reply, claims } = refused;
  const head =
    `Cannot publish "${name}" by trusted publishing: npm answers ${reply.status} ${reply.words}`;
  if (reply.status === 429) {
    const wait = reply.headers.get("retry-after");
    const asked = wait === null ? "" : ` (retry-after: ${wait.slice(0, 40)})`;
    const hint = "npm's rate limit: wait, then run again";
    return new Failure("PIOT_REGISTRY_BUSY", `${head}${asked}`, { hint });
  }
  if (reply.status < 400 || reply.status >= 500 || reply.status === 408) {
    const hint = "Check npm's status page and run again; nothing was written";
    return new Failure("PIOT_REGISTRY_UNKNOWN", head, { hint });
  }
  const said = printClaims(claims);
  return new Failure("PIOT_OIDC_REFUSED", `${head} (the identity token says ${said})`, {
    hint: hintFor(refused),
  });
}

function hintFor(refused: RefusedExchange): string {
  const { claims, policy, isNew, name, registry } = refused;
  const found = publisherOf(claims, NPM_READING);
  const register = found === undefined
    ? `register a trusted publisher at ${settingsPage(name, registry)}`
    : `at ${settingsPage(name, registry)} register the trusted publisher: ${form(found)}`;
  // Without the package there is nothing that a trusted publisher could be registered for (npm/cli#8544).
  if (isNew) {
    return `npm shows no package of this name, and trusts nobody to make one: publish it once with ` +
      `a granular access token (read and write, bypass 2FA) in NODE_AUTH_TOKEN, then ${register}`;
  }
  const mismatches = policy === undefined
    ? []
    : policyMismatches(claims, { policy, reading: NPM_READING });
  const causes = [...mismatches, ...claimPitfalls(claims)];
  const known = causes.length === 0 ? "" : `${sentence(causes.join("; "))}. `;
  return `${known}${sentence(register)}; upper and lower case count`;
}

/** The fields of npm's form, in its order. */
function form({ repository, workflow, environment }: TrustedPublisher): string {
  const [owner, ...rest] = repository.split("/");
  return `organization or user "${owner}", repository "${rest.join("/")}", workflow filename ` +
    `"${workflow}", environment ${environment === undefined ? "empty" : `"${environment}"`}, ` +
    "`npm publish` allowed";
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
