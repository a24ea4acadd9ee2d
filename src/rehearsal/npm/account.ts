/**
 * The endpoints about people: who asks, what is theirs, and what they look for.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { LocalReply } from "../server/messages.ts";
import { accessTrouble } from "./access.ts";
import { visibleTags } from "./read.ts";
import { errorReply, mayRead, mayWrite, NOT_FOUND, type NpmRequest } from "./request.ts";
import {
  maintainersOf,
  type NpmState,
  personOf,
  type StoredPackage,
  type TokenGrant,
  visibleVersions,
} from "./state.ts";

const UNAUTHORIZED = errorReply(401, "Unauthorized");

/** Everything that is asked about users, their tokens and packages, by path; what is no package's endpoint. */
export function accountEndpoints(request: NpmRequest, state: NpmState): LocalReply | undefined {
  const { method, plainPath } = request;
  if (plainPath === "-/ping") return { status: 200, body: {} };
  if (plainPath === "-/v1/search") return search(request, state);
  const user = signedIn(request);
  switch (`${method} ${plainPath.replace(/^-\/npm\/v1\/tokens\/token\/.+$/, "token")}`) {
    case "GET -/whoami":
      return user === undefined ? UNAUTHORIZED : { status: 200, body: { username: user.user } };
    case "GET -/npm/v1/user":
      return user === undefined ? UNAUTHORIZED : { status: 200, body: profileOf(user) };
    case "GET -/npm/v1/tokens":
      return user === undefined ? UNAUTHORIZED : listTokens(state, user);
    case "DELETE token":
      return user === undefined
        ? UNAUTHORIZED
        : revokeToken(plainPath.slice(plainPath.lastIndexOf("/") + 1), { state, user });
    case "GET -/_view/starredByUser":
      return { status: 200, body: { rows: starredBy(request, state) } };
  }
  return aboutUser(request, state) ?? aboutPackage(request, state);
}

/** The user of a token that is no trusted publisher's; undefined for nobody. */
function signedIn({ grant }: NpmRequest): TokenGrant | undefined {
  return grant?.refused === "revoked" || grant?.trusted !== undefined ? undefined : grant;
}

function profileOf({ user, otp }: TokenGrant): object {
  const tfa = otp === undefined ? false : { pending: false, mode: "auth-and-writes" };
  return { tfa, ...personOf(user), email_verified: true, fullname: "" };
}

/** A token is shown by its last characters, and named by a key (npm Registry API, listTokens). */
function listTokens({ tokens, revoked }: NpmState, { user }: TokenGrant): LocalReply {
  const objects = Object.entries(tokens).filter(([, grant]) => isLive(grant, user))
    .filter(([token]) => !revoked.has(token)).map(([token, { can }]) => ({
      key: keyOf(token),
      token: `npm_...${token.slice(-4)}`,
      readonly: can === "read",
      cidr_whitelist: null,
      created: "2026-01-01T00:00:00.000Z",
    }));
  return { status: 200, body: { objects, total: objects.length, urls: {} } };
}

function isLive(grant: TokenGrant, user: string): boolean {
  return grant.user === user && grant.refused !== "revoked";
}

/** What names a token and is none. */
function keyOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function revokeToken(
  key: string,
  { state, user }: { readonly state: NpmState; readonly user: TokenGrant },
): LocalReply {
  const { tokens } = state;
  const found = Object.entries(tokens).find(([token, grant]) =>
    keyOf(token) === key && isLive(grant, user.user)
  );
  if (found === undefined) return NOT_FOUND;
  state.revoked.add(found[0]);
  return { status: 204 };
}

function starredBy({ query }: NpmRequest, { packages }: NpmState): readonly object[] {
  const user = query.get("key")?.replaceAll('"', "") ?? "";
  return [...packages.values()].filter(({ stars }) => stars?.has(user))
    .map(({ name }) => ({ id: name, key: user, value: name }));
}

/** `GET /-/user/org.couchdb.user:{user}` and `GET /-/user/{user}/package`, `/-/org/` likewise. */
function aboutUser({ method, plainPath }: NpmRequest, state: NpmState): LocalReply | undefined {
  if (method !== "GET") return undefined;
  const [, couch] = /^-\/user\/org\.couchdb\.user:(.+)$/.exec(plainPath) ?? [];
  const isKnown = (user: string): boolean =>
    Object.values(state.tokens).some((grant) => grant.user === user);
  if (couch !== undefined) {
    return isKnown(couch)
      ? { status: 200, body: { _id: `org.couchdb.user:${couch}`, ...personOf(couch) } }
      : NOT_FOUND;
  }
  const [, kind, who] = /^-\/(user|org)\/([^/]+)\/package$/.exec(plainPath) ?? [];
  if (who === undefined) return undefined;
  const shown = [...state.packages.values()].filter((stored) =>
    kind === "org" ? stored.name.startsWith(`@${who}/`) : maintainersOf(stored).includes(who)
  );
  if (shown.length === 0 && !(kind === "user" && isKnown(who))) return NOT_FOUND;
  return { status: 200, body: Object.fromEntries(shown.map(({ name }) => [name, "write"])) };
}

/** `GET /-/package/{name}/collaborators` and `POST /-/package/{name}/access`. */
function aboutPackage(request: NpmRequest, state: NpmState): LocalReply | undefined {
  const { method, plainPath } = request;
  const [, name, what] = /^-\/package\/(.+)\/(collaborators|access)$/.exec(plainPath) ?? [];
  if (name === undefined) return undefined;
  const stored = mayRead(request, state, name) ? state.packages.get(name) : undefined;
  if (method === "GET" && what === "collaborators") {
    if (stored === undefined) return NOT_FOUND;
    const all = maintainersOf(stored).map((user) => [user, "write"]);
    return { status: 200, body: Object.fromEntries(all) };
  }
  if (method !== "POST" || what !== "access") return undefined;
  const authority = mayWrite(request, state, { name, action: "tag" });
  if ("refusal" in authority) return authority.refusal;
  return stored === undefined ? NOT_FOUND : setAccess(stored, request, authority.grant);
}

function setAccess(stored: StoredPackage, { body }: NpmRequest, grant: TokenGrant): LocalReply {
  const { access } = JSON.parse(Buffer.from(body).toString()) as { access?: unknown };
  // Settings of the second factor are taken, and change nothing here.
  if (access === undefined) return { status: 200, body: {} };
  if (access !== "public" && access !== "restricted" && access !== "private") {
    return errorReply(400, `invalid access: ${access}`);
  }
  const wanted = access === "public" ? access : "restricted";
  const refusal = accessTrouble(stored.name, { from: stored.access, to: wanted, grant });
  if (refusal !== undefined) return refusal;
  stored.access = wanted;
  return { status: 200, body: {} };
}

/** `GET /-/v1/search`: public packages whose name or description has every word. */
function search({ query }: NpmRequest, state: NpmState): LocalReply {
  const words = (query.get("text") ?? "").toLowerCase().split(/\s+/).filter((word) => word !== "");
  const [from, size] = [Number(query.get("from") ?? 0), Number(query.get("size") ?? 20)];
  const found = [...state.packages.values()].flatMap((stored) => {
    const shown = stored.access === "public" ? resultOf(stored) : undefined;
    if (shown === undefined) return [];
    const text = `${shown.name} ${shown.description ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word)) ? [shown] : [];
  });
  const score = { final: 1, detail: { quality: 1, popularity: 1, maintenance: 1 } };
  const objects = found.slice(from, from + size)
    .map((item) => ({ package: item, score, searchScore: 1 }));
  const body = { objects, total: found.length, time: state.now().toUTCString() };
  return { status: 200, body };
}

function resultOf(stored: StoredPackage):
  | { readonly name: string; readonly description?: unknown }
  | undefined {
  const { latest } = visibleTags(stored);
  const found = visibleVersions(stored).find(([version]) => version === latest);
  if (found === undefined) return undefined;
  const [version, { manifest: { description, keywords } }] = found;
  const people = maintainersOf(stored).map((user) => ({
    username: user,
    email: personOf(user).email,
  }));
  return {
    ...{ name: stored.name, version, description, keywords, date: stored.time.get(version) },
    ...{ links: {}, publisher: people[0], maintainers: people },
  };
}
