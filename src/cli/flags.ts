/**
 * How flags are read: what one takes, and what is said of a value that it does not take.
 *
 * @module
 */

import { InvalidArgumentError, Option } from "commander";
import { didYouMean } from "../core/words/phrases.ts";

/**
 * A flag with one value. Given twice it has to say the same: of two answers neither is dropped. `flags` is as commander
 * writes it: `--config <file>`.
 */
export function valueFlag(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, earlier?: string) => {
    if (earlier === undefined || earlier === value) return value;
    throw new InvalidArgumentError(`It was given before, as '${earlier}': give it once.`);
  });
}

/** A flag that takes one of a few words. */
export function choiceFlag(flags: string, description: string, words: readonly string[]): Option {
  return new Option(flags, `${description} (${words.join(", ")})`).argParser((value: string) => {
    if (words.includes(value)) return value;
    const guess = didYouMean(value, words).map((question) => ` ${question}`);
    throw new InvalidArgumentError(`It takes ${words.join(", ")}.${guess.join("")}`);
  });
}

/** A flag that may be given again, each time with one value more. */
export function listFlag(flags: string, description: string): Option {
  return new Option(flags, `${description}; repeatable`)
    .argParser((value: string, earlier: readonly string[] = []) => [...earlier, value]);
}

/** The flags that every command takes. */
export function commonFlags(): readonly Option[] {
  return [
    valueFlag(
      "--cwd <dir>",
      "run as if started in this folder: the paths of the configuration start here",
    ),
    valueFlag("--config <file>", "the configuration file (default: putitoutthere.toml)"),
    new Option("--json", "print one JSON document to standard output, and nothing else"),
    new Option("--quiet", "say only warnings, errors and the end").conflicts("verbose"),
    new Option("--verbose", "say every file and every request too"),
    new Option("--no-color", "do not colour what is said"),
  ];
}

/**
 * The words of a command line with the flags that every command takes moved behind the command, where they stand before
 * it: `--json plan` is `plan --json`. Words without a command stay as they are.
 */
export function commandFirst(argv: readonly string[]): readonly string[] {
  const common = commonFlags();
  let at = 0;
  while (at < argv.length) {
    const word = argv[at]!;
    const flag = common.find(({ long }) => word === long || word.startsWith(`${long}=`));
    if (flag === undefined) break;
    at += flag.required && word === flag.long ? 2 : 1;
  }
  const command = argv[at];
  if (at === 0 || command === undefined || command.startsWith("-")) return argv;
  return [command, ...argv.slice(0, at), ...argv.slice(at + 1)];
}
