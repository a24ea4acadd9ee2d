/**
 * A commit, checked out into a temporary folder: its files, as the user's own git makes them (line ends, filters, Git LFS,
 * submodules), and nothing else. Neither the user's files nor their repository are written: the folder has a repository of
 * its own, which borrows the objects of theirs.
 *
 * @module
 */

import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createGit, type Git } from "./git.ts";
import { borrowFolder } from "./loans/loans.ts";
import type { Whereabouts } from "./loans/places.ts";
import { topOf } from "./work_tree.ts";

/** A commit on the disk, for as long as the run lasts. */
export interface CommitCheckout {
  /** The folder that stands for the one that git runs in, absolute, links resolved. */
  readonly root: string;
  /** git in that folder. */
  readonly git: Git;
  /** Submodules that nobody has here at their commits, from the top: their folders are empty. */
  readonly missing: readonly string[];
  /** Never throws. */
  readonly remove: () => Promise<void>;
}

/** Checks a commit out. Throws `PIOT_GIT` when git cannot, as when a filter that the commit needs is not installed. */
export async function checkOutCommit(
  git: Git,
  { where, commit }: { readonly where: Whereabouts; readonly commit: string },
): Promise<CommitCheckout> {
  const { path, remove } = await borrowFolder(where, "piot-commit");
  try {
    const folder = join(await realpath(path), "tree");
    const prefix = (await git.text(["rev-parse", "--show-prefix"])).replace(/\n$/, "");
    const missing = await fill(git, { from: await topOf(git), folder, commit });
    const root = join(folder, prefix);
    return { root, git: createGit({ ...git, cwd: root }), missing, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

interface Filling {
  /** The top of the work tree whose repository has the commit. */
  readonly from: string;
  readonly folder: string;
  readonly commit: string;
}

/** Settings with which the index would hold something back, or say less than it should. */
const WHOLE = [
  ...["-c", "core.sparseCheckout=false", "-c", "core.fsmonitor=false"],
  ...["-c", "core.splitIndex=false", "-c", "core.untrackedCache=false"],
];

/** Fills a folder; gives the submodules that could not be filled, by their paths below it. */
async function fill(git: Git, { from, folder, commit }: Filling): Promise<readonly string[]> {
  const source = createGit({ ...git, cwd: from });
  const args = [
    "rev-parse",
    "--absolute-git-dir",
    "--git-path",
    "objects",
    "--git-path",
    "shallow",
  ];
  const [gitDir = "", objects = "", shallow = ""] = (await source.text(args)).split("\n");
  await makeRepository(folder, { objects: resolve(from, objects), commit });
  await copyIfThere(resolve(from, shallow), join(folder, ".git/shallow"));
  const own = createGit({ ...git, cwd: folder });
  const env = {
    GIT_DIR: gitDir,
    GIT_WORK_TREE: folder,
    GIT_INDEX_FILE: join(folder, ".git/index"),
  };
  await own.run([...WHOLE, "read-tree", commit], { env });
  await own.run([...WHOLE, "checkout-index", "--all", "--force", "--quiet", "-u"], { env });
  const missing: string[] = [];
  for (const { path, id } of await submodulesOf(own, env)) {
    const inner = { from: join(from, path), folder: join(folder, path), commit: id };
    if (await hasCommit(git, inner)) {
      missing.push(...(await fill(git, inner)).map((below) => `${path}/${below}`));
    } else missing.push(path);
  }
  return missing;
}

/** The least that git and cargo take for a repository. */
async function makeRepository(
  folder: string,
  { objects, commit }: { readonly objects: string; readonly commit: string },
): Promise<void> {
  await mkdir(join(folder, ".git/objects/info"), { recursive: true });
  await mkdir(join(folder, ".git/refs/heads"), { recursive: true });
  await writeFile(join(folder, ".git/objects/info/alternates"), `${objects}\n`);
  const format = commit.length === 64
    ? "repositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n[core]\n"
    : "repositoryformatversion = 0\n";
  await writeFile(join(folder, ".git/config"), `[core]\n\t${format}\tbare = false\n`);
  await writeFile(join(folder, ".git/HEAD"), `${commit}\n`);
}

async function copyIfThere(from: string, to: string): Promise<void> {
  const content = await readFile(from).catch(() => undefined);
  if (content !== undefined) await writeFile(to, content);
}

async function submodulesOf(
  git: Git,
  env: Record<string, string>,
): Promise<readonly { readonly path: string; readonly id: string }[]> {
  const text = await git.text(["ls-files", "--stage", "-z"], { env });
  return text.split("\0").flatMap((record) => {
    const found = /^160000 ([0-9a-f]+) 0\t(.*)$/s.exec(record);
    return found === null ? [] : [{ id: found[1]!, path: found[2]! }];
  });
}

/** Whether a submodule is checked out, with the commit that is asked for among its objects. */
async function hasCommit(
  git: Git,
  { from, commit }: Pick<Filling, "from" | "commit">,
): Promise<boolean> {
  const inner = createGit({ ...git, cwd: from });
  try {
    const up = await inner.text(["rev-parse", "--show-cdup"]);
    if (up.trim() !== "") return false;
    await inner.run(["cat-file", "-e", `${commit}^{commit}`]);
    return true;
  } catch {
    return false;
  }
}
