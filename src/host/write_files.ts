/**
 * Files that are written: our own, with the folders that they need; those of the user's, which are never written over
 * unasked; and those of the work tree that are changed for a while and put back as they were, byte for byte.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { cp, mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Failure, messageOf } from "../error.ts";
import { readBytesIfThere } from "./files.ts";

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

/** Makes a temporary folder; the caller removes it with the function that comes with it, which never throws. */
export async function makeTempFolder(
  prefix: string,
): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `${prefix}-`));
  // Cleaning up must not change an outcome: what is left behind is in the system's own temporary folder.
  return { path, remove: () => rm(path, { recursive: true, force: true }).catch(() => {}) };
}

/** What is written, and how. */
export interface TextToWrite {
  readonly text: string;
  /** Whether a file that is there is replaced. */
  readonly replaces: boolean;
}

/**
 * Writes a text as UTF-8; false when a file is there and is not to be replaced. That is one step for the system, so two
 * runs cannot both write. Throws `PIOT_FILE_UNWRITABLE`.
 */
export async function writeText(path: string, { text, replaces }: TextToWrite): Promise<boolean> {
  try {
    const file = await open(path, replaces ? "w" : "wx");
    try {
      await file.writeFile(text, "utf8");
    } catch (error) {
      // Half a file would be in the way of the next run.
      if (!replaces) await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (!replaces && (error as { code?: unknown }).code === "EEXIST") return false;
    throw new Failure("PIOT_FILE_UNWRITABLE", `Cannot write ${path}: ${messageOf(error)}`, {
      hint: "Check that its folder is there, and the permissions of both",
      cause: error,
    });
  }
}

/** What a file held before: its bytes, or nothing when there was none. */
interface Before {
  readonly path: string;
  readonly bytes: Uint8Array | undefined;
}

/** Remembers files; the function that it gives puts every one of them back, and removes those that were not there. */
export async function borrowFiles(paths: readonly string[]): Promise<() => Promise<void>> {
  const before = await Promise.all(
    paths.map(async (path): Promise<Before> => ({ path, bytes: await readBytesIfThere(path) })),
  );
  return async () => {
    await Promise.all(before.map(putBack));
  };
}

async function putBack({ path, bytes }: Before): Promise<void> {
  if (bytes === undefined) return await rm(path, { force: true });
  const now = await readBytesIfThere(path);
  // Writing the same bytes again would change the time that build tools go by.
  if (now === undefined || !Buffer.from(now).equals(bytes)) await writeFile(path, bytes);
}

/** Writes texts as UTF-8, by path. */
export async function writeTexts(texts: ReadonlyMap<string, string>): Promise<void> {
  await Promise.all([...texts].map(([path, text]) => writeFile(path, text)));
}
