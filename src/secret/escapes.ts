/**
 * One escape of a character, in any of the ways that texts come to hold one: `\u0041`, `\x41`, `\101` and `\"`; `%41`;
 * `&#65;`, `&#x41;` and `&quot;`, and Mermaid's `#65;`.
 *
 * @module
 */

/**
 * An escape that was read, in one number, since a large text holds many: how many bytes of the text it takes, whether it
 * stands for a byte of UTF-8 rather than for a code point, and which. 0 is none.
 */
export type Escape = number;

const [LENGTH, BYTE, CODE] = [22, 1 << 21, 0x1fffff];

function codePoint(code: number, length: number): Escape {
  return (length << LENGTH) | code;
}

function byteOf(code: number, length: number): Escape {
  return code < 0 ? 0 : (length << LENGTH) | BYTE | code;
}

/** The code point or the byte that an escape stands for. */
export function codeOf(escape: Escape): number {
  return escape & CODE;
}

/** Whether an escape stands for one byte of UTF-8. */
export function isByteOf(escape: Escape): boolean {
  return (escape & BYTE) !== 0;
}

/** How many bytes of the text an escape takes. */
export function lengthOf(escape: Escape): number {
  return escape >>> LENGTH;
}

const [BACKSLASH, PERCENT, AMPERSAND, HASH, SEMICOLON] = [0x5c, 0x25, 0x26, 0x23, 0x3b];

/** Whether an escape may begin with this byte. */
export function mayEscape(byte: number): boolean {
  return byte === BACKSLASH || byte === PERCENT || byte === AMPERSAND || byte === HASH;
}

/** Reads the escape at a place of a UTF-8 text that ends at `end`; 0 when there is none. */
export function readEscape(bytes: Uint8Array, at: number, end: number): Escape {
  switch (bytes[at]) {
    case BACKSLASH:
      return readBackslash(bytes, at, end);
    case PERCENT:
      return byteOf(digits(bytes, at + 1, at + 3, end, 16), 3);
    case AMPERSAND:
      return readReference(bytes, at, end);
    case HASH:
      return readNumber(bytes, { at, from: at + 1, end, base: 10, isLoose: false });
    default:
      return 0;
  }
}

/** Where an escape begins that a text's end cuts off; the end itself where none does. */
export function openEscapeAt(bytes: Uint8Array, length: number): number {
  for (let at = length - 1; at >= 0 && at >= length - LONGEST_NAME; at--) {
    const byte = bytes[at]!;
    const isOpen = mayEscape(byte) && !(byte === HASH && bytes[at - 1] === AMPERSAND);
    if (isOpen) return readEscape(bytes, at, length) === 0 ? at : length;
    if (!isWordByte(byte) && byte !== HASH && byte !== 0x7b) return length;
  }
  return length;
}

/** Ends of lines and their like: what they stand for is no part of a secret. */
const LAYOUT = new Set([..."bfnrtv"].map((letter) => letter.charCodeAt(0)));

function readBackslash(bytes: Uint8Array, at: number, end: number): Escape {
  if (at + 1 >= end) return 0;
  const next = bytes[at + 1]!;
  // What begins another escape is for that one: `\\%41` is a backslash and an A.
  if (next >= 0x80 || (next !== BACKSLASH && mayEscape(next))) return 0;
  if (!isWordByte(next)) return codePoint(next, 2);
  if (next === 0x75 /* u */) return readUnicode(bytes, at, end);
  if (next === 0x78 /* x */) {
    const code = digits(bytes, at + 2, at + 4, end, 16);
    return code < 0 ? 0 : codePoint(code, 4);
  }
  if (LAYOUT.has(next)) return codePoint(0x0a, 2);
  // git quotes the bytes of a path so.
  return next <= 0x33 ? byteOf(digits(bytes, at + 1, at + 4, end, 8), 4) : 0;
}

function readUnicode(bytes: Uint8Array, at: number, end: number): Escape {
  if (bytes[at + 2] === 0x7b /* { */) {
    let to = at + 3;
    while (to < end && to < at + 9 && valueOf(bytes[to]!, 16) >= 0) to++;
    const code = digits(bytes, at + 3, to, end, 16);
    return to === at + 3 || bytes[to] !== 0x7d || code > LAST ? 0 : codePoint(code, to + 1 - at);
  }
  const first = digits(bytes, at + 2, at + 6, end, 16);
  if (first < 0) return 0;
  const isHigh = first >= 0xd800 && first < 0xdc00 && bytes[at + 6] === BACKSLASH &&
    bytes[at + 7] === 0x75;
  const second = isHigh ? digits(bytes, at + 8, at + 12, end, 16) : -1;
  return second >= 0xdc00 && second < 0xe000
    ? codePoint(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), 12)
    : codePoint(first, 6);
}

/** The last code point of all. */
const LAST = 0x10ffff;

/** The named references of ASCII's punctuation (HTML, "Named character references"), and of what layout is made of. */
const NAMES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ Tab: 9, NewLine: 10, excl: 33, quot: 34, QUOT: 34, num: 35, dollar: 36, percnt: 37 },
    ...{ amp: 38, AMP: 38, apos: 39, lpar: 40, rpar: 41, ast: 42, midast: 42, plus: 43 },
    ...{ comma: 44, period: 46, sol: 47, colon: 58, semi: 59, lt: 60, LT: 60, equals: 61 },
    ...{ gt: 62, GT: 62, quest: 63, commat: 64, lsqb: 91, lbrack: 91, bsol: 92, rsqb: 93 },
    ...{ rbrack: 93, Hat: 94, lowbar: 95, UnderBar: 95, grave: 96, DiacriticalGrave: 96 },
    ...{ lcub: 123, lbrace: 123, verbar: 124, vert: 124, VerticalLine: 124, rcub: 125 },
    ...{ rbrace: 125, nbsp: 160, shy: 173, ZeroWidthSpace: 8203, zwnj: 8204, zwj: 8205 },
    ...{ hyphen: 45, dash: 45 },
  }),
);

const LONGEST_NAME = 16;

function readReference(bytes: Uint8Array, at: number, end: number): Escape {
  if (bytes[at + 1] === HASH) {
    const isHex = bytes[at + 2] === 0x78 || bytes[at + 2] === 0x58;
    const from = at + (isHex ? 3 : 2);
    return readNumber(bytes, { at, from, end, base: isHex ? 16 : 10, isLoose: true });
  }
  let name = "";
  for (let to = at + 1; to < end && name.length <= LONGEST_NAME; to++) {
    if (bytes[to] === SEMICOLON) {
      const code = NAMES.get(name);
      return code === undefined ? 0 : codePoint(code, to + 1 - at);
    }
    if (!isWordByte(bytes[to]!)) return 0;
    name += String.fromCharCode(bytes[to]!);
  }
  return 0;
}

/** A number up to `;`, which browsers do without. */
function readNumber(
  bytes: Uint8Array,
  { at, from, end, base, isLoose }: {
    readonly at: number;
    readonly from: number;
    readonly end: number;
    readonly base: number;
    readonly isLoose: boolean;
  },
): Escape {
  let to = from;
  while (to < end && to < from + 8 && valueOf(bytes[to]!, base) >= 0) to++;
  const isClosed = bytes[to] === SEMICOLON && to < end;
  if (to === from || !(isClosed || isLoose)) return 0;
  const code = digits(bytes, from, to, end, base);
  return code > LAST ? 0 : codePoint(code, to + (isClosed ? 1 : 0) - at);
}

/** The number that digits make; -1 when one is none, or beyond the end. Called for every byte that may escape another. */
function digits(bytes: Uint8Array, from: number, to: number, end: number, base: number): number {
  if (to > end) return -1;
  let number = 0;
  for (let at = from; at < to; at++) {
    const value = valueOf(bytes[at]!, base);
    if (value < 0) return -1;
    number = number * base + value;
  }
  return number;
}

function valueOf(byte: number, base: number): number {
  const value = byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x61 + 10;
  const isDigit = byte <= 0x39 ? value >= 0 : value >= 10;
  return isDigit && value < base ? value : -1;
}

function isWordByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a);
}
