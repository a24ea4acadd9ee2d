/**
 * Packs a tarball as npm does, with bytes that depend on nothing but the files: the same on every runtime, system and
 * day.
 *
 * @module
 */

import { packTar } from "modern-tar";
import { gzip } from "pako";

/** One file of a package. */
export interface PackFile {
  /** Relative to package.json's folder, `/`-separated. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** The date of every file in every npm tarball, so that packing twice gives the same bytes (pacote, tar-create-options). */
const MTIME = new Date("1985-10-26T08:15:00.000Z");

/**
 * A gzipped ustar archive (pax headers for long names) with each file below `package/`, sorted by path, without
 * owners or folders. Modes are 0644 and 0755.
 */
export async function packTarball(files: readonly PackFile[]): Promise<Uint8Array> {
  const sorted = [...files].sort((a, b) => a.path < b.path ? -1 : 1);
  const tar = await packTar(sorted.map(({ path, bytes, executable }) => ({
    header: {
      name: `package/${path}`,
      size: bytes.length,
      type: "file",
      mode: executable ? 0o755 : 0o644,
      mtime: MTIME,
      uid: 0,
      gid: 0,
    },
    body: bytes,
  })));
  return gzipSteadily(tar);
}

/**
 * Gzip at level 9 by a deflate that is code of ours rather than the runtime's, since those differ; the header's time is
 * zero and its system "unknown" (RFC 1952 §2.3.1), as node-tar writes them.
 */
function gzipSteadily(bytes: Uint8Array): Uint8Array {
  const zipped = gzip(bytes, { level: 9 });
  zipped.fill(0, 4, 8);
  zipped[8] = 2;
  zipped[9] = 0xff;
  return zipped;
}
