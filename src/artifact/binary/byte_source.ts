/**
 * Reads single parts of a file that may lie about itself: every read is bounded, and one that leaves the file is damage.
 *
 * @module
 */

import { open } from "node:fs/promises";
import { Failure, messageOf } from "../../error.ts";

/** A file's headers contradict its content. The message goes behind "a damaged … file: ". */
export class Damage extends Error {}

/** A file that is read in parts. */
export interface ByteSource {
  /** Bytes of the whole file. */
  readonly size: number;
  /** Exactly the bytes asked for. Throws {@link Damage} when they are not all inside, or are too many at once. */
  readonly read: (offset: number, length: number) => Promise<DataView>;
  /** The bytes up to the first NUL, as text. Throws {@link Damage}. */
  readonly text: (offset: number) => Promise<string>;
}

/** No header, table or name that readers ask for is larger. */
const MOST_AT_ONCE = 2 ** 20;
/** Names are shorter than paths may be. */
const LONGEST_TEXT = 4096;

/** Opens a file for `use`, and closes it. Throws `PIOT_FILE_UNREADABLE`. */
export async function withSource<T>(
  path: string,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const file = await open(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const { size } = await file.stat();
    return await use(boundedSource(size, async (offset, length) => {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset).catch((error: unknown) => {
        throw unreadable(path, error);
      });
      if (bytesRead < length) throw new Damage("it is shorter than it says");
      return bytes;
    }));
  } finally {
    await file.close();
  }
}

/** Bytes that are in memory, as a file that is read in parts. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  // A copy with a buffer of its own: what Node gives may be a window into a larger one.
  return boundedSource(
    bytes.length,
    (offset, length) => Promise.resolve(new Uint8Array(bytes.subarray(offset, offset + length))),
  );
}

/** A file of some size, read by `bytesAt`: it is asked for what is inside alone, and gives arrays with a buffer of their own. */
export function boundedSource(
  size: number,
  bytesAt: (offset: number, length: number) => Promise<Uint8Array<ArrayBuffer>>,
): ByteSource {
  const read = async (offset: number, length: number): Promise<DataView> =>
    new DataView((await bytesAt(offset, inside({ offset, length, size }))).buffer);
  return { size, read, text: (offset) => readText({ size, read }, offset) };
}

function inside(part: { offset: number; length: number; size: number }): number {
  const { offset, length, size } = part;
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + length > size) {
    throw new Damage("it points behind its own end");
  }
  if (length > MOST_AT_ONCE) throw new Damage("a table in it is too large");
  return length;
}

async function readText(
  { size, read }: Pick<ByteSource, "size" | "read">,
  offset: number,
): Promise<string> {
  let text = "";
  for (let at = offset; text.length < LONGEST_TEXT;) {
    const view = await read(at, Math.max(1, Math.min(256, size - at)));
    const bytes = new Uint8Array(view.buffer);
    const end = bytes.indexOf(0);
    text += String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)));
    if (end >= 0) return text;
    at += bytes.length;
  }
  throw new Damage("a name in it has no end");
}

function unreadable(path: string, cause: unknown): Failure {
  return new Failure("PIOT_FILE_UNREADABLE", `Cannot read ${path}: ${messageOf(cause)}`, {
    hint: "Check the path and its permissions",
    cause,
  });
}
