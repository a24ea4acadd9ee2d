/**
 * npm's token from the environment.
 *
 * @module
 */

import type { Env } from "../../host/host.ts";

/** A token, and the variable that it was found in. */
export interface FoundToken {
  readonly variable: string;
  readonly secret: string;
}

/** `actions/setup-node` exports this when it is given no token, so that npm's configuration parses. */
const PLACEHOLDER = /^X{5}(-X{5}){3}$/;

/** The variables that may hold it, the first that counts first. */
export const TOKEN_VARIABLES: readonly string[] = ["NODE_AUTH_TOKEN", "NPM_TOKEN"];

/** The token; undefined when every variable is unset, empty, or holds the placeholder of a setup action. */
export function findToken(env: Env): FoundToken | undefined {
  const found = TOKEN_VARIABLES.map((variable) => ({
    variable,
    secret: env[variable]?.trim() ?? "",
  }));
  return found.find(({ secret }) => secret !== "" && !PLACEHOLDER.test(secret));
}
