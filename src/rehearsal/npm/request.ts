/**
 * A request as the local npm registry reads it: who asks, for which package, and what they may do there. The real registry
 * hides packages from a weak credential: a missing, unknown or read-only token gets a 404.
 *
 * @module
 */

import type { LocalReply, LocalRequest } from "../server/messages.ts";
import { maintainersOf, type NpmState, type TokenGrant } from "./state.ts";

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
  const [, name, rest = ""] = /^((?!-\/)(?:@[^/]+\/)?[^/@][^/]*)(?:\/(.*))?$/.exec(plainPath) ?? [];
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const grant = bearer === undefined ? undefined : grantOf(bearer, state);
  return { ...request, bearer, grant, plainPath, name, rest };
}

/** What a token stands for; one that has ended stands for nothing. */
function grantOf(bearer: string, state: NpmState): TokenGrant | undefined {
  const { tokens, minted, revoked, now } = state;
  if (revoked.has(bearer)) return undefined;
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

/** The user that may write, or the refusal. */
type Authority = { readonly grant: TokenGrant } | { readonly refusal: LocalReply };

/** What somebody wants to do with a package. */
interface WriteTarget {
  readonly name: string;
  readonly action: "publish" | "stage" | "tag";
}

/** Whether the asker may write a package, new or not. */
export function mayWrite(
  request: NpmRequest,
  state: NpmState,
  { name, action }: WriteTarget,
): Authority {
  const { grant } = request;
  if (grant === undefined || grant.can === "read") return { refusal: NOT_FOUND };
  if (grant.refused === "revoked") return { refusal: REFUSALS.revoked };
  if (grant.packages !== undefined && !grant.packages.includes(name)) return { refusal: NOT_FOUND };
  const refused = secondFactor(grant, action);
  if (refused !== undefined) return { refusal: REFUSALS[refused] };
  const stored = state.packages.get(name);
  if (stored !== undefined && !maintainersOf(stored).includes(grant.user)) {
    // What is in a scope is hidden from strangers; that a plain name is taken is no secret.
    if (name.startsWith("@")) return { refusal: NOT_FOUND };
    const words = `You do not have permission to publish "${name}". ` +
      "Are you logged in as the correct user?";
    return { refusal: errorReply(403, words) };
  }
  if (stored === undefined && !mayUseScope(grant.user, name, state)) return { refusal: NOT_FOUND };
  if (
    grant.trusted !== undefined &&
    !grant.trusted.some((permission) => PERMISSIONS[permission] === action)
  ) {
    return { refusal: messageReply(403, "OIDC permission denied for this action") };
  }
  return { grant };
}

/**
 * Whether a user may make a package in its scope. Scopes are users and organizations, which are made on npm's site: a scope
 * is its users' that the registry was told of, else the user's of that name, else of those who have packages in it. One that
 * nobody has is taken for an organization of whoever publishes in it first.
 */
function mayUseScope(user: string, name: string, state: NpmState): boolean {
  const [scope] = name.split("/", 1);
  if (scope === undefined || scope === name) return true;
  const members = state.scopes.get(scope);
  if (members !== undefined) return members.includes(user);
  if (scope === `@${user}`) return true;
  const users = Object.values(state.tokens).map((grant) => `@${grant.user}`);
  if (users.includes(scope)) return false;
  const held = [...state.packages.values()].filter((stored) => stored.name.startsWith(`${scope}/`));
  return held.length === 0 || held.some((stored) => maintainersOf(stored).includes(user));
}

/** What each permission of a trust configuration is for. Tags are for none (npm/cli#8547). */
const PERMISSIONS = { createPackage: "publish", createStagedPackage: "stage" } as const;

/** Staging asks for no second factor; everything else does, of tokens that cannot do without. */
function secondFactor(
  { refused }: TokenGrant,
  action: WriteTarget["action"],
): TokenGrant["refused"] {
  return action === "stage" && (refused === "otp" || refused === "two-factor")
    ? undefined
    : refused;
}

/** Whether the asker may read a package; restricted ones are for their owner. */
export function mayRead(request: NpmRequest, state: NpmState, name: string): boolean {
  const stored = state.packages.get(name);
  return stored?.access !== "restricted" ||
    maintainersOf(stored).includes(request.grant?.user ?? "");
}

const REFUSALS: Readonly<Record<NonNullable<TokenGrant["refused"]>, LocalReply>> = {
  revoked: errorReply(401, "Unauthorized"),
  otp: {
    status: 401,
    headers: { "www-authenticate": "OTP" },
    body: { error: "You must provide a one-time pass. Upgrade your client to npm@latest." },
  },
  "two-factor": errorReply(
    403,
    "Two-factor authentication or granular access token with bypass 2fa enabled is required to publish packages.",
  ),
  address: {
    status: 401,
    headers: { "www-authenticate": "ipaddress" },
    body: { error: "Unauthorized" },
  },
};
