/**
 * The endpoints that read: packuments, single versions, tarballs, visibility.
 *
 * @module
 */

import type { LocalReply } from "../server/messages.ts";
import { errorReply, mayRead, NOT_FOUND, type NpmRequest } from "./request.ts";
import {
  type Json,
  maintainersOf,
  type NpmState,
  personOf,
  revisionOf,
  type StoredPackage,
  tarballPath,
  visibleVersions,
} from "./state.ts";

/** Asks for the short form of a packument (npm/registry docs/responses/package-metadata.md). */
const ABBREVIATED = "application/vnd.npm.install-v1+json";

/** What the short form keeps of a version. */
const KEPT = [
  ...["name", "version", "deprecated", "dependencies", "optionalDependencies", "devDependencies"],
  ...["bundleDependencies", "peerDependencies", "peerDependenciesMeta", "bin", "directories"],
  ...["dist", "engines", "os", "cpu", "libc", "funding", "hasInstallScript"],
];

/** `GET /{name}`, `GET /{name}/{version-or-tag}`, `GET /{name}/-/{file}`, `GET /-/package/{name}/visibility`. */
export function readEndpoints(request: NpmRequest, state: NpmState): LocalReply | undefined {
  if (request.method !== "GET" && request.method !== "HEAD") return undefined;
  const asked = /^-\/package\/(.+)\/visibility$/.exec(request.plainPath)?.[1];
  if (asked !== undefined) return visibility(asked, { request, state });
  if (request.name === undefined) return undefined;
  const stored = mayRead(request, state, request.name)
    ? state.packages.get(request.name)
    : undefined;
  if (stored === undefined || isUnseen(stored)) return NOT_FOUND;
  if (request.rest === "") return packument(stored, request);
  return request.rest.startsWith("-/")
    ? tarball(stored, request.plainPath)
    : oneVersion(stored, request.rest);
}

/** A name whose only versions are not shown yet is not known to readers either. */
function isUnseen(stored: StoredPackage): boolean {
  return stored.unpublished === undefined && visibleVersions(stored).length === 0;
}

function packument(stored: StoredPackage, { headers }: NpmRequest): LocalReply {
  const isShort = headers.get("accept")?.includes(ABBREVIATED) ?? false;
  const body = isShort ? abbreviated(stored) : full(stored);
  return {
    status: 200,
    headers: {
      "content-type": isShort ? ABBREVIATED : "application/json",
      "cache-control": "public, max-age=300",
      vary: "accept-encoding, accept",
    },
    body: JSON.stringify(body),
  };
}

function full(stored: StoredPackage): Json {
  const { name, unpublished } = stored;
  const visible = visibleVersions(stored);
  const newest = visible.at(-1)?.[1].manifest ?? {};
  const shown = new Set(visible.map(([version]) => version));
  const dates = [...stored.time].filter(([version]) =>
    shown.has(version) || isGone(stored, version)
  );
  const stamps = [...stored.time.values()].sort();
  const time = {
    created: stamps[0],
    modified: stamps.at(-1),
    ...Object.fromEntries(dates),
    ...(unpublished === undefined ? {} : { unpublished: { name, ...unpublished } }),
  };
  const base = { _id: name, _rev: revisionOf(stored), name, time };
  if (unpublished !== undefined) return base;
  return {
    ...base,
    "dist-tags": visibleTags(stored),
    versions: Object.fromEntries(visible.map(([version, { manifest }]) => [version, manifest])),
    ...pick(newest, ["description", "license", "repository", "readme", "readmeFilename"]),
    maintainers: maintainersOf(stored).map(personOf),
    users: Object.fromEntries([...stored.stars ?? []].map((user) => [user, true])),
  };
}

function isGone(stored: StoredPackage, version: string): boolean {
  return !stored.versions.has(version);
}

function abbreviated(stored: StoredPackage): Json {
  const versions = visibleVersions(stored).map(([version, { manifest }]) =>
    [version, pick(manifest, KEPT)] as const
  );
  return {
    name: stored.name,
    modified: [...stored.time.values()].sort().at(-1),
    "dist-tags": visibleTags(stored),
    versions: Object.fromEntries(versions),
  };
}

/** Tags, without those that point at versions that are not shown yet. */
export function visibleTags(stored: StoredPackage): Record<string, string> {
  const shown = new Set(visibleVersions(stored).map(([version]) => version));
  return Object.fromEntries([...stored.distTags].filter(([, version]) => shown.has(version)));
}

function pick(manifest: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(manifest).filter(([key]) => keys.includes(key)));
}

function oneVersion(stored: StoredPackage, wanted: string): LocalReply {
  const version = visibleTags(stored)[wanted] ?? wanted;
  const found = visibleVersions(stored).find(([number]) => number === version);
  return found === undefined
    ? errorReply(404, `version not found: ${wanted}`)
    : { status: 200, body: found[1].manifest };
}

function tarball(stored: StoredPackage, path: string): LocalReply {
  const found = visibleVersions(stored).find(([version]) =>
    path === tarballPath(stored.name, version)
  );
  if (found === undefined) return NOT_FOUND;
  if (found[1].isMadeUp === true) {
    const missing = `what ${stored.name} ${found[0]} held is not kept here`;
    return { ...errorReply(424, missing), missing };
  }
  return {
    status: 200,
    headers: { "content-type": "application/octet-stream" },
    body: found[1].tarball,
  };
}

function visibility(
  name: string,
  { request, state }: { readonly request: NpmRequest; readonly state: NpmState },
): LocalReply {
  const stored = mayRead(request, state, name) ? state.packages.get(name) : undefined;
  if (stored === undefined) return NOT_FOUND;
  return { status: 200, body: { public: stored.access === "public" } };
}
