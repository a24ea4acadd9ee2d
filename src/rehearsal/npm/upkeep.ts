/**
 * The endpoints that change a package without an upload: what `npm deprecate`, `npm star`, `npm unpublish` and `npm owner`
 * send. Each writes back the packument that it read, and names the revision that it was (npm/cli `lib/commands/`,
 * `workspaces/libnpmpublish/lib/unpublish.js`).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { LocalReply } from "../server/messages.ts";
import { errorReply, mayWrite, NOT_FOUND, type NpmRequest } from "./request.ts";
import {
  type Json,
  type NpmState,
  personOf,
  revisionOf,
  type StoredPackage,
  tarballPath,
} from "./state.ts";

/** Versions are removed within three days (npm's policy on unpublishing). */
const REMOVABLE = 72 * 3600_000;

/** `PUT /{name}` of a packument that was read before, `PUT` and `DELETE /{name}/-rev/{rev}`, `DELETE` of a tarball. */
export function upkeepEndpoints(request: NpmRequest, state: NpmState): LocalReply | undefined {
  const { method, name, rest } = request;
  if (name === undefined || (method !== "PUT" && method !== "DELETE")) return undefined;
  const [, file, revision] = /^(?:(-\/[^/]+)\/)?-rev\/([^/]+)$/.exec(rest) ?? [];
  const stored = state.packages.get(name);
  if (revision !== undefined) return changeRevision(request, { state, stored, file, revision });
  if (method !== "PUT" || rest !== "" || stored === undefined) return undefined;
  const document = readObject(request.body);
  return typeof document?.["_rev"] === "string" && document["_attachments"] === undefined
    ? annotate(request, { state, stored, document })
    : undefined;
}

const CONFLICT = errorReply(409, "Document update conflict");

/** A star is anybody's; everything else is for those who may write. */
function annotate(
  request: NpmRequest,
  { state, stored, document }: {
    readonly state: NpmState;
    readonly stored: StoredPackage;
    readonly document: Json;
  },
): LocalReply {
  if (document["versions"] === undefined) return star(request, stored, document);
  const authority = mayWrite(request, state, { name: stored.name, action: "tag" });
  if ("refusal" in authority) return authority.refusal;
  if (document["_rev"] !== revisionOf(stored)) return CONFLICT;
  const versions = Object.entries(document["versions"] as Record<string, Json>);
  const [foreign] = versions.find(([version]) => !stored.versions.has(version)) ?? [];
  if (foreign !== undefined) return errorReply(400, `version not found: ${foreign}`);
  for (const [version, { deprecated }] of versions) deprecate(stored, version, deprecated);
  stored.revision++;
  return { status: 200, body: { ok: true } };
}

function star({ grant }: NpmRequest, stored: StoredPackage, document: Json): LocalReply {
  if (grant === undefined || grant.refused === "revoked") return errorReply(401, "Unauthorized");
  const stars = new Set(stored.stars ?? []);
  const given = (document["users"] ?? {}) as Json;
  if (given[grant.user] === undefined) stars.delete(grant.user);
  else stars.add(grant.user);
  stored.stars = stars;
  stored.revision++;
  return { status: 200, body: { ok: true } };
}

/** An empty message ends a deprecation. */
function deprecate(stored: StoredPackage, version: string, message: unknown): void {
  const held = stored.versions.get(version);
  if (held === undefined) return;
  const { deprecated: _before, ...manifest } = held.manifest;
  held.manifest = typeof message === "string" && message !== ""
    ? { ...manifest, deprecated: message }
    : manifest;
}

function changeRevision(
  request: NpmRequest,
  { state, stored, file, revision }: {
    readonly state: NpmState;
    readonly stored: StoredPackage | undefined;
    readonly file: string | undefined;
    readonly revision: string;
  },
): LocalReply {
  const { name = "", method } = request;
  const authority = mayWrite(request, state, { name, action: "tag" });
  if ("refusal" in authority) return authority.refusal;
  if (stored === undefined) return NOT_FOUND;
  // The tarball goes after its version: nothing is left of it by then.
  if (file !== undefined) return isHeld(stored, file) ? CONFLICT : { status: 200, body: {} };
  if (revision !== revisionOf(stored)) return CONFLICT;
  if (method === "DELETE") {
    const refusal = tooLate([...stored.versions.keys()], { state, stored });
    if (refusal === undefined) state.unpublish(name);
    return refusal ?? { status: 200, body: { ok: true } };
  }
  const document = readObject(request.body) ?? {};
  return document["versions"] === undefined
    ? setMaintainers(stored, { state, document })
    : removeVersions(stored, { state, document });
}

function isHeld(stored: StoredPackage, file: string): boolean {
  return [...stored.versions.keys()].some((version) =>
    tarballPath(stored.name, version) === `${stored.name}/${file}`
  );
}

function tooLate(
  versions: readonly string[],
  { state, stored }: { readonly state: NpmState; readonly stored: StoredPackage },
): LocalReply | undefined {
  const now = state.now().getTime();
  const isOld = versions.some((version) =>
    now - Date.parse(stored.time.get(version) ?? "") > REMOVABLE
  );
  return isOld ? errorReply(405, "You can no longer unpublish this package.") : undefined;
}

function removeVersions(
  stored: StoredPackage,
  { state, document }: { readonly state: NpmState; readonly document: Json },
): LocalReply {
  const kept = Object.keys(document["versions"] as Json);
  const gone = [...stored.versions.keys()].filter((version) => !kept.includes(version));
  const refusal = tooLate(gone, { state, stored });
  if (refusal !== undefined) return refusal;
  for (const version of gone) state.unpublish(stored.name, version);
  // The client says where the tags of what is gone stand from now on.
  const tags = Object.entries((document["dist-tags"] ?? {}) as Record<string, string>);
  for (const [tag, version] of tags) {
    if (stored.versions.has(version)) stored.distTags.set(tag, version);
  }
  return { status: 200, body: { ok: true } };
}

function setMaintainers(
  stored: StoredPackage,
  { state, document }: { readonly state: NpmState; readonly document: Json },
): LocalReply {
  const people = (document["maintainers"] ?? []) as readonly { readonly name?: unknown }[];
  const names = people.map(({ name }) => String(name));
  const known = Object.values(state.tokens).map(({ user }) => personOf(user).name);
  const stranger = names.find((name) => !known.includes(name));
  if (names.length === 0) return errorReply(400, "a package must have a maintainer");
  if (stranger !== undefined) return errorReply(404, `user not found: ${stranger}`);
  stored.maintainers = names;
  stored.revision++;
  return { status: 200, body: { ok: true } };
}

function readObject(body: Uint8Array): Json | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return typeof value === "object" && value !== null ? value as Json : undefined;
  } catch {
    return undefined;
  }
}
