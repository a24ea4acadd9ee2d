/**
 * The endpoints of dist-tags.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { LocalReply } from "../server/messages.ts";
import { isSemverRange } from "../server/semver.ts";
import { visibleTags } from "./read.ts";
import { errorReply, mayRead, mayWrite, NOT_FOUND, type NpmRequest } from "./request.ts";
import type { NpmState, StoredPackage } from "./state.ts";

/** `GET /-/package/{name}/dist-tags`, and `PUT` or `DELETE` with a tag behind it. */
export function distTagEndpoints(request: NpmRequest, state: NpmState): LocalReply | undefined {
  const [, name, tag] = /^-\/package\/(.+)\/dist-tags(?:\/([^/]+))?$/.exec(request.plainPath) ?? [];
  if (name === undefined) return undefined;
  const stored = mayRead(request, state, name) ? state.packages.get(name) : undefined;
  if (request.method === "GET" && tag === undefined) {
    return stored === undefined ? NOT_FOUND : { status: 200, body: visibleTags(stored) };
  }
  if (tag === undefined || !["PUT", "DELETE"].includes(request.method)) return undefined;
  const authority = mayWrite(request, state, { name, action: "tag" });
  if ("refusal" in authority) return authority.refusal;
  if (stored === undefined) return NOT_FOUND;
  return request.method === "PUT" ? setTag(stored, { tag, request }) : removeTag(stored, tag);
}

function setTag(
  stored: StoredPackage,
  { tag, request }: { readonly tag: string; readonly request: NpmRequest },
): LocalReply {
  const version = readString(request.body);
  if (version === undefined) return errorReply(400, "the body is not a JSON string");
  const trouble = tagTrouble(tag);
  if (trouble !== undefined) return errorReply(400, trouble);
  if (!stored.versions.has(version)) return errorReply(404, `version not found: ${version}`);
  stored.distTags.set(tag, version);
  stored.revision++;
  return { status: 200, body: { ok: true } };
}

function removeTag(stored: StoredPackage, tag: string): LocalReply {
  if (tag === "latest") return errorReply(400, "the tag latest cannot be removed");
  if (!stored.distTags.delete(tag)) return NOT_FOUND;
  stored.revision++;
  return { status: 200, body: { ok: true } };
}

function readString(body: Uint8Array): string | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** npm's words for a tag that is none; undefined for one that is. */
export function tagTrouble(tag: string): string | undefined {
  return tag.trim() === "" || isSemverRange(tag)
    ? `Tag name must not be a valid SemVer range: ${tag}`
    : undefined;
}
