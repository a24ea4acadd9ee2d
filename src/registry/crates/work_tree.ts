/**
 * The checkout that crates are packaged in: what a verification build leaves behind there is found.
 *
 * @module
 */

import { someOf } from "../../core/words/phrases.ts";
import { Failure } from "../../error.ts";
import type { Git } from "../../host/git.ts";

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
  const fresh = after.filter((record) => !before.includes(record)).map((record) => record.slice(3))
    // cargo writes one where there is none.
    .filter((path) => !/(^|\/)Cargo\.lock$/.test(path));
  if (fresh.length === 0) {
    // What is ignored may be packaged all the same, where `include` names it.
    await git.run(["clean", "-ffdXq", "-e", "!Cargo.lock"]);
    return;
  }
  throw new Failure(
    "PIOT_DIRTY_TREE",
    `Cannot publish crates: their verification build wrote into the checkout: ${quoteSome(fresh)}`,
    { hint: "Make the build script write below OUT_DIR, or have .gitignore name what it writes" },
  );
}

/** What git says of the work tree, one record for each path. */
export async function describeTree(git: Git): Promise<readonly string[]> {
  const args = ["status", "--porcelain=v1", "-z", "--untracked-files=normal", "--no-renames"];
  return (await git.text(args)).split("\0").filter((record) => record !== "");
}
