/** Bytes in pieces of any size, and the ways in which somebody may read what comes of them. */

import fc from "./property.ts";

/** How one stream among several is read: wholly, its first piece, not at all, without waiting, or when all is over. */
export const WAYS = ["whole", "part", "not", "begun", "late"] as const;

export type Way = typeof WAYS[number];

/** One stream: how many bytes it has, and how it is read. */
export interface Reading {
  readonly size: number;
  readonly way: Way;
}

/** Around the sizes of blocks, of zlib's pieces, and of what streams hold back. */
const SIZES = [0, 1, 511, 512, 513, 3_065, 13_072, 16_384, 65_536, 70_000, 1_048_576, 1_200_000];

/** Several streams, each read in its own way. */
export function readings(): fc.Arbitrary<readonly Reading[]> {
  const size = fc.oneof(fc.constantFrom(...SIZES), fc.nat(20_000));
  const way = fc.constantFrom(...WAYS);
  return fc.array(fc.record({ size, way }), { minLength: 1, maxLength: 5 });
}

/** The sizes of pieces, over and over. */
export function pieceSizes(): fc.Arbitrary<readonly number[]> {
  const size = fc.oneof(fc.constantFrom(1, 512, 16_384, 65_536, 2 ** 30), fc.integer({ min: 1 }));
  return fc.array(size, { minLength: 1, maxLength: 4 }).filter((sizes) =>
    // Byte by byte alone would take minutes.
    sizes.some((one) => one > 100)
  );
}

/** Bytes in pieces; some are empty. */
export async function* inPieces(
  bytes: Uint8Array,
  sizes: readonly number[],
): AsyncGenerator<Uint8Array> {
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length]!;
    if (index % 7 === 3) yield new Uint8Array();
    yield await Promise.resolve(bytes.subarray(at, at + size));
    at += size;
  }
}

/** Bytes that are all different enough for a shift or a swap to show. */
export function bytesOf({ size }: Pick<Reading, "size">, seed: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 9) + seed) & 0xff);
}

/** All pieces in one. */
export async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}
