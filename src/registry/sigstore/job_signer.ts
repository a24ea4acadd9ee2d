/**
 * A signer for the job that is running, by the identity that its CI gives it.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Host } from "../../host/host.ts";
import { findIdentity, requestIdentityToken, whyNoIdentity } from "../../host/identity_token.ts";
import type { Endpoints } from "../endpoints.ts";
import type { SigningContext } from "./sign.ts";

/** The variable that holds a ready identity token for Sigstore, where a CI sets one. */
export const SIGSTORE_VARIABLE = "SIGSTORE_ID_TOKEN";

/** What signing in the job's name needs. */
export interface JobSigning {
  readonly host: Pick<Host, "http" | "env" | "clock" | "signal">;
  readonly endpoints: Pick<Endpoints, "fulcio" | "rekor">;
  /** Hears of the identity token before anybody else. */
  readonly onSecret: (secret: string) => void;
}

/**
 * What a signer is made of. `what` completes "Cannot sign …". Throws `PIOT_PROVENANCE_IDENTITY` where the job has no
 * identity for Sigstore.
 */
export function signingContext(
  { host, endpoints, onSecret }: JobSigning,
  what: string,
): SigningContext {
  const { http, env, clock, signal } = host;
  const source = findIdentity(env, SIGSTORE_VARIABLE);
  if (source === undefined) {
    throw new Failure(
      "PIOT_PROVENANCE_IDENTITY",
      `Cannot sign ${what}: ${whyNoIdentity(env, SIGSTORE_VARIABLE)}`,
      { hint: "Give the publish job an identity token for Sigstore" },
    );
  }
  return {
    ...endpoints,
    http,
    clock,
    signal,
    identityToken: async () => {
      const token = await requestIdentityToken(source, { http, audience: "sigstore", onSecret });
      signal.throwIfAborted();
      return token;
    },
  };
}
