/**
 * Files that make room for others: renamed, so that nothing of them is lost, and brought back when it comes to nothing.
 *
 * @module
 */

import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Failure, messageOf } from "../error.ts";

/** Renames a file beside itself. Gives what undoes that. Throws `PIOT_FILE_UNWRITABLE`. */
export async function putAside(path: string, aside: string): Promise<() => Promise<void>> {
  try {
    await rename(path, aside);
  } catch (error) {
    throw new Failure(
      "PIOT_FILE_UNWRITABLE",
      `Cannot rename ${path} to ${aside}: ${messageOf(error)}`,
      { hint: "Check the permissions of the folder", cause: error },
    );
  }
  return () => rename(aside, path);
}

/** Makes the folder of a file, with those above it. Throws `PIOT_FILE_UNWRITABLE`. */
export async function makeFolderOf(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    throw new Failure(
      "PIOT_FILE_UNWRITABLE",
      `Cannot make the folder ${dirname(path)}: ${messageOf(error)}`,
      {
        hint: "Check the permissions of the folder above, and that no file is called so",
        cause: error,
      },
    );
  }
}

/** Takes away a file that this run has made. */
export async function removeOwn(path: string): Promise<void> {
  await rm(path, { force: true });
}
