/**
 * The command line of this very process.
 *
 * @module
 */

import process from "node:process";
import { Failure } from "../error.ts";
import { allowClosedPipe } from "../host/closed_pipe.ts";
import { createHost } from "../host/create_host.ts";
import { main } from "./main.ts";

/** Runs the command that this process was started with, and leaves the exit status with it. */
export async function runCli(): Promise<void> {
  const interruption = new AbortController();
  const interrupt = (signal: string): void => {
    const message = `Cannot go on: the run was interrupted (${signal})`;
    const hint =
      "Run the same command again from the same commit: it goes on where this one stopped";
    interruption.abort(new Failure("PIOT_INTERRUPTED", message, { hint }));
  };
  for (const stream of [process.stdout, process.stderr]) allowClosedPipe(stream);
  // Once: the second signal ends the process as it would any other.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  process.exitCode = await main({
    argv: process.argv.slice(2),
    isTTY: process.stderr.isTTY ?? false,
    makeHost: ({ cwd, emit }) =>
      createHost({
        ...(cwd === undefined ? {} : { cwd }),
        signal: interruption.signal,
        onAnswer: (answer) => emit({ type: "request", ...answer }),
      }),
  });
}
