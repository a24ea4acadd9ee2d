/**
 * Files of our own that are written, with the folders that they need. What is written or borrowed of the user's is in
 * `loans/`.
 *
 * @module
 */

import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes a file; its folder must be there. */
export async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes);
}

/** Writes a file while its content comes to be; its folder must be there. */
export async function writeChunks(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  await writeFile(path, chunks);
}

/** Makes a folder with those that it needs; it may be there already. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
}

/** Files by path, `/`-separated and relative to some folder. */
export type Tree = Readonly<Record<string, string | Uint8Array>>;

/** Writes files below a folder, with the folders that they need. */
export async function writeTree(root: string, files: Tree): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** Copies a folder with everything in it; the copy may be there already. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
}
