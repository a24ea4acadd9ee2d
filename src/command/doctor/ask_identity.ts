/**
 * What GitHub says of the very job that doctor runs in, where it may ask: the claims that registries compare. The identity
 * token is for nobody: no registry takes its audience, and it is sent to none.
 *
 * @module
 */

import type { DoctorFacts } from "../../core/doctor/facts.ts";
import type { Finding } from "../../core/doctor/finding.ts";
import { declaredPolicies } from "../../core/doctor/trust/declared.ts";
import {
  claimPitfalls,
  type ClaimReading,
  decodeClaims,
  policyMismatches,
} from "../../core/release/identity_claims.ts";
import { Failure } from "../../error.ts";
import type { Host } from "../../host/host.ts";
import { requestIdentityToken } from "../../host/identity_token.ts";
import { CRATES_READING } from "../../registry/crates/exchange_refusal.ts";
import { NPM_READING } from "../../registry/npm/oidc_refusal.ts";
import { PYPI_READING } from "../../core/pypi/mint_answer.ts";

const CHECK = "identity-claims";
/** As each registry compares. */
const READINGS: Readonly<Record<string, ClaimReading>> = {
  crates: CRATES_READING,
  pypi: PYPI_READING,
  npm: NPM_READING,
};

const MEND = "Make the workflow, the declaration and the registry's entry the same";

/** Compares the claims with what is declared; nothing without an identity at hand. */
export async function askIdentity(
  { env, http }: Pick<Host, "env" | "http">,
  { facts, onSecret }: {
    readonly facts: DoctorFacts;
    readonly onSecret: (secret: string) => void;
  },
): Promise<readonly Finding[]> {
  const url = env.ACTIONS_ID_TOKEN_REQUEST_URL ?? "";
  const requestToken = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN?.trim() ?? "";
  if (url === "" || requestToken === "") return [];
  try {
    const source = { from: "github", url, requestToken } as const;
    const audience = "putitoutthere-doctor";
    const token = await requestIdentityToken(source, { http, audience, onSecret });
    const claims = decodeClaims(token);
    if (claims === undefined) return [unknown("GitHub's identity token cannot be read")];
    const mismatches = declaredPolicies(facts.config).flatMap(({ pkg, policy }) =>
      policyMismatches(claims, { policy, reading: READINGS[pkg.kind] ?? NPM_READING }).map((
        words,
      ) => `${pkg.name}: ${words}`)
    );
    return [...mismatches, ...claimPitfalls(claims)].map((message): Finding => ({
      check: CHECK,
      weight: "failed",
      message,
      mend: MEND,
    }));
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
    return [unknown(error.message)];
  }
}

function unknown(message: string): Finding {
  return { check: CHECK, weight: "unknown", message, mend: "Run again" };
}
