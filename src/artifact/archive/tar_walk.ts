/**
 * Walks a tar archive. There is one reader and nobody who writes to it: each step pulls the bytes that it needs from the
 * source and skips what the step before left, so no two streams can wait for each other, whatever is read of an entry.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Refusal } from "./archive_guard.ts";
import {
  applyOverrides,
  BLOCK,
  isZero,
  type Overrides,
  parseHeader,
  parsePax,
  type RawHeader,
  textOf,
} from "./tar_header.ts";

/** One entry of an archive. */
export interface TarMember extends RawHeader {
  /** Its content; only to be read before the next entry is asked for, once, and in any part. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** The content of an entry was asked for when it was read or the archive had gone on: a mistake of whoever reads. */
export class LateRead extends Error {}

/**
 * The entries of a tar archive, in its order. Throws {@link Refusal} for one that is damaged, breaks off, or has more
 * behind its end, and the errors of the source.
 */
export async function* tarMembers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const cursor = createByteCursor(chunks);
  try {
    for (;;) {
      const header = await nextHeader(cursor);
      if (header === undefined) return;
      // A folder has no content, even where its header claims some.
      const size = header.type === "directory" ? 0 : header.size;
      const body = openBody(cursor, { size, stored: padded(header.size) });
      yield { ...header, size, body: body.read() };
      await body.skip();
    }
  } finally {
    await cursor.close();
  }
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/** The next entry's header, with what stands in front of it applied; undefined at the archive's end. */
async function nextHeader(cursor: ByteCursor): Promise<RawHeader | undefined> {
  const before = new Map<string, Overrides>();
  for (;;) {
    const block = await cursor.take(BLOCK);
    if (isZero(block)) {
      if (before.size > 0) throw new Refusal("the last header in it belongs to no entry");
      return await readEnd(cursor);
    }
    const header = parseHeader(block);
    const read = META[header.flag];
    if (read === undefined) return applyOverrides(header, Object.assign({}, ...before.values()));
    // One of each, and a pax header right before its entry, as every writer has them: readers differ on the rest.
    if (before.has(header.flag) || before.has("x")) {
      throw new Refusal("it has two headers for one entry");
    }
    const overrides = read(await readMeta(cursor, header));
    if (header.flag !== "g") before.set(header.flag, overrides);
  }
}

/** Bytes of a header that is in front of another; no path and no list of attributes is as long. */
const META_LIMIT = 8 * 2 ** 20;

/** What stands in front of an entry's header, by its type. */
const META: Readonly<Record<string, (bytes: Uint8Array) => Overrides>> = {
  x: parsePax,
  g: (bytes) => {
    // `git archive` writes the commit's id there. What is one file's own cannot hold for all.
    if (Object.keys(parsePax(bytes)).length === 0) return {};
    throw new Refusal("a pax header in it names one file for all");
  },
  L: (bytes) => ({ name: textOf(bytes) }),
  K: (bytes) => ({ linkname: textOf(bytes) }),
};

async function readMeta(cursor: ByteCursor, { size }: RawHeader): Promise<Uint8Array> {
  if (size > META_LIMIT) throw new Refusal(`a header in it is larger than ${META_LIMIT} bytes`);
  return (await cursor.take(padded(size))).subarray(0, size);
}

/** Two blocks of zeros end an archive, and nothing but zeros may follow. */
async function readEnd(cursor: ByteCursor): Promise<undefined> {
  if (!isZero(await cursor.take(BLOCK))) throw new Refusal("it has a gap between its entries");
  for (;;) {
    const rest = await cursor.takeSome(Infinity);
    if (rest === undefined) return undefined;
    if (!isZero(rest)) throw new Refusal("it has more behind its end");
  }
}

/** The content of one entry, which takes `stored` bytes of the archive. */
function openBody(
  cursor: ByteCursor,
  { size, stored }: { readonly size: number; readonly stored: number },
): { readonly read: () => AsyncGenerator<Uint8Array>; readonly skip: () => Promise<void> } {
  let taken = 0;
  let isOver = false;
  let last: Promise<unknown> = Promise.resolve();

  async function take(most: number): Promise<Uint8Array> {
    const chunk = await cursor.takeSome(most);
    if (chunk === undefined) throw new Refusal("it breaks off");
    taken += chunk.length;
    return chunk;
  }

  async function* read(): AsyncGenerator<Uint8Array> {
    for (let given = 0; given < size;) {
      if (isOver) throw new LateRead("an archive's entry was read when the archive had gone on");
      const taking = take(size - given);
      last = taking;
      const chunk = await taking;
      given += chunk.length;
      yield chunk;
    }
  }

  async function skip(): Promise<void> {
    isOver = true;
    // Somebody may have asked for a piece without waiting for it: it is theirs, and the walk goes on behind it.
    await last;
    while (taken < stored) await take(stored - taken);
  }

  return { read, skip };
}

/** A place in a stream; it moves with every byte that is taken. One call at a time. */
interface ByteCursor {
  /** Exactly `length` bytes. Throws {@link Refusal} when fewer are left. For small amounts: they are held in memory. */
  readonly take: (length: number) => Promise<Uint8Array>;
  /** The bytes at hand, from one to `most`; undefined at the end. */
  readonly takeSome: (most: number) => Promise<Uint8Array | undefined>;
  /** Gives the source up. */
  readonly close: () => Promise<void>;
}

/** A cursor at the start of a stream, which it only asks for more when it has nothing left. */
function createByteCursor(chunks: AsyncIterable<Uint8Array>): ByteCursor {
  const source = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();

  async function takeSome(most: number): Promise<Uint8Array | undefined> {
    while (rest.length === 0) {
      const { done, value } = await source.next();
      if (done) return undefined;
      rest = value;
    }
    const piece = rest.subarray(0, most);
    rest = rest.subarray(piece.length);
    return piece;
  }

  async function take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let left = length; left > 0;) {
      const piece = await takeSome(left);
      if (piece === undefined) throw new Refusal("it breaks off");
      parts.push(piece);
      left -= piece.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  return { take, takeSome, close: async () => void await source.return?.() };
}
