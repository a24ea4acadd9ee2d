/**
 * The command line of this very process.
 *
 * @module
 */

import process from "node:process";
import type { Invocation } from "../command/session.ts";
import { Failure } from "../error.ts";
import { allowClosedPipe, createHost } from "../host/create_host.ts";
import { VERSION } from "../host/version.ts";
import { createVault } from "../secret/vault.ts";
import { watchForStall } from "./stall.ts";
import { tellUncaught, watchForUncaught } from "./uncaught.ts";

/** Runs a command and gives its exit status. */
export type Main = (invocation: Invocation) => Promise<number>;

/** Runs the command that this process was started with, and leaves the exit status with it. */
export async function runCli(load: () => Promise<Main> = loadMain): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) allowClosedPipe(stream);
  const argv = process.argv.slice(2);
  // What scripts ask to see whether it is there: not even the reader of flags is loaded for that.
  if (argv.length === 1 && /^(?:--version|-V)$/.test(argv[0]!)) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const vault = createVault();
  const watch = watchForStall();
  const unwatch = watchForUncaught(vault);
  try {
    const main = await load();
    process.exitCode = await main({ ...ownInvocation(argv, watch.stalled), vault });
  } catch (error) {
    tellUncaught(vault, error);
  } finally {
    watch.end();
    unwatch();
  }
}

async function loadMain(): Promise<Main> {
  return (await import("./main.ts")).main;
}

function ownInvocation(argv: readonly string[], stalled: Promise<void>): Invocation {
  const interruption = new AbortController();
  const interrupt = (signal: string): void => {
    const message = `Cannot go on: the run was interrupted (${signal})`;
    const hint =
      "Run the same command again from the same commit: it goes on where this one stopped";
    interruption.abort(new Failure("PIOT_INTERRUPTED", message, { hint }));
  };
  // Once: the second signal ends the process as it would any other.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  return {
    argv,
    isTTY: process.stderr.isTTY ?? false,
    stalled,
    makeHost: ({ cwd, emit, vault }) =>
      createHost({
        vault,
        ...(cwd === undefined ? {} : { cwd }),
        signal: interruption.signal,
        onAnswer: (answer) => emit({ type: "request", ...answer }),
      }),
  };
}
