/**
 * The endpoints that read what the registry does not hold: packuments and tarballs from outside, with the addresses of
 * tarballs turned to this registry.
 *
 * @module
 */

import type { LocalReply } from "../../server/messages.ts";
import type { Answer } from "../../server/outside.ts";
import { errorReply, NOT_FOUND, type NpmRequest } from "../request.ts";
import type { Json, NpmState } from "../state.ts";
import type { OutsideNpm, OutsideVersion } from "./outside_npm.ts";

/**
 * `GET /{name}`, `GET /{name}/{version-or-tag}` and `GET /{name}/-/{file}` of a package that is not held here, or whose
 * files are made up here.
 */
export async function throughEndpoints(
  { method, name, rest }: NpmRequest,
  { outside, closed, packages, url }: NpmState,
): Promise<LocalReply | undefined> {
  if (method !== "GET" || name === undefined || outside === undefined) return undefined;
  const held = packages.get(name);
  const isMadeUp = held !== undefined && held.versions.size > 0 &&
    [...held.versions.values()].every((version) => version.isMadeUp === true);
  if (closed.has(name) || (held !== undefined && !isMadeUp)) return undefined;
  const answer = await outside.packument(name);
  if (answer.state !== "found") {
    if (!isMadeUp) return unread(answer);
    return rest.startsWith("-/") ? unkept(answer) : undefined;
  }
  const packument = turned(answer.value, { name, url });
  if (rest === "") return { status: 200, body: packument.document };
  return rest.startsWith("-/")
    ? await tarball(outside, packument.files.get(rest.slice(2)))
    : oneVersion(packument.document, rest);
}

function unread(answer: Exclude<Answer<unknown>, { state: "found" }>): LocalReply {
  if (answer.state === "absent") return NOT_FOUND;
  // Neither here nor absent: whoever asks goes without, and is told why.
  return { ...errorReply(424, answer.why), missing: answer.why };
}

/** That it was released is known, what was released is not. */
function unkept(answer: Exclude<Answer<unknown>, { state: "found" }>): LocalReply {
  const why = answer.state === "absent" ? `${answer.from} has none` : answer.why;
  return unread({ state: "unanswered", why });
}

interface Turned {
  readonly document: Json;
  /** By the file's name here. */
  readonly files: ReadonlyMap<string, OutsideVersion>;
}

/** A document whose tarballs lie here, each under a name of its own: registries name their files as they like. */
function turned(
  document: Json,
  { name, url }: { readonly name: string; readonly url: string },
): Turned {
  const files = new Map<string, OutsideVersion>();
  const base = name.slice(name.indexOf("/") + 1);
  const versions = Object.entries((document.versions ?? {}) as Record<string, Json>)
    .map(([version, manifest]) => {
      const dist = (manifest.dist ?? {}) as Json;
      const file = `${base}-${version}.tgz`;
      files.set(file, { url: String(dist.tarball), integrity: integrityOf(dist) });
      return [version, { ...manifest, dist: { ...dist, tarball: `${url}/${name}/-/${file}` } }];
    });
  return { document: { ...document, versions: Object.fromEntries(versions) }, files };
}

/** The oldest versions have a sha1 alone, in hex (npm/registry, `docs/responses/package-metadata.md`). */
function integrityOf({ integrity, shasum }: Json): string {
  if (typeof integrity === "string") return integrity;
  const bytes = String(shasum).match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
  return `sha1-${btoa(String.fromCharCode(...bytes))}`;
}

async function tarball(outside: OutsideNpm, file: OutsideVersion | undefined): Promise<LocalReply> {
  if (file === undefined) return NOT_FOUND;
  const answer = await outside.tarball(file);
  return answer.state !== "found" ? unread(answer) : {
    status: 200,
    headers: { "content-type": "application/octet-stream" },
    body: answer.value,
  };
}

function oneVersion({ versions, "dist-tags": tags }: Json, wanted: string): LocalReply {
  const version = (tags as Record<string, string> | undefined)?.[wanted] ?? wanted;
  const found = (versions as Record<string, Json>)[version];
  return found === undefined
    ? errorReply(404, `version not found: ${wanted}`)
    : { status: 200, body: found };
}
