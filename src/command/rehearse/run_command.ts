/**
 * Runs the command of an installed npm package, as its users will.
 *
 * @module
 */

import { join } from "node:path";
import { parsePackageJson } from "../../core/npm/package_json.ts";
import { exec } from "../../host/exec.ts";
import { readTextIfThere } from "../../host/files.ts";
import type { Env } from "../../host/host.ts";

/** How a command ended. */
export interface CommandRun {
  /** What was run: `pebble-cli --version`. */
  readonly command: string;
  /** Its exit status; null when a signal ended it. */
  readonly status: number | null;
  /** What it printed, without the last newline. */
  readonly output: string;
}

/**
 * Runs the first command of a package that is installed below `cwd`, with `--version` and, where that fails, with `--help`:
 * nothing else is safe to ask of a program that nobody knows. Undefined when the package has no command.
 */
export async function runCommand(
  name: string,
  { cwd, env }: { readonly cwd: string; readonly env: Env },
): Promise<CommandRun | undefined> {
  const folder = join(cwd, "node_modules", name);
  const text = await readTextIfThere(join(folder, "package.json"));
  const [found] = Object.entries(text === undefined ? {} : parsePackageJson(text).bin);
  if (found === undefined) return undefined;
  const [command, path] = found;
  const run = async (flag: string): Promise<CommandRun> => {
    const { code, stdout, stderr } = await exec("node", [join(folder, path), flag], { cwd, env });
    const output = new TextDecoder().decode(stdout).trimEnd() || lastWords(stderr);
    return { command: `${command} ${flag}`, status: code, output };
  };
  const first = await run("--version");
  if (first.status === 0) return first;
  const second = await run("--help");
  return second.status === 0 ? second : first;
}

/** The end of what a program said of its failure. */
export function lastWords(text: string): string {
  return text.trim().split("\n").slice(-5).join("\n");
}
