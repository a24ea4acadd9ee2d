/**
 * Opens an upload's tarball as a registry does, with another reader than the product's own: an archive that one of the
 * two takes for something else shows in a rehearsal. It is unpacked as a whole, in memory.
 *
 * @module
 */

import { posix } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type TarHeader, unpackTar } from "modern-tar";

/** One entry of a tarball. */
export interface UnpackedEntry {
  /** As the tarball has it. */
  readonly name: string;
  /** Its name without `.` parts, and without a slash at the end. */
  readonly path: string;
  readonly type: NonNullable<TarHeader["type"]>;
  /** Its content; empty for all but files. */
  readonly data: Uint8Array;
}

/** Unpacks a gzipped tar of at most `most` bytes, unzipped. Rejects when it is damaged or has more. */
export async function unpackTarball(
  tarball: Uint8Array,
  most: number = 2 ** 30,
): Promise<readonly UnpackedEntry[]> {
  const tar = await promisify(gunzip)(tarball, { maxOutputLength: most });
  const entries = await unpackTar(tar, { strict: true });
  return entries.map(({ header, data }) => ({
    name: header.name,
    path: posix.normalize(header.name).replace(/\/$/, ""),
    type: header.type ?? "file",
    data: data ?? new Uint8Array(),
  }));
}
