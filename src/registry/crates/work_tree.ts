/**
 * The work tree while crates are packaged in it: folders of the run itself, such as the one with downloaded artifacts, are
 * hidden from cargo, and what a verification build leaves behind is found.
 *
 * @module
 */

import { relative, resolve } from "node:path";
import { someOf } from "../../core/words/phrases.ts";
import { Failure } from "../../error.ts";
import { readTextIfThere } from "../../host/files.ts";
import type { Git } from "../../host/git.ts";
import { borrowFiles, type GiveBack } from "../../host/loans/loans.ts";
import type { Whereabouts } from "../../host/loans/places.ts";
import { topOf } from "../../host/work_tree.ts";

const MOST_SHOWN = 20;

/** Files for a message, the first of many. */
export function quoteSome(files: readonly string[]): string {
  return someOf(files.map((file) => `"${file}"`), MOST_SHOWN);
}

/**
 * Throws `PIOT_DIRTY_TREE` when the work tree is not what it was: a verification build runs code of packages, and what
 * it leaves behind would go out with the crates. `before` is what {@link describeTree} gave.
 */
export async function requireSameTree(
  { git, before }: { readonly git: Git; readonly before: readonly string[] },
): Promise<void> {
  const after = await describeTree(git);
  const fresh = after.filter((record) => !before.includes(record)).map((record) => record.slice(3));
  if (fresh.length === 0) return;
  throw new Failure(
    "PIOT_DIRTY_TREE",
    `Cannot publish crates: their verification build wrote into the work tree: ${quoteSome(fresh)}`,
    { hint: "Make the build script write below OUT_DIR, or have .gitignore name what it writes" },
  );
}

/** What git says of the work tree, one record for each path. */
export async function describeTree(git: Git): Promise<readonly string[]> {
  const args = ["status", "--porcelain=v1", "-z", "--untracked-files=normal", "--no-renames"];
  return (await git.text(args)).split("\0").filter((record) => record !== "");
}

/**
 * Makes git ignore folders, absolute paths, until they are given back; those outside the work tree need nothing. They stand
 * for a while in git's `info/exclude`, the list of ignored paths that is of one clone and never committed. cargo goes by
 * it, and a crate at the repository's root would otherwise carry every artifact along.
 */
export async function excludeFolders(
  { git, where }: { readonly git: Git; readonly where: Whereabouts },
  folders: readonly string[],
): Promise<GiveBack | undefined> {
  const top = await topOf(git);
  const rules = folders.map((folder) => relative(top, folder).replaceAll("\\", "/"))
    .filter((path) => path !== "" && path !== ".." && !path.startsWith("../"))
    .map((path) => `/${path.replace(/[\\*?[\]!# ]/g, "\\$&")}/\n`);
  if (rules.length === 0) return undefined;
  const named = await git.text(["rev-parse", "--git-path", "info/exclude"]);
  const path = resolve(git.cwd, named.trim());
  const before = await readTextIfThere(path) ?? "";
  const added = `${before === "" || before.endsWith("\n") ? "" : "\n"}${rules.join("")}`;
  return await borrowFiles(where, [{ path, text: before + added, added }]);
}
