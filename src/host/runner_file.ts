/**
 * The files that the GitHub runner offers to a step: what is appended to them becomes outputs or a
 * summary.
 *
 * @module
 */

import { appendFile } from "node:fs/promises";
import { Failure, messageOf } from "../error.ts";
import type { Env } from "./host.ts";

/** A variable that names such a file. */
export type RunnerFile = "GITHUB_OUTPUT" | "GITHUB_STEP_SUMMARY";

/**
 * Appends a text in one go, so that what several processes append does not mix. False when there is
 * no such file, which is the case everywhere but in a step of a workflow. Throws `PIOT_RUNNER_FILE`
 * when it cannot be written.
 */
export async function appendRunnerFile(
  env: Env,
  { file, text }: { readonly file: RunnerFile; readonly text: string },
): Promise<boolean> {
  const path = env[file] ?? "";
  if (path === "") return false;
  try {
    await appendFile(path, text, "utf8");
  } catch (error) {
    throw new Failure("PIOT_RUNNER_FILE", `Cannot write to ${path}: ${messageOf(error)}`, {
      hint: `Run inside a step of a workflow, or unset ${file}`,
      cause: error,
    });
  }
  return true;
}
