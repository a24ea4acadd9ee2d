/**
 * A release that was there before a rehearsal begins: a package that exists can trust a job, one that does not cannot.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { npmUser, type Origin } from "./publish.ts";
import { signatureOf } from "./signatures.ts";
import { type NpmState, type StoredPackage, tarballPath } from "./state.ts";

/** What was released. */
export interface EarlierRelease {
  readonly name: string;
  readonly version: string;
  /** The user that it belongs to. */
  readonly owner: string;
  /** How it came there; by that user's token when left out. */
  readonly origin?: Origin;
  /** Who may read it; everybody when left out. */
  readonly access?: StoredPackage["access"];
  /** The dist-tag that it got; `latest` when left out. */
  readonly tag?: string;
  /** Whether nobody can have its tarball, since it is not that of the release; everybody can when left out. */
  readonly isMadeUp?: boolean;
}

/** Puts a version, which holds nothing but its name, onto a registry; and the package when it is the first. */
export async function holdEarlierRelease(
  state: NpmState,
  { name, version, owner, access = "public", tag = "latest", isMadeUp = false, ...known }:
    EarlierRelease,
): Promise<void> {
  const body = JSON.stringify({ name, version });
  const header = {
    ...{ name: "package/package.json", size: body.length, type: "file" as const },
    // The same bytes in every rehearsal.
    mtime: new Date(0),
  };
  const tarball = gzipSync(await packTar([{ header, body }]));
  const origin = known.origin ?? { isTrusted: false, isApproved: false };
  const dist = {
    shasum: createHash("sha1").update(tarball).digest("hex"),
    integrity: `sha512-${createHash("sha512").update(tarball).digest("base64")}`,
    tarball: `${state.url}/${tarballPath(name, version)}`,
  };
  const signatures = [signatureOf({ name, version, manifest: { dist } }, state.key)];
  const manifest = {
    name,
    version,
    _npmUser: npmUser({ user: owner }, origin),
    dist: { ...dist, signatures },
  };
  const stored: StoredPackage = state.packages.get(name) ?? {
    ...{ name, owner, access, revision: 0 },
    // The first version takes it, whatever else it takes.
    distTags: new Map([["latest", version]]),
    ...{ versions: new Map(), time: new Map() },
  };
  stored.access = access;
  stored.distTags.set(tag, version);
  stored.versions.set(version, {
    ...{ manifest, tarball, pending: false, provenance: undefined, isMadeUp },
  });
  stored.time.set(version, state.now().toISOString());
  stored.revision++;
  state.packages.set(name, stored);
}
