/**
 * Tries mutants in a copy of the tree: nobody else sees them, and a run that is killed leaves none behind in the source.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import process from "node:process";
import { coveredLines } from "./covered_lines.ts";
import { type Mutant, mutate } from "./mutants_in.ts";
import type { Usual, Verdict } from "./mutant_log.ts";
import type { TypeChecks } from "./type_check.ts";

const LEFT_OUT: ReadonlySet<string> = new Set([
  ".git",
  ".mutants",
  ".node-tests",
  "cov",
  "node_modules",
  "npm",
]);

/** A copy of a tree. */
export interface TreeCopy extends AsyncDisposable {
  readonly root: string;
}

/** Copies a tree, without what is made from it; its libraries are the very same ones. */
export async function copyTree(root: string): Promise<TreeCopy> {
  const copy = await mkdtemp(join(tmpdir(), "mutants-"));
  await cp(root, copy, {
    recursive: true,
    filter: (from) => !LEFT_OUT.has(relative(root, from)),
  });
  await symlink(resolve(root, "node_modules"), join(copy, "node_modules"));
  await mkdir(tempOf(copy));
  return {
    root: copy,
    [Symbol.asyncDispose]: async () => {
      for (const path of [copy, tempOf(copy)]) await rm(path, { recursive: true, force: true });
    },
  };
}

/** Where the tests of a copy put their own: what a killed one leaves there is nobody else's matter. */
function tempOf(root: string): string {
  return `${root}-temp`;
}

/** How a process ended. */
interface Ended {
  readonly isGood: boolean;
  readonly isLate: boolean;
  readonly output: string;
  readonly seconds: number;
}

/** Runs Deno; ends it with all its children once the time is up, which is in seconds. */
async function deno(root: string, args: readonly string[], limit: number): Promise<Ended> {
  const started = performance.now();
  const child = spawn("deno", args, {
    cwd: root,
    detached: true,
    env: { ...process.env, TMPDIR: tempOf(root), NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", CI: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let isLate = false;
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => output += chunk);
  }
  const timer = setTimeout(() => {
    isLate = true;
    // A negative number is its group: git and cargo that tests have started, too.
    process.kill(-child.pid!, "SIGKILL");
  }, limit * 1000);
  const [status] = await once(child, "close");
  clearTimeout(timer);
  const seconds = (performance.now() - started) / 1000;
  return { isGood: status === 0, isLate, output, seconds };
}

/** Runs test files in one process, which ends with the first test that fails. */
function runTests(root: string, tests: readonly string[], limit: number): Promise<Ended> {
  return deno(root, ["test", "-A", "--no-check", "--fail-fast", ...tests], limit);
}

/** Runs one untouched test file: whether it passes, the seconds it takes, and the lines of the source that it runs. */
export async function runUntouched(root: string, test: string, limit: number): Promise<Usual> {
  const raw = await mkdtemp(join(tmpdir(), "covered-"));
  try {
    const args = [
      "test",
      "-A",
      "--no-check",
      `--coverage=${raw}`,
      "--coverage-raw-data-only",
      test,
    ];
    const { isGood, seconds } = await deno(root, args, limit);
    if (!isGood) return { test };
    const { output } = await deno(root, ["coverage", "--lcov", "--include=/src/", raw], limit);
    return { test, seconds, covered: coveredLines(output, root) };
  } finally {
    await rm(raw, { recursive: true, force: true });
  }
}

/** Tries one mutant: whether it type-checks, and then which group of tests is the first to notice. */
export async function tryMutant(
  root: string,
  mutant: Mutant,
  { groups, typeChecks }: {
    readonly groups: readonly { readonly tests: readonly string[]; readonly limit: number }[];
    readonly typeChecks: TypeChecks;
  },
): Promise<Verdict> {
  const { id, path, line, start, end, text } = mutant;
  const file = join(root, path);
  const source = await readFile(file, "utf8");
  const started = performance.now();
  const verdict = (fate: Verdict["fate"], by?: string): Verdict => ({
    ...{ id, path, line, fate, from: source.slice(start, end), to: text },
    ...(by === undefined ? {} : { by }),
    seconds: Math.round((performance.now() - started) / 1000),
  });
  const broken = mutate(source, mutant);
  if (!typeChecks(path, broken)) return verdict("invalid");
  await writeFile(file, broken);
  try {
    for (const { tests, limit } of groups) {
      const { isGood, isLate, output } = await runTests(root, tests, limit);
      if (isLate) return verdict("timeout", tests.join(" "));
      if (!isGood) return verdict("killed", firstFailure(output));
    }
    return verdict("survived");
  } finally {
    await writeFile(file, source);
  }
}

/** The name of the first test that failed; what else was printed last, when none did. */
function firstFailure(output: string): string {
  const line = /^(.*?) \.\.\. FAILED/m.exec(output)?.[1];
  return line ?? output.trim().split("\n").slice(-3).join(" ").slice(0, 200);
}
