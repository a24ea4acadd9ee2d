/** Which programs this machine has, for tests that need them. */

import process from "node:process";
import { isOnPath } from "../../src/host/exec.ts";
import { maySkip } from "./provided.ts";

/** Options of a test that needs programs: skipped, and says why, where one is missing and may be. */
export async function needs(...programs: readonly string[]): Promise<{ skip: string | false }> {
  for (const program of programs) {
    if (await isOnPath(program, process.env)) continue;
    return { skip: maySkip(program, `no ${program} on PATH`) };
  }
  return { skip: false };
}

/** The environment that programs need to be found and to find their own toolchains; nothing else of this process. */
export function programEnv(): Record<string, string | undefined> {
  const { PATH, HOME, RUSTUP_HOME, TMPDIR } = process.env;
  return { PATH, HOME, RUSTUP_HOME, TMPDIR };
}
