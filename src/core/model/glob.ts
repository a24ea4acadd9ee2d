/**
 * Globs: which files belong to whom. Anchored at the root; `**` crosses folders, `*` does not; dotfiles match. Whatever
 * characters a file's name holds, they are plain data. A path that ends with `/` is a folder or a submodule as a whole,
 * and belongs to the glob over all that is in it.
 *
 * @module
 */

import picomatch from "picomatch";

/** A glob, taken apart into the folder that it starts in and what it asks for below. */
export interface Glob {
  readonly pattern: string;
  /** The longest literal folder, unescaped, without a slash at its end; empty for the root. */
  readonly base: string;
  /** The rest below it; empty when the whole glob is literal, and then `base` is the one path that it matches. */
  readonly rest: string;
  /**
   * How far below `base` a match can lie: `file` is the path `base` itself, `folder` is directly in it, `tree` is
   * anywhere below.
   */
  readonly reach: "file" | "folder" | "tree";
}

/** Takes a glob apart. */
export function parseGlob(pattern: string): Glob {
  // The usual glob, thousands of times: plain folders, and all that is in them.
  if (PLAIN.test(pattern)) {
    return { pattern, base: pattern.slice(0, -"/**".length), rest: "**", reach: "tree" };
  }
  const segments = pattern.split("/").filter((segment) => segment !== "." && segment !== "");
  const first = segments.findIndex((segment) => !isLiteral(segment));
  const literal = first === -1 ? segments : segments.slice(0, first);
  const base = literal.map(unescape).join("/");
  const rest = first === -1 ? "" : segments.slice(first).join("/");
  return { pattern, base, rest, reach: reachOf(rest) };
}

const PLAIN = /^(?:[\w@-][\w@.-]*\/)+\*\*$/;

function reachOf(rest: string): Glob["reach"] {
  if (rest === "") return "file";
  // A group in parentheses is a piece of a regular expression, and may cross folders.
  return /^[^/(]+$/.test(rest) && !rest.includes("**") ? "folder" : "tree";
}

/** A glob character counts as plain when a backslash stands before it. */
function isLiteral(segment: string): boolean {
  const bare = segment.includes("\\") ? segment.replace(/\\[^/]/g, "") : segment;
  return !/[*?[\]{}()|]/.test(bare);
}

function unescape(segment: string): string {
  return segment.includes("\\") ? segment.replace(/\\([^/])/g, "$1") : segment;
}

type Test = (path: string) => boolean;

/** `s`: a file's name may hold line breaks. `windows`: paths are git's, whatever the machine. */
const OPTIONS = { dot: true, nonegate: true, windows: false, flags: "s" } as const;

function compile(glob: Glob): Test {
  const { base, rest } = glob;
  if (rest === "") return (path) => path === base;
  const start = base === "" ? "" : `${base}/`;
  if (rest === "**") return (path) => path !== "" && path.startsWith(start);
  const below = picomatch(rest, OPTIONS);
  return (path) => path.startsWith(start) && !path.endsWith("/") && below(path.slice(start.length));
}

/** Whether a path matches any of some globs. */
export function compileGlobs(patterns: readonly string[]): Test {
  const tests = patterns.map((pattern) => compile(parseGlob(pattern)));
  return (path) => tests.some((test) => test(path));
}

/** One glob of one owner that a path matched. */
export interface GlobHit {
  readonly owner: string;
  readonly pattern: string;
}

interface Shelf {
  readonly glob: Glob;
  readonly owners: string[];
  /** Compiled when the first path asks: most shelves are never asked. */
  test?: Test;
}

/** Owners and their globs. */
export interface GlobOwner {
  readonly name: string;
  readonly paths: readonly string[];
}

/**
 * Finds the owners of a path without trying every glob: each is shelved under its literal folder, and a path asks only
 * the shelves of the folders that it lies in.
 */
export function indexGlobs(owners: readonly GlobOwner[]): (path: string) => readonly GlobHit[] {
  const shelves = new Map<string, Map<string, Shelf>>();
  for (const { name, paths } of owners) {
    for (const pattern of paths) shelve(shelves, parseGlob(pattern), name);
  }
  return (path) => {
    const hits: GlobHit[] = [];
    for (const folder of withParents(path)) {
      for (const shelf of shelves.get(folder)?.values() ?? []) {
        const test = shelf.test ??= compile(shelf.glob);
        if (!test(path)) continue;
        for (const owner of shelf.owners) hits.push({ owner, pattern: shelf.glob.pattern });
      }
    }
    return hits;
  };
}

function shelve(shelves: Map<string, Map<string, Shelf>>, glob: Glob, owner: string): void {
  const shelf = shelves.get(glob.base) ?? new Map<string, Shelf>();
  shelves.set(glob.base, shelf);
  const known = shelf.get(glob.pattern);
  if (known === undefined) shelf.set(glob.pattern, { glob, owners: [owner] });
  else if (!known.owners.includes(owner)) known.owners.push(owner);
}

/** A path's folders from the root down, and the path itself: `a/b` → ``, `a`, `a/b`. */
function* withParents(path: string): Generator<string> {
  yield "";
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
    yield path.slice(0, at);
  }
  yield path;
}
