/** Temporary folders that go away with the test. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeTempFolder } from "../../src/host/files.ts";

export interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

/** A folder with the given files: path → text or bytes. */
export async function tempFolder(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<TempFolder> {
  const { path, remove } = await makeTempFolder("piot-test");
  await writeTree(path, files);
  return { path, [Symbol.asyncDispose]: remove };
}

/** Writes files below a folder, with the folders they need. */
export async function writeTree(
  root: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}
