/**
 * What crates.io would be shown by a run in this environment.
 *
 * @module
 */

import type { CredentialSource } from "../../core/doctor/credential_sources.ts";
import type { Env } from "../../host/host.ts";
import { readToken } from "../../secret/token_shape.ts";
import { ownToken } from "../own_token.ts";
import { cratesIdentity } from "./trusted_exchange.ts";

const VARIABLE = "CARGO_REGISTRY_TOKEN";

/** Reads the environment, as `findCredential()` does. */
export function cratesCredentials(env: Env): CredentialSource {
  const find = () => readToken(env, { variable: VARIABLE, code: "PIOT_AUTH_REFUSED" });
  return {
    variables: [VARIABLE],
    ...ownToken(() => find() === undefined ? undefined : VARIABLE),
    identity: cratesIdentity(env) !== undefined,
    createsByTrust: undefined,
  };
}
