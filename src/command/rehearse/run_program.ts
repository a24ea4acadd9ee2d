/**
 * Programs of this machine that a rehearsal leans on: whether they can be run at all, and how the command of an installed
 * package ended.
 *
 * @module
 */

import { messageOf } from "../../error.ts";
import { exec, isOnPath } from "../../host/exec.ts";
import type { Env } from "../../host/host.ts";
import type { InstalledCommand } from "./kinds/rehearsed_kind.ts";

/** Where a program is run. */
interface Place {
  readonly cwd: string;
  readonly env: Env;
}

/**
 * Why a program cannot be used, as a clause; undefined when it can. One that is on PATH and does not even tell its version
 * (rustup and pyenv leave such behind) counts as absent, with its words.
 */
export async function programTrouble(
  program: string,
  { cwd, env }: Place,
): Promise<string | undefined> {
  if (!await isOnPath(program, env)) return `there is no ${program} on PATH`;
  const { code, stderr } = await exec(program, ["--version"], { cwd, env })
    // A sandbox may forbid it, and a file may be no program.
    .catch((error: unknown) => ({ code: null, stderr: messageOf(error) }));
  if (code === 0) return undefined;
  return `${program} is on PATH and cannot run: ${lastWords(stderr) || `it ended with ${code}`}`;
}

/** How a command ended. */
export interface CommandRun {
  /** What was run: `pebble-cli --version`. */
  readonly command: string;
  /** Its exit status; null when a signal ended it. */
  readonly status: number | null;
  /** What it printed, without the last newline. */
  readonly output: string;
}

/** Whoever asks a program for its version waits no longer, and reads no more. */
const BOUNDS = { milliseconds: 60_000, bytes: 2 ** 20 };

/** Runs a command of a package with one flag after the other until one works; told is the first when none does. */
export async function runCommand(
  { name, program, args, tries }: InstalledCommand,
  { cwd, env }: Place,
): Promise<CommandRun> {
  const run = async (flags: readonly string[]): Promise<CommandRun> => {
    const options = { cwd, env, bounds: BOUNDS };
    const { code, stdout, stderr } = await exec(program, [...args, ...flags], options);
    const output = new TextDecoder().decode(stdout).trimEnd() || lastWords(stderr);
    return { command: [name, ...flags].join(" "), status: code, output };
  };
  const [first, ...others] = tries.length === 0 ? [[]] : tries.map((flag) => [flag]);
  const told = await run(first!);
  if (told.status === 0) return told;
  for (const flags of others) {
    const ran = await run(flags);
    if (ran.status === 0) return ran;
  }
  return told;
}

/**
 * The end of what a program said of its failure: its last lines, or those from where Node, which ends with the trace and
 * the fields of an error that nobody caught, names it (nodejs.org/api/process.html, "uncaughtException").
 */
export function lastWords(text: string): string {
  const lines = text.trim().split("\n");
  const named = NODE_ENDS.test(lines.at(-1) ?? "") ? lines.findLastIndex(isErrorName) : -1;
  return (named === -1 ? lines.slice(-5) : lines.slice(named, named + 5)).join("\n");
}

const NODE_ENDS = /^Node\.js v\d/;

function isErrorName(line: string): boolean {
  return /^(?:Uncaught )?\w*Error(?: \[\w+\])?:/.test(line);
}
