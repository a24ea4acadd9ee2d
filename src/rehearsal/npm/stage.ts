/**
 * The endpoints of staged publishing: a version is handed in by whoever may, and published by a person with a second
 * factor (npm Registry API, staged packages).
 *
 * @module
 */

import type { LocalReply } from "../server/messages.ts";
import { checkUpload, store } from "./publish.ts";
import { messageReply, type NpmRequest } from "./request.ts";
import { maintainersOf, type NpmState, type StagedVersion, type TokenGrant } from "./state.ts";

/**
 * `POST /-/stage/package/{name}`, `GET /-/stage`, `GET` and `DELETE /-/stage/{id}`, `GET /-/stage/{id}/tarball`,
 * `POST /-/stage/{id}/approve`.
 */
export async function stageEndpoints(
  request: NpmRequest,
  state: NpmState,
): Promise<LocalReply | undefined> {
  const { method, plainPath } = request;
  const name = /^-\/stage\/package\/(.+)$/.exec(plainPath)?.[1];
  if (name !== undefined) return method === "POST" ? await stage(request, state, name) : undefined;
  if (!/^-\/stage(\/|$)/.test(plainPath)) return undefined;
  const user = requireUser(request);
  if ("status" in user) return user;
  if (plainPath === "-/stage") return list(request, state, user);
  const [, id = "", action = ""] = /^-\/stage\/([^/]+)(?:\/(\w+))?$/.exec(plainPath) ?? [];
  const staged = state.staged.get(id);
  if (staged === undefined || !isOwnedBy(user, staged, state)) {
    return messageReply(404, "staged package not found");
  }
  return answerStaged(`${method} ${action}`, { request, state, staged, user });
}

async function stage(request: NpmRequest, state: NpmState, name: string): Promise<LocalReply> {
  if (request.grant !== undefined && !state.packages.has(name)) {
    return messageReply(404, "package not found");
  }
  const checked = await checkUpload(request, { state, name, action: "stage" });
  if ("refusal" in checked) return checked.refusal;
  const { document, grant } = checked;
  const id = crypto.randomUUID();
  const createdAt = state.now().toISOString();
  const isTrusted = grant.trusted !== undefined;
  state.staged.set(id, { id, document, actor: grant.user, isTrusted, createdAt });
  return { status: 201, body: { message: "package staged", stageId: id } };
}

/** Everything but staging is for people: neither strangers nor tokens of trusted publishing. */
function requireUser({ grant }: NpmRequest): TokenGrant | LocalReply & { status: number } {
  if (grant === undefined || grant.refused === "revoked") return messageReply(401, "Unauthorized");
  if (grant.trusted === undefined) return grant;
  return messageReply(403, "OIDC permission denied for this action");
}

function isOwnedBy({ user }: TokenGrant, { document }: StagedVersion, state: NpmState): boolean {
  const stored = state.packages.get(document.name);
  return stored !== undefined && maintainersOf(stored).includes(user);
}

function list({ method, query }: NpmRequest, state: NpmState, user: TokenGrant): LocalReply {
  if (method !== "GET") return messageReply(400, "unexpected method");
  const name = query.get("package");
  const items = [...state.staged.values()].filter((staged) =>
    isOwnedBy(user, staged, state) && (name === null || staged.document.name === name)
  );
  const [page, perPage] = [Number(query.get("page") ?? 0), Number(query.get("perPage") ?? 100)];
  const shown = items.slice(page * perPage, (page + 1) * perPage).map(itemOf);
  return { status: 200, body: { items: shown, page, perPage, total: items.length } };
}

function itemOf({ id, document, actor, createdAt }: StagedVersion): object {
  const { name: packageName, version, tag, access, manifest } = document;
  const { shasum } = manifest["dist"] as { shasum?: unknown };
  return { id, packageName, version, tag, createdAt, actor, actorType: "user", access, shasum };
}

function answerStaged(
  route: string,
  { request, state, staged, user }: {
    readonly request: NpmRequest;
    readonly state: NpmState;
    readonly staged: StagedVersion;
    readonly user: TokenGrant;
  },
): LocalReply | undefined {
  if (route === "GET ") return { status: 200, body: itemOf(staged) };
  if (route === "GET tarball") {
    const headers = { "content-type": "application/octet-stream" };
    return { status: 200, headers, body: staged.document.tarball };
  }
  if (route !== "POST approve" && route !== "DELETE ") return undefined;
  const otp = request.headers.get("npm-otp");
  if (otp === null || otp !== user.otp) {
    return {
      ...messageReply(401, "one-time pass required"),
      headers: { "www-authenticate": "OTP" },
    };
  }
  if (route === "POST approve") approveStaged(state, staged, user);
  else state.staged.delete(staged.id);
  return route === "DELETE "
    ? { status: 204 }
    : { status: 201, body: { message: "package approved" } };
}

/** Publishes what waits, as a maintainer does with a second factor. */
export function approveStaged(state: NpmState, staged: StagedVersion, user: TokenGrant): void {
  const { id, document, isTrusted } = staged;
  state.staged.delete(id);
  store(document, { state, grant: user, origin: { isTrusted, isApproved: true } });
}
