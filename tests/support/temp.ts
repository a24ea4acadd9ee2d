/** Temporary folders that go away with the test. */

import { makeTempFolder, writeTree } from "../../src/host/write_files.ts";

export { writeTree };

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
