/** Python and pip as they are on this machine, kept away from the user's settings. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import process from "node:process";
import { maySkip } from "./provided.ts";

const run = promisify(execFile);

/** A home of its own, no configuration, no cache, no question to any other index. */
const ENV: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? "",
  HOME: "/nonexistent",
  ...(process.env.PYENV_ROOT === undefined ? {} : { PYENV_ROOT: process.env.PYENV_ROOT }),
  PIP_CONFIG_FILE: "/dev/null",
  PIP_NO_CACHE_DIR: "1",
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  PIP_NO_INPUT: "1",
  PIP_ROOT_USER_ACTION: "ignore",
  PYTHONDONTWRITEBYTECODE: "1",
};

/** Runs `python3` and gives its standard output; rejects with its standard error. */
export async function python(
  args: readonly string[],
  options: { readonly input?: string; readonly cwd?: string } = {},
): Promise<string> {
  const running = run("python3", [...args], {
    env: ENV,
    maxBuffer: 1 << 26,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  // Python may end before its input is closed; how it ended is told by its status.
  running.child.stdin?.on("error", () => {});
  running.child.stdin?.end(options.input ?? "");
  return (await running).stdout;
}

/** `false`, or why tests with pip are skipped here. */
export const NO_PIP: string | false = await python(["-m", "pip", "--version"]).then(
  () => false as const,
  () => maySkip("pip", "no pip on PATH"),
);
