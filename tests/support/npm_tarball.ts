/** A tarball as `npm pack` lays it out, by a library that is not the product's. */

import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";

/** Packs texts below `package/`. */
export async function npmTarball(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  return gzipSync(
    await packTar(
      Object.entries(files).map(([name, body]) => ({
        header: { name: `package/${name}`, size: body.length, type: "file" },
        body,
      })),
    ),
  );
}
