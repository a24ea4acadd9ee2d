/**
 * What of the work tree is not the commit's, by git's own notion: line ends, filters and LFS are as git has them. What its
 * index was told to pass over (`assume-unchanged`, `skip-worktree`) is looked at all the same, and submodules too.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { createGit, type Git } from "./git.ts";
import { copyIndex, type Index, readIndex } from "./git_index.ts";
import type { Whereabouts } from "./loans/places.ts";

/** How a path of the commit differs on the disk. */
export interface Difference {
  /**
   * `changed`: content, mode or type. `deleted`: it is not there. `left-out`: it is not there by wish, in a sparse checkout.
   * `submodule`: another commit of it is checked out, or none; the path ends in `/`.
   */
  readonly kind: "changed" | "deleted" | "left-out" | "submodule";
  /** The object id at the commit; undefined for a submodule, and for what is inside of one. */
  readonly id: string | undefined;
  /** Whether it is a symbolic link in the commit. */
  readonly wasLink?: true;
}

/** The work tree, held against HEAD. Paths are relative to its top, `/`-separated. */
export interface TreeState {
  /** Absolute, links resolved. */
  readonly top: string;
  /** Paths of the commit that differ. */
  readonly different: ReadonlyMap<string, Difference>;
  /** Files that the commit does not have and git does not ignore. A repository inside the tree ends in `/`. */
  readonly uncommitted: readonly string[];
  /** Symbolic links of the index: whoever follows one reads what may be of no commit. */
  readonly links: readonly string[];
}

/** Looks at the whole work tree around git's folder, with as many processes for one file as for all. */
export async function readWorkTree(git: Git, where: Whereabouts): Promise<TreeState> {
  const top = await topOf(git);
  const index = await readIndex(git);
  const copy = await copyIndex(git, { where, top, index });
  try {
    const args = [...BELIEVE_NOTHING, "status", "--porcelain=v2", "-z"];
    const text = await git.text([...args, ...WHOLE_STATUS], copy.options);
    return await withSubmodules(parseStatus(text, index), { git, where, top, index });
  } finally {
    await copy.remove();
  }
}

/** Settings with which git would take somebody's word for what has changed. */
const BELIEVE_NOTHING = [
  ...["-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false"],
  ...["-c", "core.trustctime=true", "-c", "core.checkStat=default"],
];

const WHOLE_STATUS = ["--untracked-files=all", "--ignore-submodules=none", "--no-renames"];

/** The top of the work tree around git's folder: absolute, links resolved. */
export async function topOf(git: Git): Promise<string> {
  const up = (await git.text(["rev-parse", "--show-cdup"])).replace(/\n$/, "");
  return await realpath(resolve(git.cwd, up));
}

interface Status extends Pick<TreeState, "uncommitted"> {
  readonly different: Map<string, Difference>;
  /** Submodules at the right commit whose own work tree differs. */
  readonly dirtySubmodules: readonly string[];
}

/** Porcelain format version 2 of git-status(1). */
function parseStatus(text: string, { leftOut }: Pick<Index, "leftOut">): Status {
  const different = new Map<string, Difference>();
  const uncommitted: string[] = [];
  const dirtySubmodules: string[] = [];
  for (const record of text.split("\0")) {
    if (record.startsWith("? ")) uncommitted.push(record.slice(2));
    if (record.startsWith("u ")) {
      const path = cut(record, 10).at(-1)!;
      different.set(path, { kind: "changed", id: undefined });
    }
    if (!record.startsWith("1 ")) continue;
    const [, , sub = "", atHead = "", , onDisk = "", id = "", , path = ""] = cut(record, 8);
    if (sub.startsWith("S")) {
      const isMoved = sub[1] === "C" || atHead !== "160000" || onDisk !== "160000";
      if (isMoved) different.set(`${path}/`, { kind: "submodule", id: undefined });
      else dirtySubmodules.push(path);
    } else if (onDisk === ABSENT) {
      if (atHead !== ABSENT) {
        const kind = leftOut.has(path) ? "left-out" : "deleted";
        different.set(path, { kind, id, ...asLink(atHead) });
      }
    } else if (atHead === ABSENT) uncommitted.push(path);
    else different.set(path, { kind: "changed", id, ...asLink(atHead) });
  }
  return { different, uncommitted, dirtySubmodules };
}

const ABSENT = "000000";

function asLink(mode: string): Pick<Difference, "wasLink"> {
  return mode === "120000" ? { wasLink: true } : {};
}

/** The first fields of a record, and the rest of it: a path may hold blanks. */
function cut(record: string, fields: number): string[] {
  const parts = record.split(" ");
  return [...parts.slice(0, fields), parts.slice(fields).join(" ")];
}

async function withSubmodules(
  { different, uncommitted, dirtySubmodules }: Status,
  { git, where, top, index }: {
    readonly git: Git;
    readonly where: Whereabouts;
    readonly top: string;
    readonly index: Index;
  },
): Promise<TreeState> {
  const all = [...uncommitted];
  const links = [...index.links];
  for (const path of index.submodules) {
    // Nothing is checked out there, which git finds no change.
    if (await lstat(join(top, path, ".git")).then(() => false, () => true)) {
      different.set(`${path}/`, { kind: "submodule", id: undefined });
    }
  }
  for (const path of dirtySubmodules) {
    const inner = await readWorkTree(createGit({ ...git, cwd: join(top, path) }), where);
    // Its objects are in a repository of its own, where nobody looks for them.
    for (const [name, difference] of inner.different) {
      different.set(`${path}/${name}`, { ...difference, id: undefined });
    }
    all.push(...inner.uncommitted.map((name) => `${path}/${name}`));
    links.push(...inner.links.map((name) => `${path}/${name}`));
  }
  return { top, different, uncommitted: all, links };
}

/**
 * Where something lies below the top of a work tree, which is empty for the top itself: links on the way are followed.
 * Undefined for what a link brings in from elsewhere, so that no commit of this repository has it.
 */
export async function pathInTree(
  { top }: Pick<TreeState, "top">,
  path: string,
): Promise<string | undefined> {
  // The file itself may not be there; its folder is.
  const real = await realpath(path).catch(async () =>
    join(await realpath(dirname(path)), basename(path))
  );
  const way = relative(top, real).split(sep).join("/");
  return /^(\.\.(\/|$)|\/|[A-Za-z]:)/.test(way) ? undefined : way;
}

/** A file of the commit. */
export interface CommittedFile {
  readonly id: string;
  readonly path: string;
}

/** The contents of files of the commit as git would check them out, line ends included; one process for all. */
export async function readCommitted(
  git: Git,
  files: readonly CommittedFile[],
): Promise<readonly string[]> {
  if (files.length === 0) return [];
  // Filtered contents have no length that git tells, so an object that is nowhere stands behind each.
  const mark = `piot-${crypto.randomUUID()}`;
  const input = files.map(({ id, path }) => `${id} ${path}\n${mark}\n`).join("");
  const args = ["cat-file", "--batch=%(objectname)", "--filters"];
  const { stdout } = await git.run(args, { input });
  const pieces = Buffer.from(stdout).toString().split(`\n${mark} missing\n`);
  return files.map((_, at) => pieces[at]!.slice(pieces[at]!.indexOf("\n") + 1));
}
