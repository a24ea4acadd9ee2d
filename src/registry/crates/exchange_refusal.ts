/**
 * Says why crates.io gave no token for an identity token: its words whole, since they tell what it has on file, with the
 * claims that it compared beside them.
 *
 * @module
 */

import {
  claimPitfalls,
  type ClaimReading,
  type IdentityClaims,
  printClaims,
  publisherOf,
} from "../../core/release/identity_claims.ts";
import { Failure } from "../../error.ts";
import { cratesAudience, type NoGrant } from "./trusted_exchange.ts";

/** crates.io matches the file of the calling workflow, and an environment only where one is on file. */
export const CRATES_READING: ClaimReading = {
  workflowClaim: "workflow_ref",
  isEnvironmentExact: false,
};

/** The failure of a refused exchange: `PIOT_OIDC_REFUSED`; `PIOT_REGISTRY_UNKNOWN` for an answer that is none. */
export function exchangeFailure(refused: NoGrant, api: string): Failure {
  const message = `Cannot publish crates by trusted publishing: ${tellExchange(refused)}`;
  if (isRefusal(refused)) {
    return new Failure("PIOT_OIDC_REFUSED", message, { hint: hintFor(refused, api) });
  }
  return new Failure("PIOT_REGISTRY_UNKNOWN", message, {
    hint: "Look at https://status.crates.io, then run again; nothing was written",
  });
}

/** What crates.io answered, with the claims where it is about them; a clause. */
export function tellExchange(refused: NoGrant): string {
  const { status, words, claims } = refused;
  const answer = `crates.io answers ${status} ${words}`;
  return isRefusal(refused) ? `${answer} (the identity token says ${printClaims(claims)})` : answer;
}

function isRefusal({ status, isOwn }: NoGrant): boolean {
  return isOwn && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function hintFor({ words, claims }: NoGrant, api: string): string {
  const known = KNOWN.find(([begin]) => words.startsWith(begin));
  if (known !== undefined) return known[1](api, claims);
  const pitfalls = claimPitfalls(claims).map((one) => `${one}; `).join("");
  return `${pitfalls}compare the claims with what the crate has on file, and ${
    registerHint(claims)
  }`;
}

type Hint = (api: string, claims: IdentityClaims) => string;

/** What crates.io's words begin with, and what is to be done (`exchange/mod.rs`). */
const KNOWN: readonly (readonly [string, Hint])[] = [
  [
    "Failed to decode JWT",
    (api) =>
      `The identity token has to be fresh, and made for the audience "${
        cratesAudience(api)
      }" alone (on GitLab \`aud\` under \`id_tokens\`)`,
  ],
  [
    "Unsupported JWT issuer",
    () =>
      "crates.io trusts jobs of github.com and gitlab.com alone: publish with a token in CARGO_REGISTRY_TOKEN",
  ],
  [
    "JWT has already been used",
    () =>
      "On GitLab each identity token is good for one exchange: run the job again for a fresh one",
  ],
  [
    "Trusted Publishing does not support the",
    () => "Start the workflow by `push`, `release` or `workflow_dispatch`",
  ],
  ["No Trusted Publishing config found", (_, claims) => sentence(registerHint(claims))],
];

/** What to type into crates.io's form for this job; a clause. */
export function registerHint(claims: IdentityClaims, crate = "CRATE"): string {
  const page = `https://crates.io/crates/${crate}/settings/new-trusted-publisher`;
  const job = publisherOf(claims, CRATES_READING);
  if (job === undefined) return `register the job as trusted publisher at ${page}`;
  const environment = job.environment === undefined ? "empty" : `"${job.environment}"`;
  return `register the trusted publisher at ${page}: repository "${job.repository}", workflow "${job.workflow}", environment ${environment}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
