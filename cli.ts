/**
 * The command line: argv in, exit status out. Commands are loaded when they are called.
 *
 * @module
 */

import process from "node:process";
import { Command, CommanderError } from "commander";
import { type Act, registerCommands } from "./src/cli/register_commands.ts";
import { openSession, tellError } from "./src/command/session.ts";
import { Failure } from "./src/error.ts";
import { allowClosedPipe } from "./src/host/closed_pipe.ts";
import { createHost } from "./src/host/create_host.ts";
import { kindOfPath } from "./src/host/files.ts";
import type { Host } from "./src/host/host.ts";
import { VERSION } from "./src/host/version.ts";
import type { Event } from "./src/report/report.ts";

/** What the command line takes from its process. */
export interface CliParts {
  /** The words after the program's name. */
  readonly argv: readonly string[];
  /** Makes the host in a folder; `emit` hears of every request. */
  readonly makeHost: (options: { cwd?: string | undefined; emit: (event: Event) => void }) => Host;
  /** Whether standard error is a terminal. */
  readonly isTTY: boolean;
}

/**
 * Runs one command and gives its exit status: 0 done; 1 the release or the check did not succeed; 2 the input is wrong;
 * 4 a bug of ours; 130 interrupted.
 */
export async function main(parts: CliParts): Promise<number> {
  let status = 0;
  const program = makeProgram(parts, async (options, command) => {
    let hear = (_event: Event): void => {};
    const host = parts.makeHost({ cwd: options.cwd, emit: (event) => hear(event) });
    const session = openSession(host, { ...options, isTTY: parts.isTTY });
    hear = session.emit;
    status = await requireFolder(options.cwd)
      .then(() => command(session, options))
      // Ctrl-C reaches git too, and that git was ended is not what the user wants to hear.
      .catch((error: unknown) =>
        tellError(session, host.signal.aborted ? host.signal.reason : error)
      );
    await session.close();
  });
  try {
    await program.parseAsync([...parts.argv], { from: "user" });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return tellUsage(parts, error);
  }
}

/** Throws `PIOT_USAGE` for a `--cwd` that is no folder: everything else would blame what is looked for in it. */
async function requireFolder(cwd: string | undefined): Promise<void> {
  // What else is wrong with it is told by whoever reads there.
  if (cwd === undefined || await kindOfPath(cwd).catch(() => "folder") === "folder") return;
  throw new Failure("PIOT_USAGE", `Cannot run in ${JSON.stringify(cwd)}: there is no such folder`, {
    hint: "Give --cwd a folder that is there",
  });
}

function makeProgram(parts: CliParts, act: Act): Command {
  const { stdout, stderr } = parts.makeHost({ emit: () => {} });
  const program = new Command("putitoutthere")
    .description("Publish the built artifacts of a polyglot repository to crates.io, PyPI and npm.")
    .version(VERSION, "--version", "print the version")
    .helpOption("--help", "show this help")
    .helpCommand(false)
    .exitOverride()
    // What is wrong is told as every other failure is, see tellUsage().
    .configureOutput({ writeOut: stdout, writeErr: stderr, outputError: () => {} });
  registerCommands(program, act);
  return program;
}

/** A wrong command line, told as a `PIOT_USAGE` failure; help and version that were asked for are no failure. */
function tellUsage(parts: CliParts, error: CommanderError): number {
  if (error.exitCode === 0) return 0;
  if (error.code === "commander.help") return 2;
  const host = parts.makeHost({ emit: () => {} });
  const session = openSession(host, {
    color: !parts.argv.includes("--no-color"),
    json: parts.argv.includes("--json"),
    isTTY: parts.isTTY,
  });
  const [found = "", guess] = error.message.replace(/^error: /, "").split("\n");
  const hint = [
    ...(guess === undefined ? [] : [guess.replace(/^\(|\)$/g, "")]),
    "Run with --help for all there is",
  ];
  return tellError(
    session,
    new Failure("PIOT_USAGE", `Cannot run: ${found}`, { hint: hint.join(" ") }),
  );
}

/** Runs the command line of this very process, and leaves the exit status with it. */
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

// True where a runtime knows of it and this file is what it was started with.
if ((import.meta as { main?: boolean }).main === true) await runCli();
