/** Golden files: what is expected, kept beside the input; `UPDATE_GOLDEN=1` rewrites them, and the diff is read. */

import { equal } from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";

/** Holds a text equal to a file's. */
export async function equalsGolden(path: string, text: string): Promise<void> {
  if (process.env.UPDATE_GOLDEN === "1") await writeFile(path, text);
  equal(text, await readFile(path, "utf8"), `${path} differs; UPDATE_GOLDEN=1 rewrites it`);
}

/** A value as golden files hold it. */
export function goldenJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
