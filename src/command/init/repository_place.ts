/**
 * Where in a repository `init` runs, as far as git tells: workflows lie at its root, and start on its main branch.
 *
 * @module
 */

import { resolve } from "node:path";
import { Failure } from "../../error.ts";
import { createGit } from "../../host/git.ts";
import type { Env } from "../../host/host.ts";

/** A place in a repository. */
export interface RepositoryPlace {
  /** The absolute root of the repository; the folder itself outside one. */
  readonly root: string;
  /** The way from there to the folder, `/`-separated; `.` for none. */
  readonly folder: string;
  /** The branch that releases are made from. */
  readonly branch: string;
}

/** What a clone says its remote's main branch is, and what main branches are called. */
const MAIN_REFS = ["refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master"];

/** Asks git. Without git, or outside a repository, the folder is the root of one to be, whose branch is `main`. */
export async function findPlace(folder: string, env: Env): Promise<RepositoryPlace> {
  const git = createGit({ cwd: folder, env });
  const lines = async (...args: readonly string[]): Promise<readonly string[]> => {
    try {
      return (await git.text(args)).split(/\r?\n/);
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  };
  const [up, inside] = await lines("rev-parse", "--show-cdup", "--show-prefix");
  if (up === undefined || inside === undefined) {
    return { root: folder, folder: ".", branch: "main" };
  }
  const refs = await lines("for-each-ref", "--format=%(refname) %(symref)", ...MAIN_REFS);
  const found = MAIN_REFS.flatMap((name) => refs.filter((line) => line.startsWith(`${name} `)));
  const [current = ""] = await lines("symbolic-ref", "HEAD");
  const [name = "", target = ""] = (found[0] ?? current).split(" ");
  const branch = (target || name).replace(/^refs\/(?:heads|remotes\/origin)\//, "");
  return {
    // Counted from here, so that a symbolic link on the way stays what it is called.
    root: resolve(folder, up),
    folder: inside.replace(/\/$/, "") || ".",
    // What a workflow's `branches` would take for a pattern is nobody's main branch.
    branch: /^[\w./-]+$/.test(branch) ? branch : "main",
  };
}
