/**
 * Stage four for npm: finds the credential of a release, and proves it as far as the registry lets us.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Env } from "../../host/host.ts";
import type { Http } from "../../host/http.ts";
import type { Credential } from "../registry.ts";
import type { NpmPrepared } from "./prepared.ts";
import { readReply } from "./reply.ts";
import { findToken, type FoundToken } from "./token.ts";

/** What authorising needs. */
export interface AuthoriseParts {
  readonly http: Http;
  readonly env: Env;
  /** The registry, without a slash at the end. */
  readonly registry: string;
}

/** The credential of a release. Throws `PIOT_AUTH_MISSING` when there is none and `PIOT_AUTH_REFUSED` for a dead one. */
export async function authorise(
  prepared: NpmPrepared,
  { http, env, registry }: AuthoriseParts,
): Promise<Credential> {
  const token = findToken(env);
  if (token === undefined) throw nothingFound(prepared);
  const user = await askWhoIs(token, { http, registry });
  const owner = user === undefined ? "" : `, a token of "${user}"`;
  return { kind: "token", secret: token.secret, why: `${token.variable}${owner}` };
}

function nothingFound({ release }: NpmPrepared): Failure {
  return new Failure(
    "PIOT_AUTH_MISSING",
    `Cannot publish "${release.package.registryName}" to npm: NODE_AUTH_TOKEN and NPM_TOKEN are unset, empty or a placeholder`,
    {
      hint:
        "Make a granular access token on npm's site (Access Tokens: read and write for this package or scope, with bypass 2FA) and pass it to the publish step as NODE_AUTH_TOKEN",
    },
  );
}

/**
 * The user that a token belongs to. Only 401 proves anything against a token: other registries than npm's have no
 * `/-/whoami`, and an answer that fails says nothing about the token. What it may write shows at the upload alone.
 */
async function askWhoIs(
  { variable, secret }: FoundToken,
  { http, registry }: Omit<AuthoriseParts, "env">,
): Promise<string | undefined> {
  const reply = await http(`${registry}/-/whoami`, {
    headers: { accept: "application/json", authorization: `Bearer ${secret}` },
  }).then(readReply, () => undefined);
  if (reply?.status === 401) {
    throw new Failure(
      "PIOT_AUTH_REFUSED",
      `Cannot use the token in ${variable}: npm answers 401 ${reply.words}`,
      {
        hint:
          "It is revoked, expired (write tokens live 90 days at most) or mistyped: make a new one",
      },
    );
  }
  const { username } = (reply?.json ?? {}) as { username?: unknown };
  return reply?.status === 200 && typeof username === "string" ? username : undefined;
}
