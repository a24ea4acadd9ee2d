/**
 * The command line: words in, exit status out. Commands are loaded when they are called.
 *
 * @module
 */

import { Command, CommanderError } from "commander";
import type { CliParts } from "../command/run_command.ts";
import { VERSION } from "../host/version.ts";
import { type Act, registerCommands } from "./register_commands.ts";

/**
 * Runs one command and gives its exit status: 0 done; 1 the release or the check did not succeed; 2 the input is wrong;
 * 4 a bug of ours; 130 interrupted.
 */
export async function main(parts: CliParts): Promise<number> {
  let status = 0;
  let command = "";
  const program = makeProgram(parts, async (options, load) => {
    const run = await load();
    status = await run({ ...parts, command }, options);
  });
  program.hook("preAction", (_program, called) => {
    command = called.name();
  });
  try {
    await program.parseAsync([...parts.argv], { from: "user" });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version that were asked for are no failure, and help that was not says what is missing.
    if (error.exitCode === 0) return 0;
    if (error.code === "commander.help") return 2;
    const { tellUsage } = await import("../command/run_command.ts");
    return tellUsage(parts, error.message);
  }
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
