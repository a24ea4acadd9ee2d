/**
 * Whether a folder of the user's lies in a checkout, where it is anybody's who could commit to it.
 *
 * @module
 */

import { realpath } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { kindOfPath } from "./files.ts";

/** The top of the work tree that a folder lies in; undefined for one that lies in none. */
export async function workTreeOf(folder: string): Promise<string | undefined> {
  for (let place = folder;; place = dirname(place)) {
    if (await kindOfPath(join(place, ".git")) !== undefined) return place;
    if (place === dirname(place)) return undefined;
  }
}

/**
 * A folder that lies in the work tree around `root`, or below `root` where there is no work tree: absolute, links resolved.
 * Undefined for one elsewhere. A relative one counts from `root`.
 */
export async function folderInside(folder: string, root: string): Promise<string | undefined> {
  const real = await realFolder(resolve(root, folder));
  const top = await realFolder(await workTreeOf(root) ?? root);
  return `${real}${sep}`.startsWith(`${top}${sep}`) ? real : undefined;
}

/** Links resolved, as far as it is there. */
async function realFolder(path: string): Promise<string> {
  return await realpath(path).catch(() => path);
}
