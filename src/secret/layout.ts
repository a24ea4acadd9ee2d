/**
 * Layout: the characters that stand between those of a text without being any of it, since a table, a terminal or a mail
 * program put them there.
 *
 * @module
 */

/** What a terminal's control sequences begin with. */
export const ESCAPE_CHARACTER = 0x1b;

/** 1 for the bytes of ASCII that are layout: controls, the blank, and the bar between the columns of a table. */
export const IS_LAYOUT: Uint8Array = Uint8Array.from(
  { length: 128 },
  (_, byte) => byte <= 0x20 || byte === 0x7f || byte === 0x7c ? 1 : 0,
);

/** Ranges beyond ASCII that show nothing, a blank, or the frame of a table. */
const RANGES: readonly (readonly [from: number, to: number])[] = [
  [0x80, 0xa0],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x1680, 0x1680],
  [0x180e, 0x180e],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x2500, 0x259f],
  [0x3000, 0x3000],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
];

/** Whether a code point beyond ASCII is layout. */
export function isLayoutCode(code: number): boolean {
  return RANGES.some(([from, to]) => code >= from && code <= to);
}

/** Where a terminal's control sequence ends whose escape character stands before `at`: `[31m`, or what is there of it. */
export function endOfColour(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || bytes[at] !== 0x5b) return at;
  for (let to = at + 1; to < at + LONGEST; to++) {
    if (to >= end) return end;
    if (bytes[to]! >= 0x40 && bytes[to]! <= 0x7e) return to + 1;
  }
  return at;
}

/** Whether what is left of a colour stands here, whose escape character somebody made a blank of: ` [31m`. */
export function isColour(bytes: Uint8Array, at: number): boolean {
  if (at === 0 || bytes[at - 1] !== 0x20) return false;
  let to = at + 1;
  while (bytes[to] === 0x3b || (bytes[to]! >= 0x30 && bytes[to]! <= 0x39)) to++;
  return bytes[to] === 0x6d;
}

/** What git puts before every line of a server's. */
const PREFIX = new TextEncoder().encode("remote: ");

/** Where a line begins whose first byte is this one, behind what git puts before it. */
export function behindPrefix(bytes: Uint8Array, at: number): number {
  return PREFIX.every((byte, part) => bytes[at + part] === byte) ? at + PREFIX.length : at;
}

/** Whether a `; ` stands here that joins what were lines, rather than one that ends `&#65;`. */
export function isJoint(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 1] !== 0x20) return false;
  for (let from = at - 1; from >= 0 && from > at - LONGEST; from--) {
    const byte = bytes[from]!;
    if (byte === 0x26) return false;
    const isWord = byte === 0x23 || (byte >= 0x30 && byte <= 0x39) || (byte | 0x20) >= 0x61;
    if (!isWord) return true;
  }
  return true;
}

/** Bytes of a control sequence; more than this are none. */
const LONGEST = 32;
