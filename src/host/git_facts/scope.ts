/**
 * Which parts of a tree a question is about, as a tree of folders itself, so that each folder is looked into once.
 *
 * @module
 */

import { rawName } from "./tree.ts";

/** A part of a tree. */
export interface Scope {
  /** A `/`-separated path; empty for the root. */
  readonly base: string;
  /**
   * `file`: the path itself, unless it is a folder. `folder`: the files right in it. `tree`: all files below it. `self`:
   * whether there is such a folder; one that is there on one side only is told as its path and a `/`.
   */
  readonly reach: "file" | "folder" | "tree" | "self";
}

/** One path that matters, and those below it. */
export interface ScopeNode {
  readonly path: string;
  /** What of it matters. */
  readonly reaches: Set<Scope["reach"]>;
  /** By raw name. */
  readonly children: ReadonlyMap<string, ScopeNode>;
}

/** A node that is being made. */
interface GrowingNode extends ScopeNode {
  readonly children: Map<string, GrowingNode>;
}

/** Joins scopes; `prefix` stands before each base and is empty or ends with `/`. */
export function scopeTree(scopes: Iterable<Scope>, prefix: string): ScopeNode {
  const root: GrowingNode = { path: "", reaches: new Set(), children: new Map() };
  for (const { base, reach } of scopes) {
    let node = root;
    for (const part of `${prefix}${base}`.split("/")) {
      if (part !== "") node = child(node, part);
    }
    node.reaches.add(reach);
  }
  return root;
}

function child(node: GrowingNode, part: string): GrowingNode {
  const key = rawName(part);
  const known = node.children.get(key);
  if (known !== undefined) return known;
  const path = node.path === "" ? part : `${node.path}/${part}`;
  const made: GrowingNode = { path, reaches: new Set(), children: new Map() };
  node.children.set(key, made);
  return made;
}

/** The raw names that have to be looked for in a folder; undefined for all of them. */
export function wantedNames(node: ScopeNode): ReadonlySet<string> | undefined {
  return node.reaches.has("folder") ? undefined : new Set(node.children.keys());
}

const NONE: ReadonlyMap<string, ScopeNode> = new Map();

/**
 * The folders of some scopes when there are at most so many and each is about its folder as a whole, so that it is
 * enough to know which tree stands there; undefined otherwise. Git is asked line by line, so a path with a line break is
 * none of these.
 */
export function wholeFolders(
  scopes: readonly Scope[],
  { prefix, most }: { readonly prefix: string; readonly most: number },
): readonly ScopeNode[] | undefined {
  const found = new Map<string, ScopeNode>();
  for (const { base, reach } of scopes) {
    const path = base === "" ? prefix.slice(0, -1) : `${prefix}${base}`;
    if (reach === "file" || reach === "folder" || path === "" || path.includes("\n")) {
      return undefined;
    }
    const known = found.get(path);
    if (known !== undefined) known.reaches.add(reach);
    else if (found.size === most) return undefined;
    else found.set(path, { path, reaches: new Set([reach]), children: NONE });
  }
  return [...found.values()];
}
