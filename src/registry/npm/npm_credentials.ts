/**
 * What npm would be shown by a run in this environment.
 *
 * @module
 */

import type { CredentialSource } from "../../core/doctor/credential_sources.ts";
import type { Env } from "../../host/host.ts";
import { ownToken } from "../own_token.ts";
import { findToken, TOKEN_VARIABLES } from "./environment_token.ts";
import { npmIdentity } from "./oidc_exchange.ts";

/** Reads the environment, as `findCredential()` does. */
export function npmCredentials(env: Env): CredentialSource {
  return {
    variables: TOKEN_VARIABLES,
    ...ownToken(() => findToken(env)?.variable),
    identity: npmIdentity(env) !== undefined,
    createsByTrust: undefined,
  };
}
