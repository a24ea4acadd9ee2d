/**
 * The command line: words in, exit status out. Commands are loaded when they are called, and each runs in a session of
 * its own, where everything that goes wrong is told.
 *
 * @module
 */

import { Command, CommanderError } from "commander";
import {
  type CommandLineOptions,
  type Invocation,
  openSession,
  type RunCommand,
  sealedHost,
  type Session,
  tellError,
} from "../command/session.ts";
import { Failure } from "../error.ts";
import type { Host } from "../host/host.ts";
import { kindOfPath } from "../host/files.ts";
import { VERSION } from "../host/version.ts";
import { createVault } from "../secret/vault.ts";
import { commandFirst } from "./flags.ts";
import type { Act } from "./add_command.ts";
import { registerCommands } from "./register_commands.ts";

/**
 * Runs one command and gives its exit status: 0 done; 1 the release or the check did not succeed; 2 the input is wrong;
 * 4 a bug of ours; 130 interrupted.
 */
export async function main(invocation: Invocation): Promise<number> {
  const { vault = createVault() } = invocation;
  return await runProgram({ ...invocation, vault });
}

async function runProgram(invocation: Invocation): Promise<number> {
  let status = 0;
  let name = "";
  const host = sealedHost(invocation);
  const program = makeProgram(host, async (options, load) => {
    status = await runCommand(invocation, { name, options, run: await load() });
  });
  program.hook("preAction", (_program, called) => {
    name = called.name();
  });
  try {
    await program.parseAsync([...commandFirst(invocation.argv)], { from: "user" });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw host.vault.clean(error);
    // Help and version that were asked for are no failure, and help that was not says what is missing.
    if (error.exitCode === 0) return 0;
    return error.code === "commander.help" ? 2 : await tellUsage(invocation, error.message);
  } finally {
    host.flush();
  }
}

function makeProgram({ stdout, stderr }: Pick<Host, "stdout" | "stderr">, act: Act): Command {
  const program = new Command("putitoutthere")
    .description("Publish the built artifacts of a polyglot repository to crates.io, PyPI and npm.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .exitOverride()
    // What is wrong is told as every other failure is, see tellUsage().
    .configureOutput({ writeOut: stdout, writeErr: stderr, outputError: () => {} });
  registerCommands(program, act);
  return program;
}

async function runCommand<O extends CommandLineOptions>(
  invocation: Invocation,
  { name, options, run }: {
    readonly name: string;
    readonly options: O;
    readonly run: RunCommand<O>;
  },
): Promise<number> {
  const session = openSession(invocation, options);
  const running = requireFolder(options.cwd).then(() => session.recover())
    .then(() => run(session, options));
  const stall = invocation.stalled?.then(() => Promise.reject(stalledRun(name, session.stage())));
  const { signal } = session.host;
  const status = await Promise.race(stall === undefined ? [running] : [running, stall])
    // Ctrl-C reaches git too, and that git was ended is not what the user wants to hear.
    .catch((error: unknown) => endWith(signal.aborted ? signal.reason : error, { session, name }));
  await session.close();
  return status;
}

/** Tells the error that a command ends with, to the steps after it too, and gives the exit status. */
async function endWith(
  error: unknown,
  { session, name }: { readonly session: Session; readonly name: string },
): Promise<number> {
  if (name === "publish") {
    const { leaveFailedOutputs } = await import("../command/failed_outputs.ts");
    await leaveFailedOutputs(session, error);
  }
  return tellError(session, error);
}

/** Throws `PIOT_USAGE` for a `--cwd` that is no folder: everything else would blame what is looked for in it. */
async function requireFolder(cwd: string | undefined): Promise<void> {
  // What else is wrong with it is told by whoever reads there.
  if (cwd === undefined || await kindOfPath(cwd).catch(() => "folder") === "folder") return;
  throw new Failure("PIOT_USAGE", `Cannot run in ${JSON.stringify(cwd)}: there is no such folder`, {
    hint: "Give --cwd a folder that is there",
  });
}

/** The failure of a command that waits for what cannot come. */
function stalledRun(command: string, stage: string | undefined): Failure {
  const where = stage === undefined ? "" : ` at "${stage}"`;
  return new Failure(
    "PIOT_STALLED",
    `Cannot go on: ${command} stopped${where}, with nothing left to wait for`,
    {
      hint:
        "This is a bug in putitoutthere, please report it. The same command may be run again from the same commit",
    },
  );
}

/** Tells what commander says of a wrong command line as a `PIOT_USAGE` failure, and gives the exit status. */
async function tellUsage(invocation: Invocation, message: string): Promise<number> {
  const { argv } = invocation;
  const session = openSession(invocation, {
    color: !argv.includes("--no-color"),
    json: argv.includes("--json"),
  });
  // commander puts what it proposes on a line of its own, and what a flag says of its value behind the first sentence.
  const [found = "", guess] = message.replace(/^error: /, "").split(/\n|(?<=is invalid)\. /);
  const hint = [
    ...(guess === undefined ? [] : [guess.replace(/^\(|\)$/g, "")]),
    "Run with --help for all there is",
  ];
  const failure = new Failure("PIOT_USAGE", `Cannot run: ${found}`, { hint: hint.join(" ") });
  const status = await endWith(failure, { session, name: argv[0] ?? "" });
  await session.close();
  return status;
}
