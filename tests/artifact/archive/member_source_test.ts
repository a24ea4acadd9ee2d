import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { memberSource } from "../../../src/artifact/archive/member_source.ts";
import { Damage } from "../../../src/artifact/binary/byte_source.ts";

const SIZE = 9 * 2 ** 20 + 13;
const BYTES = new Uint8Array(SIZE);
for (let at = 0; at < SIZE; at++) BYTES[at] = (at * 2654435761) >>> 13;

/** A stream of pieces, and how often it was begun and ended. */
function streamOf(bytes: Uint8Array): {
  readonly open: () => AsyncIterable<Uint8Array>;
  readonly counts: { begun: number; ended: number };
} {
  const counts = { begun: 0, ended: 0 };
  return {
    counts,
    open: async function* (): AsyncGenerator<Uint8Array> {
      counts.begun++;
      try {
        for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
      } finally {
        counts.ended++;
      }
    },
  };
}

async function partOf(
  source: Pick<ReturnType<typeof memberSource>, "read">,
  [offset, length]: readonly [number, number],
): Promise<Uint8Array> {
  return new Uint8Array((await source.read(offset, length)).buffer);
}

test("a member that is streamed reads as the file does, wherever its parts lie and in whatever order", async () => {
  const part = fc.tuple(fc.integer({ min: 0, max: SIZE - 1 }), fc.integer({ min: 0, max: 99_999 }))
    .map(([offset, length]): [number, number] => [offset, Math.min(length, SIZE - offset)]);
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
      const { open, counts } = streamOf(BYTES);
      const source = memberSource(SIZE, open);
      for (const one of parts) {
        assert.deepEqual(await partOf(source, one), BYTES.slice(one[0], one[0] + one[1]));
      }
      await source.close();
      assert.equal(counts.ended, counts.begun);
    }),
    { numRuns: 40 },
  );
});

test("headers, tables at the end and names at the beginning cost one turn", async () => {
  const { open, counts } = streamOf(BYTES);
  const source = memberSource(SIZE, open);
  for (const offset of [0, 64, SIZE - 5000, 2 ** 20, 3 * 2 ** 20, SIZE - 900_000, SIZE - 10]) {
    assert.deepEqual(await partOf(source, [offset, 10]), BYTES.slice(offset, offset + 10));
  }
  assert.equal(counts.begun, 1);
});

test("what jumps to and fro without end is damage, and so is what leaves the member or is shorter than it says", async () => {
  const { open } = streamOf(BYTES);
  const wild = memberSource(SIZE, open);
  const jump = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) {
      await wild.read(SIZE - 10, 10);
      await wild.read(4.5 * 2 ** 20, 10);
    }
  };
  await assert.rejects(jump(), Damage);
  await assert.rejects(memberSource(SIZE, open).read(SIZE - 5, 10), Damage);
  await assert.rejects(memberSource(SIZE + 10, open).read(SIZE, 10), Damage);
});
