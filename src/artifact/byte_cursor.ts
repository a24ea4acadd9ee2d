/**
 * The bytes of a stream in the amounts that a reader wants, whatever pieces they come in.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Refusal } from "./archive_guard.ts";

/** A place in a stream; it moves with every byte that is taken. One call at a time. */
export interface ByteCursor {
  /** Exactly `length` bytes. Throws {@link Refusal} when fewer are left. For small amounts: they are held in memory. */
  readonly take: (length: number) => Promise<Uint8Array>;
  /** The bytes at hand, from one to `most`; undefined at the end. */
  readonly takeSome: (most: number) => Promise<Uint8Array | undefined>;
  /** Gives the source up. */
  readonly close: () => Promise<void>;
}

/** A cursor at the start of a stream, which it only asks for more when it has nothing left. */
export function createByteCursor(chunks: AsyncIterable<Uint8Array>): ByteCursor {
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
