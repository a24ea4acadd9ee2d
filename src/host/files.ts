/**
 * Files that are looked at and read, with failures that name the path.
 *
 * @module
 */

import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { Failure, messageOf } from "../error.ts";

/** A file's text; undefined when there is no such file. Throws `PIOT_FILE_UNREADABLE` for any other trouble. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(path, error);
  }
}

/** A file's bytes, held whole; undefined when there is no such file. Throws `PIOT_FILE_UNREADABLE` for any other trouble. */
export async function readBytesIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(path, error);
  }
}

/** `PIOT_FILE_UNREADABLE` for a path, with what the system said. */
export function unreadable(path: string, cause: unknown): Failure {
  return new Failure("PIOT_FILE_UNREADABLE", `Cannot read ${path}: ${messageOf(cause)}`, {
    hint: "Check the path and its permissions",
    cause,
  });
}

/** A file's bytes, held whole. Throws `PIOT_FILE_UNREADABLE` for any trouble. */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(path) as Uint8Array<ArrayBuffer>;
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Whether its owner may run a file. Never true on Windows, which has no such bit. */
export async function isExecutable(path: string): Promise<boolean> {
  return ((await stat(path)).mode & 0o100) !== 0;
}

function isMissing(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Whether a path is a file, a folder, or nothing. Links are followed. */
export async function kindOfPath(path: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether something below a folder is there, and is reached through a symbolic link. */
export async function isBehindLink(folder: string, path: string): Promise<boolean> {
  try {
    const [found, plain] = [await realpath(join(folder, path)), join(await realpath(folder), path)];
    // Some systems find files whatever the case of their names, and answer with the right one.
    return found.toLowerCase() !== plain.toLowerCase();
  } catch (error) {
    if (isMissing(error)) return await isDeadLink(join(folder, path));
    throw error;
  }
}

async function isDeadLink(path: string): Promise<boolean> {
  return await lstat(path).then((found) => found.isSymbolicLink(), () => false);
}

/** The names of the symbolic links that lie right in a folder, in byte order. */
export async function linksIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name).sort(byBytes);
}

/** The names of the folders right in a folder, in byte order; [] when it is absent. Links are none. */
export async function listFolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).sort(byBytes);
}

/** Every file below a folder (links are none), at any depth, as `/`-separated paths relative to it, in byte order; [] when it is absent. */
export async function walkFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    },
  );
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) =>
    relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/")
  ).sort(byBytes);
}

/** The order of the UTF-8 bytes, which is that of the code points. */
function byBytes(left: string, right: string): number {
  for (let at = 0; at < left.length && at < right.length; at++) {
    const difference = rank(left.charCodeAt(at)) - rank(right.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** A UTF-16 unit's place among the others: surrogates stand for code points beyond all single units. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** A file's content in pieces, read as they are asked for. Throws `PIOT_FILE_UNREADABLE`. */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array;
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A file's size in bytes. */
export async function fileSize(path: string): Promise<number> {
  return (await stat(path)).size;
}
