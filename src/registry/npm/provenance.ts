/**
 * Provenance of one tarball: a signed statement about the job that publishes it, sent along with it.
 *
 * @module
 */

import { provenanceStatement, STATEMENT_TYPE } from "../../core/npm/provenance_statement.ts";
import { Failure } from "../../error.ts";
import type { Host } from "../../host/host.ts";
import { findIdentity, requestIdentityToken, whyNoIdentity } from "../../host/identity_token.ts";
import type { Endpoints } from "../endpoints.ts";
import type { NpmUnit } from "./publish_unit.ts";
import type { SignedBundle } from "./sign.ts";

/** The variable that holds a ready identity token for Sigstore, where a CI sets one. */
export const SIGSTORE_VARIABLE = "SIGSTORE_ID_TOKEN";

/** What signing needs. */
export interface ProvenanceContext {
  readonly host: Pick<Host, "http" | "env" | "clock" | "signal">;
  readonly endpoints: Pick<Endpoints, "fulcio" | "rekor">;
  /** Hears of the identity token before anybody else. */
  readonly onSecret: (secret: string) => void;
}

/**
 * Signs the provenance of a unit. Whether it may be signed was decided before, see `decideProvenance`. Throws
 * `PIOT_PROVENANCE_SIGNING`, `PIOT_PROVENANCE_IDENTITY`, `PIOT_OIDC_UNAVAILABLE` and `PIOT_NETWORK`.
 */
export async function signProvenance(
  unit: NpmUnit,
  { host, endpoints, onSecret }: ProvenanceContext,
): Promise<SignedBundle> {
  const { http, env, clock, signal } = host;
  const source = findIdentity(env, SIGSTORE_VARIABLE);
  if (source === undefined) {
    throw new Failure(
      "PIOT_PROVENANCE_IDENTITY",
      `Cannot sign the provenance of "${unit.name}": ${whyNoIdentity(env, SIGSTORE_VARIABLE)}`,
      { hint: "Give the publish job an identity token for Sigstore" },
    );
  }
  const { signStatement } = await import("./sign.ts");
  const text = JSON.stringify(provenanceStatement(unit, env));
  return await signStatement({ type: STATEMENT_TYPE, text }, {
    ...endpoints,
    http,
    clock,
    signal,
    identityToken: async () => {
      const token = await requestIdentityToken(source, { http, audience: "sigstore", onSecret });
      signal.throwIfAborted();
      return token;
    },
  });
}
