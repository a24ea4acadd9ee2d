/**
 * What PyPI would be shown by a run in this environment.
 *
 * @module
 */

import type { CredentialSource } from "../../core/doctor/credential_sources.ts";
import type { Env } from "../../host/host.ts";
import { findIdentity } from "../../host/identity_token.ts";
import { readToken } from "../../secret/token_shape.ts";
import type { Endpoints } from "../endpoints.ts";
import { ownToken } from "../own_token.ts";
import { identityVariable } from "./trusted_publisher.ts";

const VARIABLE = "PYPI_API_TOKEN";

/** Reads the environment, as `authorise()` does. */
export function pypiCredentials(
  env: Env,
  { pypiUpload }: Pick<Endpoints, "pypiUpload">,
): CredentialSource {
  const find = () => readToken(env, { variable: VARIABLE, code: "PIOT_AUTH_REFUSED" });
  return {
    variables: [VARIABLE],
    ...ownToken(() => find() === undefined ? undefined : VARIABLE),
    identity: findIdentity(env, identityVariable(pypiUpload)) !== undefined,
    createsByTrust: "PyPI creates it where a pending publisher is registered for this workflow",
  };
}
