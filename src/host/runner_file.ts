/**
 * The files that the GitHub runner offers to a step: what is appended to them becomes outputs or a
 * summary; and its folder for temporary ones.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { mkdtemp, open } from "node:fs/promises";
import { join } from "node:path";
import { Failure, messageOf } from "../error.ts";
import type { SealedHost } from "./seal_host.ts";
import { writeWhole } from "./whole_file.ts";

/** A variable that names such a file. */
export type RunnerFile = "GITHUB_OUTPUT" | "GITHUB_STEP_SUMMARY" | "GITHUB_ENV";

/**
 * Appends a text in one go, so that what several processes append does not mix. False when there is
 * no such file, which is the case everywhere but in a step of a workflow. Throws `PIOT_RUNNER_FILE`
 * when it cannot be written.
 */
export async function appendRunnerFile(
  { env, vault }: Pick<SealedHost, "env" | "vault">,
  { file, text }: { readonly file: RunnerFile; readonly text: string },
): Promise<boolean> {
  const path = env[file] ?? "";
  if (path === "") return false;
  try {
    await appendOnce(path, Buffer.from(vault.redact(text)));
  } catch (error) {
    throw unwritable({ path, variable: file, cause: error });
  }
  return true;
}

/**
 * One write at the end of the file is one step for the system (`O_APPEND` in open(2)); the helpers of Node and Deno cut a
 * long text into several.
 */
async function appendOnce(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, "a");
  try {
    for (let at = 0; at < bytes.length;) {
      // Short only when the disk is full, and then the next one says so.
      at += (await file.write(bytes, at)).bytesWritten;
    }
  } finally {
    await file.close();
  }
}

/**
 * Writes a file below the runner's folder for temporary files, in a folder of its own: several steps of one job may each
 * write theirs. Gives its path; undefined when there is no such folder. Throws `PIOT_RUNNER_FILE` when it cannot be
 * written.
 */
export async function writeRunnerTemp(
  { env, vault }: Pick<SealedHost, "env" | "vault">,
  { name, text }: { readonly name: string; readonly text: string },
): Promise<string | undefined> {
  const folder = env.RUNNER_TEMP ?? "";
  if (folder === "") return undefined;
  try {
    const path = join(await mkdtemp(join(folder, "putitoutthere-")), name);
    await writeWhole(path, vault.redact(text));
    return path;
  } catch (error) {
    throw unwritable({ path: folder, variable: "RUNNER_TEMP", cause: error });
  }
}

function unwritable(
  { path, variable, cause }: {
    readonly path: string;
    readonly variable: string;
    readonly cause: unknown;
  },
): Failure {
  return new Failure("PIOT_RUNNER_FILE", `Cannot write to ${path}: ${messageOf(cause)}`, {
    hint: `Run inside a step of a workflow, or unset ${variable}`,
    cause,
  });
}
