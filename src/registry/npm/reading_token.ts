/**
 * The token that restricted packages are read with, since npm hides them from strangers; and everything of a registry
 * that answers nobody without one.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { exchange, type ExchangeParts, npmIdentity, type OidcGrant } from "./oidc_exchange.ts";
import { findToken } from "./token.ts";

/** Gives the token to read a package with; undefined when there is none. */
export type TokenFor = (name: string) => Promise<string | undefined>;

/**
 * The token of the environment, else one of trusted publishing, exchanged once while it is young. Without it a second run
 * could not tell that the first has published; whether npm lets such tokens read is not documented, and a refusal leaves
 * the reader a stranger.
 */
export function readingToken(
  parts: ExchangeParts,
  { oidcOnly }: { readonly oidcOnly: boolean },
): TokenFor {
  const { env, clock } = parts.host;
  const grants = new Map<string, OidcGrant>();
  return async (name) => {
    const own = oidcOnly ? undefined : findToken(env)?.secret;
    const source = npmIdentity(env);
    if (own !== undefined || source === undefined) return own;
    const held = grants.get(name);
    if (held !== undefined && clock.now().getTime() < held.renewAt) return held.secret;
    try {
      const result = await exchange(name, { ...parts, source });
      if (!("grant" in result)) return undefined;
      grants.set(name, result.grant);
      return result.grant.secret;
    } catch (error) {
      if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
      return undefined;
    }
  };
}
