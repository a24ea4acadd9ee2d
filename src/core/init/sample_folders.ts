/**
 * Folders that no package of the repository itself lies in.
 *
 * @module
 */

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
