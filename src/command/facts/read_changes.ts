/**
 * What changed since the last releases, and which globs match nothing.
 *
 * @module
 */

import { type Glob, indexGlobs, parseGlob } from "../../core/model/glob.ts";
import { makeGraph, reach } from "../../core/model/graph.ts";
import type { Config } from "../../core/model/config.ts";
import { netChanges } from "../../host/git_facts/net_changes.ts";
import type { Scope } from "../../host/git_facts/scope.ts";
import { emptyTree } from "../../host/git_facts/tree_diffs.ts";
import type { Readers } from "../workspace.ts";

/** What {@link readChanges} goes by. */
export interface ChangesSource {
  readonly config: Config;
  /** By package, the commit of its last release. */
  readonly last: ReadonlyMap<string, string>;
}

/** What {@link readChanges} finds. */
export interface Changes {
  /** By the commit of a last release. */
  readonly changes: ReadonlyMap<string, readonly string[]>;
  readonly emptyGlobs: ReadonlySet<string>;
}

/** Compares HEAD with the commits of the last releases, in the folders that matter to the packages released there. */
export async function readChanges(readers: Readers, source: ChangesSource): Promise<Changes> {
  const { repository } = readers;
  const patterns = new Set(source.config.packages.flatMap(({ paths }) => paths));
  const globs = new Map([...patterns].map((pattern) => [pattern, parseGlob(pattern)]));
  const nothing = emptyTree(repository.head.length);
  const wanted = scopesByCommit(source, { globs, head: repository.head });
  // Against the tree without entries, every file of HEAD is a change.
  const found = await netChanges(readers, {
    head: repository.head,
    prefix: repository.prefix,
    wanted: new Map([...wanted, [nothing, [...globs.values()].map(existence)]]),
  });
  return {
    changes: new Map([...found].filter(([tree]) => tree !== nothing)),
    emptyGlobs: emptyGlobs(globs, found.get(nothing)!),
  };
}

/** By the commit of a last release, where changes matter to the packages released there. */
function scopesByCommit(
  { config, last }: ChangesSource,
  { globs, head }: { readonly globs: ReadonlyMap<string, Glob>; readonly head: string },
): ReadonlyMap<string, readonly Scope[]> {
  const graph = makeGraph(config.packages);
  const scopesOf = new Map(
    config.packages.map(({ name, paths }) => [name, paths.map((path) => globs.get(path)!)]),
  );
  const wanted = new Map<string, Set<string>>();
  for (const { name } of config.packages) {
    const commit = last.get(name);
    if (commit === undefined || commit === head) continue;
    const names = wanted.get(commit) ?? new Set<string>();
    wanted.set(commit, names);
    for (const below of reach(graph.dependencies, [name]).keys()) names.add(below);
  }
  return new Map([...wanted].map(([commit, names]) => [
    commit,
    [...names].flatMap((name) => scopesOf.get(name) ?? []),
  ]));
}

/** Where to look for a file that a glob matches. Folders are never empty in git: for `base/**` it takes no file list. */
function existence({ base, rest, reach }: Glob): Scope {
  return { base, reach: rest === "**" ? "self" : reach };
}

/** The globs that match none of the files; a folder among these stands for the files in it. */
function emptyGlobs(
  globs: ReadonlyMap<string, Glob>,
  files: readonly string[],
): ReadonlySet<string> {
  const known = new Set(files);
  const empty = new Set<string>();
  for (const { pattern, base, rest } of globs.values()) {
    // A glob over everything matches the configuration file itself.
    const isThere = rest === "**" && (base === "" || known.has(`${base}/`));
    if (!isThere) empty.add(pattern);
  }
  const hitsOf = indexGlobs([...empty].map((pattern) => ({ name: pattern, paths: [pattern] })));
  for (const file of files) {
    for (const { pattern } of hitsOf(file)) empty.delete(pattern);
  }
  return empty;
}
