/**
 * Programs: looked for by name, and started with an argument array, never through a shell, and with an environment that
 * names every variable.
 *
 * @module
 */

import process from "node:process";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Buffer } from "node:buffer";
import { statSync } from "node:fs";
import { Failure } from "../error.ts";
import { type ExecBounds, watchBounds } from "./exec_bounds.ts";
import type { Env } from "./host.ts";
import { delimiter, join } from "node:path";
import { kindOfPath } from "./files.ts";

/** How a program is started. */
export interface ExecOptions {
  readonly cwd: string;
  /** The whole environment of the child; nothing is inherited. See {@link pickEnv}. */
  readonly env: Env;
  /** What is written to its standard input. */
  readonly input?: string | Uint8Array;
  /** Called with each chunk of its standard error as it comes, for progress. */
  readonly onStderr?: (text: string) => void;
  /**
   * Whether it gets a process group of its own, so that Ctrl-C in the terminal reaches us and not it: for what must be
   * finished once it has begun. Without effect on Windows.
   */
  readonly ownGroup?: boolean;
  /** Aborting it interrupts the program (SIGINT). How that ends is an answer like any other. */
  readonly stop?: AbortSignal;
  /** Where its patience with the program ends; nowhere by default. */
  readonly bounds?: ExecBounds;
}

/** How a program ended. */
export interface ExecResult {
  /** Its exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: string;
  /** Which of its bounds it passed, so that it was ended. */
  readonly passed?: keyof ExecBounds;
}

/** Runs a program to its end. A non-zero status is an answer; throws `PIOT_PROGRAM_MISSING` when there is none to run. */
export function exec(
  program: string,
  args: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const child = start(program, args, options);
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    // A character may come in two chunks.
    const decoder = new TextDecoder();
    child.stdout.on("data", (chunk: Uint8Array) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Uint8Array) => {
      stderr.push(chunk);
      options.onStderr?.(decoder.decode(chunk, { stream: true }));
    });
    child.on(
      "error",
      (error: Error & { code?: string }) =>
        reject(startFailure(error, { program, cwd: options.cwd })),
    );
    const interrupt = (): void => void child.kill("SIGINT");
    options.stop?.addEventListener("abort", interrupt, { once: true });
    if (options.stop?.aborted) interrupt();
    const watch = watchBounds(child, options.bounds);
    const finish = (code: number | null): void => {
      options.stop?.removeEventListener("abort", interrupt);
      const { passed } = watch.end();
      const said = { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
      resolve({ code, ...said, ...(passed === undefined ? {} : { passed }) });
    };
    child.on("close", finish);
    // What it started itself may hold its output open for ever.
    child.on("exit", (code) => watch.passed() !== undefined && finish(code));
    // The child may end before it has read all of its input; its exit status tells what that means.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}

/** Node tells some troubles by an event, and throws the others at once. */
function start(
  program: string,
  args: readonly string[],
  { cwd, env, ownGroup }: ExecOptions,
): ChildProcessWithoutNullStreams {
  try {
    return spawn(program, args, {
      cwd,
      env: definedOnly(env),
      stdio: ["pipe", "pipe", "pipe"],
      // On Windows this would open a console window instead.
      detached: ownGroup === true && process.platform !== "win32",
    });
  } catch (error) {
    throw error instanceof Error ? startFailure(error, { program, cwd }) : error;
  }
}

function startFailure(
  error: Error & { code?: string },
  { program, cwd }: { readonly program: string; readonly cwd: string },
): Error {
  // The system says ENOENT for a folder that is not there just as for a program that is not, and ENOTDIR for a file.
  if (!isFolder(cwd)) {
    return new Failure("PIOT_FILE_UNREADABLE", `Cannot run ${program} in ${cwd}: no such folder`, {
      hint: "Check the path and its permissions",
      cause: error,
    });
  }
  if (error.code !== "ENOENT") return error;
  return new Failure("PIOT_PROGRAM_MISSING", `Cannot run ${program}: it is not on PATH`, {
    hint: `Install ${program}, or put its folder on PATH`,
    cause: error,
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function definedOnly(env: Env): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] =>
    entry[1] !== undefined
  );
  return Object.fromEntries(entries);
}

/**
 * The variables of an allow-list. A name that ends in `*` stands for every name that starts so; LD_* is never passed
 * on, since Deno refuses to start a program with one under a list of allowed programs.
 */
export function pickEnv(env: Env, allowed: readonly string[]): Env {
  const fits = (name: string, rule: string): boolean =>
    rule.endsWith("*") ? name.startsWith(rule.slice(0, -1)) : name === rule;
  const rules = allowed.map(spelled);
  const picked = Object.entries(env).filter(([name]) =>
    !name.startsWith("LD_") && rules.some((rule) => fits(spelled(name), rule))
  );
  return Object.fromEntries(picked);
}

/** Windows does not tell `Path` from `PATH`. */
function spelled(name: string): string {
  return process.platform === "win32" ? name.toUpperCase() : name;
}

/** What every program needs to find itself, its user's settings and a place for temporary files. */
export const BASE_ENV: readonly string[] = [
  "PATH",
  "HOME",
  "USERPROFILE",
  "SystemRoot",
  "ComSpec",
  "TMPDIR",
  "TEMP",
  "TMP",
];

/** Whether a program can be started by name, without starting it. On Windows a program's file ends in one of `PATHEXT`. */
export async function isOnPath(program: string, env: Env): Promise<boolean> {
  const endings = ["", ...(env.PATHEXT ?? "").split(";").filter((ending) => ending !== "")];
  for (const folder of (env.PATH ?? "").split(delimiter).filter((path) => path !== "")) {
    for (const ending of endings) {
      if (await kindOfPath(join(folder, `${program}${ending}`)) === "file") return true;
    }
  }
  return false;
}
