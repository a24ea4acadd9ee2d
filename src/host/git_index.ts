/**
 * git's index, as far as it holds something back: entries that git was told to believe unchanged or not to check out, and
 * links and submodules among the rest.
 *
 * @module
 */

import { copyFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createGit, type Git, type GitOptions } from "./git.ts";
import { borrowFolder } from "./loans/loans.ts";
import type { Whereabouts } from "./loans/places.ts";

/** What the index says of its own entries. */
export interface Index {
  /** Paths that git was told to believe unchanged. */
  readonly believed: readonly string[];
  /** Paths that git was told not to check out. */
  readonly leftOut: ReadonlySet<string>;
  readonly submodules: readonly string[];
  readonly links: readonly string[];
}

/** `<tag> <mode> <id> <stage>\t<path>`; a tag in lower case is believed, `S` is left out (git-ls-files(1), `-v`). */
export async function readIndex(git: Git): Promise<Index> {
  const text = await git.text(["ls-files", "-v", "--stage", "-z", "--full-name", ":/"]);
  const believed: string[] = [];
  const leftOut = new Set<string>();
  const submodules: string[] = [];
  const links: string[] = [];
  for (const record of text.split("\0")) {
    const tab = record.indexOf("\t");
    if (tab === -1) continue;
    const path = record.slice(tab + 1);
    const tag = record[0]!;
    if (tag !== tag.toUpperCase()) believed.push(path);
    if (tag.toUpperCase() === "S") leftOut.add(path);
    if (record.startsWith("160000 ", 2)) submodules.push(path);
    if (record.startsWith("120000 ", 2)) links.push(path);
  }
  return { believed, leftOut, submodules, links };
}

/** Only where the index holds something back: a copy of it that does not. The user's own is never written. */
export async function copyIndex(
  git: Git,
  { where, top, index: { believed, leftOut } }: {
    readonly where: Whereabouts;
    /** The top of the work tree, absolute. */
    readonly top: string;
    readonly index: Index;
  },
): Promise<{ readonly options: GitOptions; readonly remove: () => Promise<void> }> {
  if (believed.length === 0 && leftOut.size === 0) {
    return { options: {}, remove: () => Promise.resolve() };
  }
  const folder = await borrowFolder(where, "piot-index");
  const path = join(folder.path, "index");
  const own = (await git.text(["rev-parse", "--git-path", "index"])).replace(/\n$/, "");
  await copyFile(resolve(git.cwd, own), path);
  const options = { env: { GIT_INDEX_FILE: path } };
  for (
    const [flag, paths] of [
      ["--no-assume-unchanged", believed],
      ["--no-skip-worktree", [...leftOut]],
    ] as const
  ) {
    if (paths.length === 0) continue;
    const input = paths.map((path) => `${path}\0`).join("");
    await createGit({ ...git, cwd: top })
      .run(["update-index", flag, "-z", "--stdin"], { ...options, input });
  }
  return { options, remove: folder.remove };
}
