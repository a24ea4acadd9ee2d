/**
 * What every command of the command line has: the common flags, help with examples, and the way to what it does.
 *
 * @module
 */

import type { Command } from "commander";
import type { CommandLineOptions, RunCommand } from "../command/session.ts";
import { commonFlags } from "./flags.ts";

/** Loads a command and runs it with its flags. */
export type Act = <O extends CommandLineOptions>(
  options: O,
  load: () => Promise<RunCommand<O>>,
) => Promise<void>;

/** Sets a command up: its flags, and what it does with them. */
export type Register = (program: Command, act: Act) => void;

/** A command with the flags that every command takes. `examples` are whole command lines, without the program's name. */
export function addCommand(program: Command, name: string, examples: readonly string[]): Command {
  const command = program.command(name)
    .helpOption("-h, --help", "show this help")
    .addHelpText(
      "after",
      `\nExamples:\n${examples.map((line) => `  putitoutthere ${line}\n`).join("")}`.trimEnd(),
    );
  for (const flag of commonFlags()) command.addOption(flag);
  return command;
}
