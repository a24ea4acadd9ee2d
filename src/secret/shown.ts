/**
 * Whether a place of a layer shows a secret: a spelling in whole, or so much of it that the rest is no secret any more.
 *
 * @module
 */

import type { Layer } from "./layers.ts";
import { fold, type Spelling } from "./spellings.ts";

/** A piece of a text that is to go, as byte offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A piece of a spelling: where in it. */
export interface Place {
  readonly spelling: Spelling;
  readonly at: number;
}

/** Bytes that a layer and a spelling have to share before anything else is looked at. */
export const GRAM = 6;

/** Bytes of a secret that show it even in part: before or behind a mark that something was cut off. */
const TELLING_AT_CUT = 8;
/** The same anywhere, for a part that looks made up; words may well be words of the text. */
const [TELLING, TELLING_WORDS] = [10, 16];

/** Whether a layer and a spelling share at least a piece around a place. */
export function isShared({ bytes }: Layer, at: number, { spelling, at: inner }: Place): boolean {
  for (let next = 0; next < GRAM; next++) {
    if (fold(bytes[at + next]!) !== spelling.bytes[inner + next]) return false;
  }
  return true;
}

/** A part of a layer that a spelling has in common with it. */
export interface Match {
  readonly from: number;
  readonly to: number;
  readonly spelling: Spelling;
}

/** What surrounds a shared piece and is shared too; undefined when that says too little to be the secret. */
export function matchAt(
  layer: Layer,
  at: number,
  { spelling, at: inner }: Place,
): Match | undefined {
  const { bytes, length } = layer;
  const wanted = spelling.bytes;
  if (!isShared(layer, at, { spelling, at: inner })) return undefined;
  let [from, to] = [at, at + GRAM];
  const shift = inner - at;
  while (from > 0 && from + shift > 0 && fold(bytes[from - 1]!) === wanted[from - 1 + shift]) {
    from--;
  }
  while (to < length && to + shift < wanted.length && fold(bytes[to]!) === wanted[to + shift]) to++;
  if (to - from === wanted.length) return { from, to, spelling };
  const isHead = from + shift === 0;
  const isTail = to + shift === wanted.length;
  if (!isHead) from = trimStart(layer, from, to);
  if (!isTail) to = trimEnd(layer, from, to);
  const size = (to - from) / spelling.scale;
  const isCut = (isHead && isCutBehind(layer, to)) || (isTail && isCutBefore(layer, from));
  const isTelling = size >= TELLING_WORDS || (isCut && size >= TELLING_AT_CUT) ||
    (size >= TELLING && isMadeUp(bytes.subarray(from, to)));
  return isTelling ? { from, to, spelling } : undefined;
}

/** A word beyond a blank that happens to go on like the secret is none of it. */
const STRAY = 3;

function trimEnd({ starts, ends }: Layer, from: number, to: number): number {
  for (let at = to - 1; at > from && at >= to - STRAY; at--) {
    if (ends[at - 1]! < starts[at]!) return at;
  }
  return to;
}

function trimStart({ starts, ends }: Layer, from: number, to: number): number {
  for (let at = from + 1; at < to && at <= from + STRAY; at++) {
    if (ends[at - 1]! < starts[at]!) return at;
  }
  return from;
}

/** `…`, `...`, `***`, or the end of everything. */
function isCutBehind({ bytes, length }: Layer, at: number): boolean {
  return at >= length || isMark(bytes, at) ||
    (bytes[at] === 0xe2 && bytes[at + 1] === 0x80 && bytes[at + 2] === 0xa6);
}

function isCutBefore({ bytes }: Layer, at: number): boolean {
  if (at < 3) return at === 0;
  return isMark(bytes, at - 3) ||
    (bytes[at - 3] === 0xe2 && bytes[at - 2] === 0x80 && bytes[at - 1] === 0xa6);
}

function isMark(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return (byte === 0x2e || byte === 0x2a) && bytes[at + 1] === byte && bytes[at + 2] === byte;
}

/** Whether bytes are no words: there is a digit, or capitals are strewn over them. */
function isMadeUp(bytes: Uint8Array): boolean {
  let rises = 0;
  for (const [at, byte] of bytes.entries()) {
    if (byte >= 0x30 && byte <= 0x39) return true;
    if (isCapital(byte) && at > 0 && !isCapital(bytes[at - 1]!)) rises++;
  }
  return rises >= MOST_RISES;
}

/** Words that are written together have a capital each. */
const MOST_RISES = 4;

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

/** The piece of the text behind a match. A whole base64 spelling takes the characters with it that are its own in part. */
export function spanOf(layer: Layer, { from, to, spelling }: Match): Span {
  const { bytes, length, starts, ends } = layer;
  let [first, last] = [from, to - 1];
  if (spelling.frayed.start && first > 0 && isBase64(bytes[first - 1]!)) first--;
  if (spelling.frayed.end && last + 1 < length && isBase64(bytes[last + 1]!)) last++;
  for (let fill = 0; fill < 2 && spelling.frayed.end && bytes[last + 1] === FILL; fill++) last++;
  return { start: starts[first]!, end: ends[last]! };
}

/** What base64 is filled up with at its end. */
const FILL = 0x3d;

function isBase64(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (fold(byte) >= 0x61 && fold(byte) <= 0x7a) ||
    [0x2b, 0x2d, 0x2f, 0x5f].includes(byte);
}

/** Where a short spelling stands in a layer, from a place on; -1 when it does not. */
export function findShort({ bytes, length }: Layer, { bytes: wanted }: Spelling, from = 0): number {
  for (let at = from; at + wanted.length <= length; at++) {
    let same = 0;
    while (same < wanted.length && wanted[same] === fold(bytes[at + same]!)) same++;
    if (same === wanted.length) return at;
  }
  return -1;
}

/** A short secret counts only in one piece: with blanks taken out, words would be full of them. */
export function spansOfShort(layer: Layer, spelling: Spelling): Span[] {
  const { starts, ends } = layer;
  const spans: Span[] = [];
  const { length } = spelling.bytes;
  for (let at = findShort(layer, spelling); at >= 0;) {
    const last = at + length - 1;
    let isWhole = true;
    for (let next = at + 1; next <= last; next++) isWhole &&= ends[next - 1]! >= starts[next]!;
    if (isWhole) spans.push({ start: starts[at]!, end: ends[last]! });
    at = findShort(layer, spelling, isWhole ? last + 1 : at + 1);
  }
  return spans;
}
