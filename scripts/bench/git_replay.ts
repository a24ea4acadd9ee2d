/**
 * The git commands of a plan by themselves: what they were started with and what they were asked is recorded once, and
 * then asked of bare git again.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";
import type { Env } from "../../src/host/host.ts";
import { makeTempFolder, runProcess } from "./measure.ts";

/** One git process. */
export interface GitCall {
  readonly args: readonly string[];
  /** What was written to it. */
  readonly input: Uint8Array;
  /** Bytes of its output that are read before it is ended; undefined for all of them. */
  readonly read?: number;
}

/**
 * Records every git process that `act` starts with the environment that it is given: a program by the name of git notes
 * the arguments and the input on their way to the real one. For machines with a shell at /bin/sh.
 */
export async function recordGit(act: (env: Env) => Promise<unknown>): Promise<GitCall[]> {
  const folder = await makeTempFolder("piot-bench");
  try {
    const [bin, notes] = [join(folder.path, "bin"), join(folder.path, "notes")];
    await mkdir(bin);
    await mkdir(notes);
    const real = (await runProcess(["/bin/sh", "-c", "command -v git"])).trim();
    const script = `#!/bin/sh
for arg in "$@"; do printf '%s\\n' "$arg"; done > '${notes}'/$$.args
tee '${notes}'/$$.input | '${real}' "$@"
`;
    await writeFile(join(bin, "git"), script);
    await chmod(join(bin, "git"), 0o755);
    await act({ ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` });
    return await readNotes(notes);
  } finally {
    await folder.remove();
  }
}

async function readNotes(folder: string): Promise<GitCall[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".args"));
  return await Promise.all(names.map(async (name) => ({
    args: (await readFile(join(folder, name), "utf8")).split("\n").slice(0, -1),
    input: await readFile(join(folder, name.replace(/args$/, "input"))),
  })));
}

/**
 * History is read until the last of some commits, and so it is here: the call gets told how much of its output that is.
 */
export async function readUntil(
  calls: readonly GitCall[],
  options: { readonly cwd: string; readonly commits: ReadonlySet<string> },
): Promise<GitCall[]> {
  return await Promise.all(calls.map(async (call) => {
    if (call.args[0] !== "rev-list") return call;
    const text = await runProcess(["git", ...call.args], options);
    const at = [...options.commits].map((id) => text.indexOf(`\n${id}`) + 1);
    return { ...call, read: text.indexOf("\n", Math.max(...at)) + 1 };
  }));
}

/** Runs the calls one after another, as a script would; their output is read and dropped. */
export async function replayGit(calls: readonly GitCall[], cwd: string): Promise<void> {
  for (const call of calls) await replay(call, cwd);
}

function replay({ args, input, read = Infinity }: GitCall, cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, { cwd, stdio: ["pipe", "pipe", "inherit"] });
    let seen = 0;
    child.stdout.on("data", (chunk: Uint8Array) => {
      seen += chunk.length;
      if (seen >= read) child.kill();
    });
    child.on("error", reject);
    child.on("close", () => resolve());
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
