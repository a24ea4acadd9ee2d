/**
 * Digests of files. A module of its own: loading `node:crypto` takes longer than most of what a plan does (8 ms on Node,
 * 15 on Deno), and a plan hashes nothing.
 *
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { open } from "node:fs/promises";
import { unreadable } from "./files.ts";

/** Digests of a file, lower-case hex, read once and never held whole. Throws `PIOT_FILE_UNREADABLE`. */
export async function hashFile<A extends string>(
  path: string,
  algorithms: readonly A[],
): Promise<Record<A, string>> {
  const hashes = new Map<A, Hash>(algorithms.map((name) => [name, createHash(name)]));
  await readInto(path, (bytes) => {
    for (const hash of hashes.values()) hash.update(bytes);
  });
  const digests = [...hashes].map(([name, hash]) => [name, hash.digest("hex")] as const);
  return Object.fromEntries(digests) as Record<A, string>;
}

/** Reads a file through one buffer: fresh ones pile up until they are collected, 37 MB for a file of 100 MB. */
async function readInto(path: string, use: (bytes: Uint8Array) => void): Promise<void> {
  try {
    const file = await open(path);
    try {
      const buffer = new Uint8Array(2 ** 18);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
        if (bytesRead === 0) return;
        use(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}
