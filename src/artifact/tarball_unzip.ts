/**
 * Unzips what may be a bomb, as a stream that ends at a limit.
 *
 * @module
 */

import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { ArchiveLimits } from "./tarball.ts";
import { Refusal } from "./tarball_guard.ts";

/** The bytes of a gzipped file, of bytes, or of a stream. Throws {@link Refusal} at the limit, and zlib's own errors. */
export async function* unzip(
  source: string | Uint8Array | AsyncIterable<Uint8Array>,
  limits: Pick<ArchiveLimits, "totalBytes">,
): AsyncGenerator<Uint8Array> {
  const input = typeof source === "string"
    ? createReadStream(source)
    : Readable.from(source instanceof Uint8Array ? [source] : source);
  const gunzip = createGunzip();
  input.on("error", (error: Error) => gunzip.destroy(error));
  input.pipe(gunzip);
  let total = 0;
  try {
    for await (const chunk of gunzip) {
      total += (chunk as Uint8Array).length;
      if (total > limits.totalBytes) {
        throw new Refusal(`it unpacks to more than ${limits.totalBytes} bytes`);
      }
      yield chunk as Uint8Array;
    }
  } finally {
    input.destroy();
    gunzip.destroy();
  }
}
