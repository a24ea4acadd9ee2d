/**
 * Files of the work tree that are changed for a while and put back as they were, byte for byte.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { readFile, rm, writeFile } from "node:fs/promises";

/** What a file held before: its bytes, or nothing when there was none. */
interface Before {
  readonly path: string;
  readonly bytes: Uint8Array | undefined;
}

/** Remembers files; the function that it gives puts every one of them back, and removes those that were not there. */
export async function borrowFiles(paths: readonly string[]): Promise<() => Promise<void>> {
  const before = await Promise.all(
    paths.map(async (path): Promise<Before> => ({ path, bytes: await bytesIfThere(path) })),
  );
  return async () => {
    await Promise.all(before.map(putBack));
  };
}

async function putBack({ path, bytes }: Before): Promise<void> {
  if (bytes === undefined) return await rm(path, { force: true });
  const now = await bytesIfThere(path);
  // Writing the same bytes again would change the time that build tools go by.
  if (now === undefined || !Buffer.from(now).equals(bytes)) await writeFile(path, bytes);
}

async function bytesIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes texts as UTF-8, by path. */
export async function writeTexts(texts: ReadonlyMap<string, string>): Promise<void> {
  await Promise.all([...texts].map(([path, text]) => writeFile(path, text)));
}
