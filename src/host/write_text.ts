/**
 * Writes a file that is the user's, and never over one that is there unless that was asked for.
 *
 * @module
 */

import { open, rm } from "node:fs/promises";
import { Failure, messageOf } from "../error.ts";

/** What is written, and how. */
export interface TextToWrite {
  readonly text: string;
  /** Whether a file that is there is replaced. */
  readonly replaces: boolean;
}

/**
 * Writes a text as UTF-8; false when a file is there and is not to be replaced. That is one step for the system, so two
 * runs cannot both write. Throws `PIOT_FILE_UNWRITABLE`.
 */
export async function writeText(path: string, { text, replaces }: TextToWrite): Promise<boolean> {
  try {
    const file = await open(path, replaces ? "w" : "wx");
    try {
      await file.writeFile(text, "utf8");
    } catch (error) {
      // Half a file would be in the way of the next run.
      if (!replaces) await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (!replaces && (error as { code?: unknown }).code === "EEXIST") return false;
    throw new Failure("PIOT_FILE_UNWRITABLE", `Cannot write ${path}: ${messageOf(error)}`, {
      hint: "Check that its folder is there, and the permissions of both",
      cause: error,
    });
  }
}
