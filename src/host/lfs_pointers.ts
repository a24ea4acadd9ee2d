/**
 * Files that a checkout has only as pointers of Git LFS: git finds no change in them, while a package of them has not what
 * the commit means.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createGit, type Git } from "./git.ts";

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md#the-pointer: the first key, and less than 1024 bytes. */
const POINTER = /^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\r?\n/;
const LARGEST = 1024;

/** Those of `paths`, from the top of the work tree, that lie there as pointers and have `filter=lfs`. */
export async function lfsPointers(
  git: Git,
  { top, paths }: { readonly top: string; readonly paths: readonly string[] },
): Promise<readonly string[]> {
  const alike: string[] = [];
  for (const path of paths) if (await isPointer(join(top, path))) alike.push(path);
  if (alike.length === 0) return [];
  // One that no attribute gives to LFS is an ordinary file, such as a test's.
  const { stdout } = await createGit({ ...git, cwd: top }).run(
    ["check-attr", "-z", "--stdin", "filter"],
    { input: alike.map((path) => `${path}\0`).join("") },
  );
  const said = Buffer.from(stdout).toString().split("\0");
  return alike.filter((_, at) => said[at * 3 + 2] === "lfs");
}

async function isPointer(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size >= LARGEST) return false;
  return POINTER.test(await readFile(path, "utf8"));
}
