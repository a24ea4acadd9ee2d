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

/** Whether a content is such a pointer; whether LFS has the file, its attributes say. */
export function isLfsPointer(content: Uint8Array): boolean {
  return content.length < LARGEST && POINTER.test(Buffer.from(content).toString());
}

/** Those of `paths`, from the top of the work tree, that lie there as pointers and have `filter=lfs`. */
export async function lfsPointers(
  git: Git,
  { top, paths }: { readonly top: string; readonly paths: readonly string[] },
): Promise<readonly string[]> {
  return await lfsFiles(createGit({ ...git, cwd: top }), await pointersAt(top, paths));
}

/** Those of `paths`, from the folder that git runs in, that attributes give to LFS: a pointer that is none of them is a test's. */
export async function lfsFiles(git: Git, paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const { stdout } = await git.run(["check-attr", "-z", "--stdin", "filter"], {
    input: paths.map((path) => `${path}\0`).join(""),
  });
  const said = Buffer.from(stdout).toString().split("\0");
  return paths.filter((_, at) => said[at * 3 + 2] === "lfs");
}

/** All files of the index that attributes give to LFS and that lie below the folder that git runs in as pointers, absolute. */
export async function trackedPointers(git: Git): Promise<readonly string[]> {
  const text = await git.text(["ls-files", "-z", "--", ":(attr:filter=lfs)"]);
  const paths = text.split("\0").filter((path) => path !== "");
  return (await pointersAt(git.cwd, paths)).map((path) => join(git.cwd, path));
}

async function pointersAt(top: string, paths: readonly string[]): Promise<readonly string[]> {
  const alike: string[] = [];
  for (const path of paths) if (await isPointer(join(top, path))) alike.push(path);
  return alike;
}

async function isPointer(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size >= LARGEST) return false;
  return isLfsPointer(await readFile(path));
}
