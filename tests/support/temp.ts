/** Temporary folders that go away with the test. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTree } from "../../src/host/write_files.ts";

export { writeTree };

export interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

/** A folder with the given files: path → text or bytes. */
export async function tempFolder(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), "piot-test-"));
  await writeTree(path, files);
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true }).catch(() => {});
  return { path, [Symbol.asyncDispose]: remove };
}
