/**
 * The token that restricted packages are read with: npm hides them from strangers.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { exchange, type ExchangeParts, npmIdentity } from "./oidc_exchange.ts";
import { findToken } from "./token.ts";

/** Gives the token to read a package with; undefined when there is none. */
export type TokenFor = (name: string) => Promise<string | undefined>;

/**
 * The token of the environment, else one of trusted publishing. Without it a second run could not tell that the first has
 * published; whether npm lets such tokens read is not documented, and a refusal leaves the reader a stranger.
 */
export function readingToken(parts: ExchangeParts): TokenFor {
  const own = findToken(parts.host.env)?.secret;
  const source = npmIdentity(parts.host.env);
  if (own !== undefined || source === undefined) return () => Promise.resolve(own);
  return async (name) => {
    try {
      const result = await exchange(name, { ...parts, source });
      return "grant" in result ? result.grant.secret : undefined;
    } catch (error) {
      if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
      return undefined;
    }
  };
}
