/** Programs of tests as bundles that run on Deno and on Node, with the file system that ends them. */

import { join, resolve } from "node:path";
import process from "node:process";
import { execFile } from "node:child_process";
import { buildSync } from "esbuild";
import { NODE_BUNDLE } from "../../scripts/node_bundle.ts";
import type { Env } from "../../src/host/host.ts";
import type { CliRun } from "./release_world.ts";

/** Bundles a file of `tests/support/`, so that it can be killed at any call that changes the disk; gives the bundle's path. */
export function bundleDeadly(script: string, folder: string): string {
  const outfile = join(folder, `${script}.mjs`);
  buildSync({
    ...NODE_BUNDLE,
    alias: {
      ...NODE_BUNDLE.alias,
      "node:fs/promises": resolve("tests/support/deadly_fs.ts"),
    },
    entryPoints: [resolve(`tests/support/${script}.ts`)],
    outfile,
    logLevel: "error",
  });
  return outfile;
}

/** How a program ended; `signal` when it was killed. */
export interface ProgramRun extends CliRun {
  readonly signal: string | null;
}

/** The words that start a bundle on the runtime that the test itself runs on. */
export function commandOf(bundle: string): readonly string[] {
  const isDeno = process.versions.deno !== undefined;
  const flags = isDeno ? ["run", "-A", "--no-check", "--quiet"] : [];
  return [process.execPath, ...flags, bundle];
}

/** Runs a bundle to its end. */
export function runBundle(
  bundle: string,
  { args, env, cwd }: {
    readonly args: readonly string[];
    readonly env: Env;
    readonly cwd?: string;
  },
): Promise<ProgramRun> {
  const [program, ...words] = commandOf(bundle);
  return new Promise((done) => {
    const child = execFile(
      program!,
      [...words, ...args],
      { env: env as Record<string, string>, cwd },
      (_error, stdout, stderr) =>
        done({ status: child.exitCode ?? -1, signal: child.signalCode, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
