/**
 * A request as the local npm registry reads it: who asks, and for which package.
 *
 * @module
 */

import type { LocalReply, LocalRequest } from "../serve.ts";
import type { NpmState, TokenGrant } from "./state.ts";

/** A request with its path taken apart. */
export interface NpmRequest extends LocalRequest {
  /** The bearer token as sent; undefined without one. */
  readonly bearer: string | undefined;
  /** What the bearer token stands for; undefined for an unknown one. */
  readonly grant: TokenGrant | undefined;
  /** The path, decoded, without the slash in front. */
  readonly plainPath: string;
  /** The package that the path starts with; undefined below `/-/`. */
  readonly name: string | undefined;
  /** What follows the package's name. */
  readonly rest: string;
}

/** One group of endpoints; undefined when the request is none of theirs. */
export type EndpointGroup = (
  request: NpmRequest,
  state: NpmState,
) => LocalReply | undefined | Promise<LocalReply | undefined>;

/** Reads a request. Names may come as `@scope%2fname`, `%40scope%2Fname` or `@scope/name`, as on the real registry. */
export function readRequest(request: LocalRequest, state: NpmState): NpmRequest {
  const plainPath = decodeURIComponent(request.path.slice(1));
  const [, name, rest = ""] = /^((?:@[^/]+\/)?[^-/@][^/]*)(?:\/(.*))?$/.exec(plainPath) ?? [];
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const grant = bearer === undefined ? undefined : grantOf(bearer, state);
  return { ...request, bearer, grant, plainPath, name, rest };
}

/** What a token stands for; one that has ended stands for nothing. */
function grantOf(bearer: string, { tokens, minted, now }: NpmState): TokenGrant | undefined {
  const grant = Object.hasOwn(tokens, bearer) ? tokens[bearer] : minted.get(bearer);
  return (grant?.expires ?? Infinity) > now().getTime() ? grant : undefined;
}

/** An error in the form that the registry uses for packages. */
export function errorReply(status: number, error: string): LocalReply {
  return { status, body: { error } };
}

/** The answer for what is not there, and for what the asker may not know of. */
export const NOT_FOUND: LocalReply = errorReply(404, "Not found");

/** An error in the form that the newer endpoints use. */
export function messageReply(status: number, message: string): LocalReply {
  return { status, body: { message } };
}
