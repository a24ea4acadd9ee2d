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
const WINDOW = 3 * 2 ** 19;
/** Bytes that are taken at once. The largest read, of 1 MiB, and one part more lie in the window. */
const PART = 2 ** 16;
/** Times that a member is streamed from its start again. No linker's layout asks for more than two. */
const MOST_TURNS = 8;

/** Consecutive bytes of a member, in one buffer: pieces of a stream that are held one by one pile up, hundreds of MB. */
interface Held {
  buffer: Uint8Array;
  start: number;
  length: number;
}

/** Opens a member of a size; `open` streams it from its start. Reads throw `Damage` where they leave it. */
export function memberSource(
  size: number,
  open: () => AsyncIterable<Uint8Array>,
): MemberSource {
  let stream: AsyncIterator<Uint8Array> | undefined;
  let pending: Uint8Array = new Uint8Array();
  let turns = 0;
  const head = held();
  const window = held();

  const close = async (): Promise<void> => {
    await stream?.return?.();
    stream = undefined;
  };
  const restart = async (): Promise<AsyncIterator<Uint8Array>> => {
    await close();
    if (++turns > MOST_TURNS) throw new Damage("its tables lie too far apart");
    pending = new Uint8Array();
    [window.start, window.length] = [0, 0];
    return stream = open()[Symbol.asyncIterator]();
  };
  const advance = async (current: AsyncIterator<Uint8Array>): Promise<void> => {
    if (pending.length === 0) {
      const { done, value } = await current.next();
      if (done === true) throw new Damage("it is shorter than it says");
      pending = value;
    }
    const part = pending.subarray(0, PART);
    pending = pending.subarray(part.length);
    if (endOf(window) === endOf(head) && endOf(head) < HEAD) append(head, part, HEAD + PART);
    append(window, part, 2 * WINDOW);
  };
  return {
    ...boundedSource(size, async (offset, length) => {
      const end = offset + length;
      if (end <= endOf(head)) return copyOf(head, offset, length);
      const current = stream === undefined || offset < window.start ? await restart() : stream;
      while (endOf(window) < end) await advance(current);
      return copyOf(window, offset, length);
    }),
    close,
  };
}

function held(): Held {
  return { buffer: new Uint8Array(), start: 0, length: 0 };
}

function endOf({ start, length }: Held): number {
  return start + length;
}

/** Adds bytes behind those that are held; where there is no room, the oldest make some. */
function append(into: Held, part: Uint8Array, room: number): void {
  if (into.length + part.length > into.buffer.length && into.buffer.length < room) {
    const larger = new Uint8Array(
      Math.min(room, Math.max(PART, 2 * into.buffer.length, into.length + part.length)),
    );
    larger.set(into.buffer.subarray(0, into.length));
    into.buffer = larger;
  }
  if (into.length + part.length > into.buffer.length) {
    const gone = into.length - WINDOW;
    into.buffer.copyWithin(0, gone, into.length);
    into.start += gone;
    into.length = WINDOW;
  }
  into.buffer.set(part, into.length);
  into.length += part.length;
}

function copyOf({ buffer, start }: Held, offset: number, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer.subarray(offset - start, offset - start + length));
}
