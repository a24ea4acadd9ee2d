/**
 * A member of an archive, read in parts although it can only be streamed: headers point forwards and back, and a member may
 * be larger than the memory that is there for it.
 *
 * @module
 */

import { boundedSource, type ByteSource, Damage } from "../binary/byte_source.ts";

/** A member that is read in parts; `close()` ends the stream that is open. */
export interface MemberSource extends ByteSource {
  readonly close: () => Promise<void>;
}

/** Bytes of the beginning that stay in memory: headers, and the names and versions that linkers put there. */
const HEAD = 4 * 2 ** 20;
/** Bytes that stay behind the place that was read last: what tools append to a file points back to its neighbours. */
const WINDOW = 2 ** 20;
/** Times that a member is streamed from its start again. No linker's layout asks for more than two. */
const MOST_TURNS = 8;

interface Piece {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Opens a member of a size; `open` streams it from its start. Reads throw `Damage` where they leave it. */
export function memberSource(
  size: number,
  open: () => AsyncIterable<Uint8Array>,
): MemberSource {
  let stream: AsyncIterator<Uint8Array> | undefined;
  let turns = 0;
  let place = 0;
  let headEnd = 0;
  const head: Piece[] = [];
  let window: Piece[] = [];

  const close = async (): Promise<void> => {
    await stream?.return?.();
    stream = undefined;
  };
  const restart = async (): Promise<AsyncIterator<Uint8Array>> => {
    await close();
    if (++turns > MOST_TURNS) throw new Damage("its tables lie too far apart");
    [place, window] = [0, []];
    return stream = open()[Symbol.asyncIterator]();
  };
  const keep = (bytes: Uint8Array, from: number): void => {
    const piece = { start: place, bytes };
    place += bytes.length;
    if (piece.start >= headEnd && piece.start < HEAD) {
      head.push(piece);
      headEnd = place;
    }
    window.push(piece);
    const oldest = Math.min(from, place - WINDOW);
    const gone = window.findIndex((one) => one.start + one.bytes.length > oldest);
    if (gone > 0) window.splice(0, gone);
  };
  return {
    ...boundedSource(size, async (offset, length) => {
      const end = offset + length;
      if (end <= headEnd) return assemble(head, offset, length);
      const oldest = window[0]?.start ?? 0;
      let current = stream === undefined || offset < oldest ? await restart() : stream;
      while (place < end) {
        const { done, value } = await current.next();
        if (done === true) throw new Damage("it is shorter than it says");
        keep(value, offset);
        current = stream ?? current;
      }
      return assemble(window, offset, length);
    }),
    close,
  };
}

function assemble(
  pieces: readonly Piece[],
  offset: number,
  length: number,
): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  for (const { start, bytes } of pieces) {
    const from = Math.max(start, offset);
    const to = Math.min(start + bytes.length, offset + length);
    if (from < to) whole.set(bytes.subarray(from - start, to - start), from - offset);
  }
  return whole;
}
