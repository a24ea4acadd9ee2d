/**
 * The endpoint of trusted publishing: an identity token for a token that may publish one package (npm Registry API,
 * exchangeOidcToken).
 *
 * @module
 */

import { type Claims, verifyIdToken } from "../identity/json_web_token.ts";
import type { LocalReply } from "../server/messages.ts";
import { messageReply, type NpmRequest } from "./request.ts";
import { maintainersOf, type NpmState, type TrustConfig } from "./state.ts";

const LIFE = 3600_000;

/** `POST /-/npm/v1/oidc/token/exchange/package/{name}`. */
export async function exchangeEndpoint(
  request: NpmRequest,
  state: NpmState,
): Promise<LocalReply | undefined> {
  const name = /^-\/npm\/v1\/oidc\/token\/exchange\/package\/(.+)$/.exec(request.plainPath)?.[1];
  if (name === undefined || request.method !== "POST") return undefined;
  if (request.body.length > 0) return refusal(400, "unexpected body");
  if (request.bearer === undefined) return refusal(401, "missing id token");
  const verified = await verifyIdToken(request.bearer, state.identity?.jwks ?? { keys: [] }, {
    audience: `npm:${new URL(state.url).hostname}`,
    clock: state,
  });
  if (verified.claims === undefined) return refusal(401, "invalid id token");
  const config = state.trust.get(name);
  const stored = state.packages.get(name);
  const owner = stored && maintainersOf(stored)[0];
  // One answer for every reason: the package, its configuration, or the claims (npm/cli#9969).
  if (config === undefined || owner === undefined || !fits(verified.claims, config)) {
    return refusal(404, "package not found");
  }
  const token = `npm_${crypto.randomUUID().replaceAll("-", "")}`;
  const created = state.now();
  const expires = created.getTime() + LIFE;
  const grant = { user: owner, packages: [name], trusted: config.permissions, expires };
  state.minted.set(token, grant);
  return {
    status: 201,
    body: {
      token_type: "oidc",
      token,
      created: created.toISOString(),
      expires: new Date(expires).toISOString(),
    },
  };
}

function refusal(status: number, words: string): LocalReply {
  return messageReply(status, `OIDC token exchange error - ${words}`);
}

/**
 * Of GitHub the calling workflow's file counts, of GitLab the path of the CI file; upper and lower case do, and so does an
 * environment that is not on file.
 */
function fits(claims: Claims, config: TrustConfig): boolean {
  const file = /([^/@]+)@/.exec(String(claims["workflow_ref"]))?.[1] ??
    /\/\/([^@]+)@/.exec(String(claims["ci_config_ref_uri"]))?.[1];
  return (claims["repository"] ?? claims["project_path"]) === config.repository &&
    file === config.workflow &&
    claims["environment"] === config.environment;
}
