/**
 * Where it is noted what a run has borrowed: in the git folder that all work trees of a repository share, or else in the
 * user's folder for the state of programs. The next run finds it there, wherever it starts.
 *
 * @module
 */

import type { Stats } from "node:fs";
import { lstat, mkdir, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import process from "node:process";
import { kindOfPath, readTextIfThere } from "../files.ts";
import type { Env } from "../host.ts";

const NAME = "putitoutthere";

/** Where a run is, and whose. */
export interface Whereabouts {
  /** A folder in the repository, absolute. */
  readonly folder: string;
  readonly env: Env;
}

/**
 * Every folder that may hold notes, best first, whether it is there or not. What is borrowed of a repository is noted with
 * the repository; what has nothing to do with one comes last there.
 */
export async function notePlaces(
  { folder, env }: Whereabouts,
  { ofRepository }: { readonly ofRepository: boolean },
): Promise<readonly string[]> {
  const git = await gitFolder(folder);
  const inGit = git === undefined ? [] : [join(git, NAME)];
  const users = await userPlaces(env);
  return ofRepository ? [...inGit, ...users, lastPlace()] : [...users, ...inGit, lastPlace()];
}

/** The git folder of the repository around a folder, that of the main work tree; found without git. */
export async function gitFolder(folder: string): Promise<string | undefined> {
  for (let at = resolve(folder);; at = dirname(at)) {
    const found = await gitFolderIn(at);
    if (found !== undefined) return found;
    if (dirname(at) === at) return undefined;
  }
}

async function gitFolderIn(folder: string): Promise<string | undefined> {
  const path = join(folder, ".git");
  const kind = await kindOfPath(path).catch(() => undefined);
  if (kind === undefined) return undefined;
  const own = kind === "folder" ? path : await linkedFolder(path);
  if (own === undefined) return undefined;
  const common = await readTextIfThere(join(own, "commondir")).catch(() => undefined);
  return common === undefined ? own : resolve(own, common.trim());
}

/** Work trees beside the main one and submodules have a file that names their folder (gitrepository-layout). */
async function linkedFolder(path: string): Promise<string | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  const [, folder] = /^gitdir: (.+?)\r?\n?$/s.exec(text) ?? [];
  return folder === undefined ? undefined : resolve(dirname(path), folder);
}

async function userPlaces(env: Env): Promise<string[]> {
  const { XDG_STATE_HOME, HOME, LOCALAPPDATA } = env;
  if (XDG_STATE_HOME !== undefined && isAbsolute(XDG_STATE_HOME)) {
    return [join(XDG_STATE_HOME, NAME)];
  }
  if (process.platform === "win32") return LOCALAPPDATA ? [join(LOCALAPPDATA, NAME)] : [];
  // A home that is not there, such as a service's, is not made.
  const isHome = HOME !== undefined && HOME !== "" &&
    await kindOfPath(HOME).catch(() => undefined) === "folder";
  return isHome ? [join(HOME, ".local", "state", NAME)] : [];
}

/** For whoever has neither a repository nor a home that can be written to. */
function lastPlace(): string {
  return join(tmpdir(), `${NAME}-${userId() ?? "user"}`);
}

/** Undefined on Windows, and where Deno may not ask. */
function userId(): number | undefined {
  try {
    return process.getuid?.();
  } catch {
    return undefined;
  }
}

/** Whether there are notes to be read at all; cheap, since every command asks. */
export async function hasNotes(where: Whereabouts): Promise<boolean> {
  for (const place of await notePlaces(where, { ofRepository: true })) {
    const names = await readdir(place).catch(() => []);
    if (names.some((name) => name.startsWith("run-"))) return true;
  }
  return false;
}

/** The first of these folders that can be made and is nobody else's. */
export async function makePlace(places: readonly string[]): Promise<string> {
  let refusal: unknown;
  for (const place of places) {
    try {
      if (await makeOurs(place)) return place;
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal ?? new Error(`the folder for notes, ${places.at(-1)}, belongs to somebody else`);
}

/** A run that ends removes the folder when it is empty, be it in this very moment. */
export const MOST_RACES: number = 50;

async function makeOurs(place: string): Promise<boolean> {
  for (let races = 1;; races++) {
    try {
      await mkdir(place, { recursive: true, mode: 0o700 });
      return isOwnedByUs(place, await lstat(place));
    } catch (error) {
      // EEXIST: it was there when it was to be made, and gone when `mkdir` looked whether it is a folder.
      const isRace = ["ENOENT", "EEXIST"].includes(String((error as { code?: unknown }).code));
      if (!isRace || races === MOST_RACES) throw error;
    }
  }
}

/**
 * Whether a folder's notes can be trusted. The system's temporary folder is everybody's, and whoever made the folder there
 * first could have anything "put back".
 */
export async function isOurs(place: string): Promise<boolean> {
  const found = await lstat(place).catch(() => undefined);
  return found !== undefined && isOwnedByUs(place, found);
}

function isOwnedByUs(place: string, found: Stats): boolean {
  if (place !== lastPlace()) return true;
  if (!found.isDirectory()) return false;
  // Each user of Windows has a temporary folder of their own.
  return process.platform === "win32" ||
    (found.uid === userId() && (found.mode & 0o022) === 0);
}
