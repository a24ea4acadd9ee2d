/**
 * Which files of a repository are manifests of its own packages, by their paths.
 *
 * @module
 */

import type { KindRules } from "../model/kind.ts";

/** A path without its folder. */
export function bareName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** By kind; of one kind those that lie higher first, so that of two of one name the nearer one is kept. */
export function manifestOrder(
  kinds: readonly Pick<KindRules, "manifest">[],
): (a: Placed, b: Placed) => number {
  const names = kinds.map(({ manifest }) => manifest);
  const rank = (path: string): number => names.indexOf(bareName(path));
  const depth = (path: string): number => path.split("/").length;
  return ({ file: a }, { file: b }) =>
    rank(a) - rank(b) || depth(a) - depth(b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Anything with a manifest's path. */
interface Placed {
  readonly file: string;
}

/** What tools make, or install. */
const MADE = new Set(["node_modules", "target", "dist", "venv", "__pycache__", "site-packages"]);

/** Whether a folder is looked into, by its bare name: not what tools make, and nothing hidden. */
export function isLookedInto(folder: string): boolean {
  return !folder.startsWith(".") && !MADE.has(folder);
}

/** What holds samples, or the code of others. */
const SAMPLES = new Set([
  ...["test", "tests", "__tests__", "testdata", "test-data", "fixtures", "__fixtures__", "e2e"],
  ...["example", "examples", "demos", "samples", "bench", "benches", "benchmarks", "fuzz"],
  ...["vendor", "third_party", "third-party", "templates"],
]);

/** The folder of a path that says that a manifest in it is a sample or somebody else's; undefined without one. */
export function sampleFolder(path: string): string | undefined {
  return path.split("/").slice(0, -1).find((folder) => SAMPLES.has(folder.toLowerCase()));
}

/** What no release depends on: it is not part of what is published, or is made of it. */
const ASIDE = new Set([...SAMPLES, "docs", "doc", "scripts", "build", "out", "coverage"]);

/** Whether a folder of a package that shares its own with others is left out of its `paths`. */
export function isAside(folder: string): boolean {
  return !isLookedInto(folder) || ASIDE.has(folder.toLowerCase());
}
