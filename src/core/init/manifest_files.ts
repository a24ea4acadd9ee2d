/**
 * Which files of a repository are manifests of its own packages, by their paths.
 *
 * @module
 */

/** The names of manifests, in the order in which their packages are written. */
const MANIFESTS: readonly string[] = ["Cargo.toml", "pyproject.toml", "package.json"];

/** Whether a path is that of a manifest. */
export function isManifest(path: string): boolean {
  return MANIFESTS.includes(bareName(path));
}

/** A path without its folder. */
export function bareName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** By kind; of one kind those that lie higher first, so that of two of one name the nearer one is kept. */
export function compareManifests(a: string, b: string): number {
  const rank = (path: string): number => MANIFESTS.indexOf(bareName(path));
  const depth = (path: string): number => path.split("/").length;
  return rank(a) - rank(b) || depth(a) - depth(b) || (a < b ? -1 : a > b ? 1 : 0);
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
