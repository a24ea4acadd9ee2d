/**
 * Which files are mutated, which of their mutants are tried, and which tests should notice.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { SourceFile } from "../source_graph.ts";
import type { Mutant } from "./mutants_in.ts";

const REGISTRY = "src/registry/registry.ts";

/** The heart: the stories of the commands, and whatever calls or implements the four verbs of a registry. */
export function heartOf(sources: readonly SourceFile[]): readonly SourceFile[] {
  return sources.filter(({ path, imports }) =>
    path.startsWith("src/command/") || imports.includes(REGISTRY)
  );
}

/**
 * Mutants in an order that the seed alone decides. One that comes or goes leaves the others in theirs, so that a run of a
 * later commit begins with the same ones.
 */
export function choose(mutants: readonly Mutant[], seed: number): readonly Mutant[] {
  const rank = ({ id }: Mutant): string =>
    createHash("sha256").update(`${seed} ${id}`).digest("hex");
  return mutants.map((mutant) => ({ mutant, rank: rank(mutant) }))
    .sort((a, b) => a.rank < b.rank ? -1 : 1)
    .map(({ mutant }) => mutant);
}

/** A test file, and how many imports lie between it and what is mutated. */
export interface NearTest {
  readonly path: string;
  readonly distance: number;
}

/** How many imports nearer a test counts that lies where the tests of a file's folder lie. */
const OWN_FOLDER = 3;

/** Whether a test lies in the folder of tests that mirrors the one of a source file, or below it. */
function isMirrored(test: string, source: string): boolean {
  const folder = source.split("/").slice(1, -1).join("/");
  const name = source.split("/").at(-1)!.replace(/\.ts$/, "");
  return test.startsWith(`tests/${folder}/`) || test.endsWith(`/${name}_test.ts`);
}

/** The test files that import a file, by whatever way, those of its own folder before others as near. */
export function testsOf(path: string, files: readonly SourceFile[]): readonly NearTest[] {
  const importers = new Map<string, string[]>();
  for (const file of files) {
    for (const to of file.imports) importers.set(to, [...importers.get(to) ?? [], file.path]);
  }
  const distances = new Map([[path, 0]]);
  for (const [reached, distance] of distances) {
    // A map is walked in the order of insertion, and what is added meanwhile too: breadth first.
    for (const importer of importers.get(reached) ?? []) {
      if (!distances.has(importer)) distances.set(importer, distance + 1);
    }
  }
  return [...distances].filter(([test]) => test.endsWith("_test.ts"))
    .map(([test, distance]) => ({
      path: test,
      distance: isMirrored(test, path) ? Math.max(1, distance - OWN_FOLDER) : distance,
    }))
    .sort((a, b) => a.distance - b.distance);
}

/**
 * Test files in the order in which they are tried, in groups that one process runs: the nearest and quickest first, and
 * none once their usual times have come to the budget. All in seconds.
 */
export function groupsOf(
  tests: readonly (NearTest & { readonly seconds: number })[],
  { group, budget }: { readonly group: number; readonly budget: number },
): readonly (readonly string[])[] {
  const groups: { seconds: number; paths: string[] }[] = [];
  let spent = 0;
  // A quick test two steps further away is sooner asked than a slow one.
  const cost = ({ distance, seconds }: NearTest & { readonly seconds: number }): number =>
    distance + seconds / 5;
  for (const { path, seconds } of [...tests].sort((a, b) => cost(a) - cost(b))) {
    if (spent > 0 && spent + seconds > budget) continue;
    spent += seconds;
    const last = groups.at(-1);
    if (last !== undefined && last.seconds + seconds <= group) {
      last.seconds += seconds;
      last.paths.push(path);
    } else groups.push({ seconds, paths: [path] });
  }
  return groups.map(({ paths }) => paths);
}
