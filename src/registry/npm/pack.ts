/**
 * Packs a tarball as npm does, with bytes that depend on nothing but the files: the same on every runtime, system and
 * day.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createTarPacker, type TarPackController } from "modern-tar";
import { Deflate } from "pako";

/** One file of a package. */
export interface PackFile {
  /** Relative to package.json's folder, `/`-separated. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** The date of every file in every npm tarball, so that packing twice gives the same bytes (pacote, tar-create-options). */
const MTIME = new Date("1985-10-26T08:15:00.000Z");

/** {@link tarballChunks} in one piece. */
export async function packTarball(files: readonly PackFile[]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of tarballChunks(files)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * A gzipped ustar archive (pax headers for long names) with each file below `package/`, sorted by path, without
 * owners or folders. Modes are 0644 and 0755. Made piece by piece: the archive is never in memory as a whole.
 */
export async function* tarballChunks(files: readonly PackFile[]): AsyncGenerator<Uint8Array> {
  const zipped: Uint8Array[] = [];
  const deflate = new Deflate({ level: 9, gzip: true });
  deflate.onData = (chunk): void => void zipped.push(chunk as Uint8Array);
  let isFirst = true;
  for await (const piece of tarPieces(files)) {
    deflate.push(piece, piece === END);
    if (isFirst && zipped[0] !== undefined) {
      steady(zipped[0]);
      isFirst = false;
    }
    yield* zipped.splice(0);
  }
}

/** Closes the archive. */
const END: Uint8Array = new Uint8Array();

/** Bytes that are compressed at once. */
const PIECE = 2 ** 20;

async function* tarPieces(files: readonly PackFile[]): AsyncGenerator<Uint8Array> {
  const sorted = [...files].sort((a, b) => a.path < b.path ? -1 : 1);
  const { readable, controller } = createTarPacker();
  fill(controller, sorted).catch((error: unknown) => controller.error(error));
  for await (const chunk of readable) {
    for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE);
  }
  yield END;
}

async function fill(controller: TarPackController, files: readonly PackFile[]): Promise<void> {
  for (const { path, bytes, executable } of files) {
    const body = controller.add({
      name: `package/${path}`,
      size: bytes.length,
      type: "file",
      mode: executable ? 0o755 : 0o644,
      mtime: MTIME,
      uid: 0,
      gid: 0,
    }).getWriter();
    await body.write(bytes);
    await body.close();
  }
  controller.finalize();
}

/**
 * Deflate at level 9 is code of ours rather than the runtime's, since those differ; the header's time is zero and its
 * system "unknown" (RFC 1952 §2.3.1), as node-tar writes them.
 */
function steady(gzip: Uint8Array): void {
  gzip.fill(0, 4, 8);
  gzip[8] = 2;
  gzip[9] = 0xff;
}
