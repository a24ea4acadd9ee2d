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
}

/** Puts a public package with one version, which holds nothing but its name, onto a registry. */
export async function holdEarlierRelease(
  state: NpmState,
  { name, version, owner, ...known }: EarlierRelease,
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
  const stored: StoredPackage = {
    name,
    owner,
    access: "public",
    distTags: new Map([["latest", version]]),
    versions: new Map([[version, { manifest, tarball, pending: false, provenance: undefined }]]),
    time: new Map([[version, state.now().toISOString()]]),
    revision: 1,
  };
  state.packages.set(name, stored);
}
