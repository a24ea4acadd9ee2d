/**
 * Which lines of the source a test file runs: only such a test can notice what is broken there. What a process that a test
 * starts runs is not known, so that tests of whole processes count for nothing here.
 *
 * @module
 */

import { posix } from "node:path";
import type { Mutant } from "./mutants_in.ts";

/** By path of a source file, the lines that were run, as stretches: `3-9,12`. */
export type CoveredLines = Readonly<Record<string, string>>;

/** Reads what `deno coverage --lcov` writes; of the files below `src/` of a root. */
export function coveredLines(lcov: string, root: string): CoveredLines {
  const covered: Record<string, string> = {};
  for (const record of lcov.split("end_of_record")) {
    const file = /^SF:(.+)$/m.exec(record)?.[1];
    if (file === undefined) continue;
    const path = posix.relative(root.replaceAll("\\", "/"), file.replaceAll("\\", "/"));
    const lines = [...record.matchAll(/^DA:(\d+),(\d+)$/gm)]
      .flatMap(([, line, count]) => Number(count) > 0 ? [Number(line)] : []);
    if (path.startsWith("src/") && lines.length > 0) covered[path] = stretches(lines);
  }
  return covered;
}

/** Whether one of the lines of a stretch of a file was run. */
export function isCovered(
  covered: CoveredLines,
  { path, run: { first, last } }: Pick<Mutant, "path" | "run">,
): boolean {
  return (covered[path] ?? "").split(",").some((stretch) => {
    const [from, to = from] = stretch.split("-").map(Number);
    return stretch !== "" && from! <= last && to! >= first;
  });
}

function stretches(lines: readonly number[]): string {
  const found: [from: number, to: number][] = [];
  for (const line of [...lines].sort((a, b) => a - b)) {
    const open = found.at(-1);
    if (open !== undefined && line <= open[1] + 1) open[1] = line;
    else found.push([line, line]);
  }
  return found.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join(",");
}
