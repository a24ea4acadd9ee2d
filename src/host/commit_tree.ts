/**
 * The files of a commit by their paths, as a checkout of it shows them: through symbolic links, and into submodules that are
 * checked out.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { join, posix } from "node:path";
import { createGit, type Git } from "./git.ts";

/** What a path of a commit leads to. */
export type CommitPath =
  | { readonly kind: "file"; readonly id: string; readonly path: string; readonly git: Git }
  /** A submodule that is not checked out, or not at its commit: nobody can say what is in it. */
  | { readonly kind: "unknown"; readonly submodule: string }
  | { readonly kind: "absent" };

/** The files of one commit. Paths are from the top of the work tree, `/`-separated. */
export interface CommitTree {
  readonly format: "sha1" | "sha256";
  /** The folder that git runs in, from the top: empty, or with a `/` at its end. */
  readonly prefix: string;
  readonly find: (path: string) => Promise<CommitPath>;
  /** A path of the commit that differs from this one in case alone, as file systems keep the former one of a renamed file. */
  readonly otherCase: (path: string) => string | undefined;
}

interface Entry {
  readonly mode: string;
  readonly id: string;
}

const LINK = "120000";
const SUBMODULE = "160000";
/** Links lead through one another as often as this, as in the kernel. */
const MOST_LINKS = 40;

/** Reads the tree of a commit, with as many processes for one file as for all. */
export async function readCommitTree(git: Git, commit: string): Promise<CommitTree> {
  const place = await git.text(["rev-parse", "--show-cdup", "--show-prefix"]);
  const [up = "", prefix = ""] = place.split("\n");
  const entries = await readEntries(git, commit);
  const links = await readLinks(git, entries);
  const inner = new Map<string, Promise<CommitTree | undefined>>();
  const open = (path: string, id: string): Promise<CommitTree | undefined> => {
    const opened = inner.get(path) ?? openSubmodule(git, { folder: join(git.cwd, up, path), id });
    inner.set(path, opened);
    return opened;
  };
  const find = async (path: string, hops = 0): Promise<CommitPath> => {
    const entry = entries.get(path);
    if (entry !== undefined && entry.mode !== LINK && entry.mode !== SUBMODULE) {
      return { kind: "file", id: entry.id, path, git };
    }
    for (const above of foldersOf(path)) {
      const found = entries.get(above);
      const rest = path.slice(above.length + 1);
      if (found?.mode === SUBMODULE) {
        const tree = await open(above, found.id);
        return tree === undefined ? { kind: "unknown", submodule: above } : await tree.find(rest);
      }
      if (found?.mode !== LINK) continue;
      const to = posix.join(posix.dirname(above), links.get(above) ?? "", rest);
      return hops >= MOST_LINKS || isOutside(to, links.get(above) ?? "")
        ? { kind: "absent" }
        : await find(to.replace(/\/$/, ""), hops + 1);
    }
    return { kind: "absent" };
  };
  const format = commit.length === 64 ? "sha256" : "sha1";
  const otherCase = (path: string): string | undefined =>
    [...entries.keys()].find((other) => other.toLowerCase() === path.toLowerCase());
  return { format, prefix, find: (path) => find(path), otherCase };
}

function isOutside(path: string, target: string): boolean {
  return target.startsWith("/") || path === ".." || path.startsWith("../");
}

/** `a/b/c` → `a`, `a/b`, `a/b/c`. */
function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

async function readEntries(git: Git, commit: string): Promise<ReadonlyMap<string, Entry>> {
  const text = await git.text(["ls-tree", "-r", "-z", "--full-tree", commit]);
  const entries = new Map<string, Entry>();
  for (const record of text.split("\0")) {
    const tab = record.indexOf("\t");
    if (tab === -1) continue;
    const [mode = "", , id = ""] = record.slice(0, tab).split(" ");
    entries.set(record.slice(tab + 1), { mode, id });
  }
  return entries;
}

/** Where links lead, by their paths: their blobs, in one process. */
async function readLinks(
  git: Git,
  entries: ReadonlyMap<string, Entry>,
): Promise<ReadonlyMap<string, string>> {
  const links = [...entries].filter(([, { mode }]) => mode === LINK);
  if (links.length === 0) return new Map();
  const input = links.map(([, { id }]) => `${id}\n`).join("");
  const { stdout } = await git.run(["cat-file", "--batch"], { input });
  let rest = Buffer.from(stdout);
  return new Map(links.map(([path]) => {
    const end = rest.indexOf("\n");
    const size = Number(rest.subarray(0, end).toString().split(" ").at(-1));
    const target = rest.subarray(end + 1, end + 1 + size).toString();
    rest = rest.subarray(end + 1 + size + 1);
    return [path, target];
  }));
}

/** Undefined where it is not checked out, or its commit is not there. */
async function openSubmodule(
  git: Git,
  { folder, id }: { readonly folder: string; readonly id: string },
): Promise<CommitTree | undefined> {
  const inner = createGit({ ...git, cwd: folder });
  try {
    const up = await inner.text(["rev-parse", "--show-cdup"]);
    // A folder that is empty belongs to the repository around it.
    return up.trim() === "" ? await readCommitTree(inner, id) : undefined;
  } catch {
    return undefined;
  }
}
