/**
 * Files that are written whole or not at all: the content goes into a file beside, onto the disk, and from there under its
 * name in one step. Whoever is killed in between leaves the file as it was.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import {
  type FileHandle,
  link,
  open,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

/** The name of a file beside another one, for its new content: hidden, and nobody else's. */
export function nameBeside(path: string): string {
  return join(dirname(path), `.piot-${randomBytes(6).toString("hex")}.tmp`);
}

/** Linux follows no more (path_resolution(7)). */
const MOST_LINKS = 40;

/** The file that a path leads to, through symbolic links, whether it is there or not. */
export async function followLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const next = await readlink(target).catch(() => undefined);
    if (next === undefined) return target;
    // A `..` in the link counts from where its folder really is.
    target = resolve(await realpath(dirname(target)), next);
  }
  throw Object.assign(new Error(`too many symbolic links: ${path}`), { code: "ELOOP" });
}

/**
 * Writes a file. Mode and, where the system lets us, owner are kept; a symbolic link stays, and the file that it leads to
 * is written. What is no plain file, such as a pipe, is written as it is. `beside` is the name for the new content.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  { beside }: { readonly beside?: string } = {},
): Promise<void> {
  const target = await followLinks(path);
  const before = await statIfThere(target);
  if (before !== undefined && !before.isFile()) return await writeFile(target, content);
  // Replacing asks for the folder's permission only, and a file may be protected all the same. Opening tells; Deno's
  // access() goes by the mode alone, which is nothing to root.
  if (before !== undefined) await (await open(target, "r+")).close();
  const fresh = beside ?? nameBeside(target);
  try {
    await writeFresh(fresh, { content, like: before });
    await replace(fresh, target);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  await settleFolder(dirname(target));
}

/**
 * Writes a file that is not there yet; false when something is, a link that leads nowhere included. One step for the
 * system, so that of two runs only one writes.
 */
export async function createWhole(
  path: string,
  content: string | Uint8Array,
  { beside = nameBeside(path) }: { readonly beside?: string } = {},
): Promise<boolean> {
  try {
    await writeFresh(beside, { content, like: undefined });
    const isCreated = await linkFresh(beside, path);
    await settleFolder(dirname(path));
    return isCreated;
  } finally {
    await rm(beside, { force: true });
  }
}

async function linkFresh(fresh: string, path: string): Promise<boolean> {
  try {
    await link(fresh, path);
    return true;
  } catch (error) {
    if (isCode(error, ["EEXIST"])) return false;
    // File systems without hard links: the name is taken first, and gets its content in a second step.
    if (!isCode(error, ["EPERM", "ENOTSUP", "ENOSYS", "EOPNOTSUPP", "EMLINK"])) throw error;
    return await claimName(fresh, path);
  }
}

async function claimName(fresh: string, path: string): Promise<boolean> {
  try {
    await (await open(path, "wx")).close();
  } catch (error) {
    if (isCode(error, ["EEXIST"])) return false;
    throw error;
  }
  await replace(fresh, path);
  return true;
}

async function writeFresh(
  path: string,
  { content, like }: { readonly content: string | Uint8Array; readonly like: Stats | undefined },
): Promise<void> {
  // One of the same name is what a killed run left.
  await rm(path, { force: true });
  const file = await open(path, "wx", like === undefined ? 0o666 : like.mode & 0o777);
  try {
    await file.writeFile(content);
    if (like !== undefined) await takeAfter(file, like);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Owner first: a change of it clears bits of the mode (chown(2)). */
async function takeAfter(file: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  if (process.platform === "win32") return;
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) {
    // Only root gives files away. A file that is whole and ours is better than half of one that is not.
    await file.chown(uid, gid).catch(() => {});
  }
  await file.chmod(mode & 0o7777);
}

/** On Windows a file that a scanner or an editor looks at cannot be replaced for a moment. */
async function replace(fresh: string, target: string): Promise<void> {
  for (let wait = 10;; wait *= 2) {
    try {
      return await rename(fresh, target);
    } catch (error) {
      const isBusy = process.platform === "win32" && isCode(error, ["EPERM", "EACCES", "EBUSY"]);
      if (!isBusy || wait > 2000) throw error;
      await sleep(wait);
    }
  }
}

/** Brings a folder's entries onto the disk, where folders can be opened. */
async function settleFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    await folder.sync().finally(() => folder.close());
  } catch {
    // Windows opens no folders, and some file systems sync none: they keep their own order.
  }
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isCode(error, ["ENOENT"])) return undefined;
    throw error;
  }
}

function isCode(error: unknown, codes: readonly string[]): boolean {
  return codes.includes(String((error as { code?: unknown } | undefined)?.code));
}

/** Whether a file's name is one that {@link nameBeside} gives. */
export function isNameBeside(path: string): boolean {
  return /^\.piot-[0-9a-f]{12}\.tmp$/.test(basename(path));
}
