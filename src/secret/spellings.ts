/**
 * The spellings of a secret that no layer of a text undoes: base64 in both alphabets and wherever it stands in a longer
 * text, hexadecimal, lists of bytes; and those of one another, as far as a secret is short enough for that.
 *
 * @module
 */

import { layersOf } from "./layers.ts";

/** One spelling, as it stands in a layer. */
export interface Spelling {
  /** Without layout, folded by {@link fold}. */
  readonly bytes: Uint8Array;
  /** How many bytes of it one byte of the secret takes. */
  readonly scale: number;
  /** Whether base64 characters around it belong to it in part: their other bits are of the secret's neighbours. */
  readonly frayed: { readonly start: boolean; readonly end: boolean };
  /**
   * How far apart the places are at which it is recognised. Of a spelling that is unlikely or long not every piece is
   * remembered: eight bytes more than this are found for sure.
   */
  readonly spacing: number;
}

/** Letters of either case are one: some servers answer in capitals, and hexadecimal has both. */
export function fold(byte: number): number {
  return byte | 0x20;
}

/** A spelling that is shorter than this is found in texts that have nothing to do with the secret. */
export const SHORTEST = 6;
/** An encoded one is a mere few letters or digits. */
const SHORTEST_ENCODED = 8;

/** Bytes from which a spelling is long. A release of a hundred packages has hundreds of identity tokens. */
const LONG = 512;

function spacingOf(length: number, isUnlikely: boolean): number {
  if (isUnlikely) return length > LONG ? 64 : length >= 24 ? 16 : 1;
  return length > LONG ? 16 : 1;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const WHOLE: Spelling["frayed"] = { start: false, end: false };

/** A spelling before it is known whether it is one. */
interface Found extends Omit<Spelling, "bytes" | "spacing"> {
  /** Whether nobody but a program in a program writes it so. */
  readonly isUnlikely?: boolean;
  readonly shortest?: number;
}

/** Every spelling of one line of a secret, each once. */
export function spellingsOf(secret: string): readonly Spelling[] {
  const plain = encoder.encode(secret);
  const found = new Map<string, Spelling>();
  const add = (
    text: string,
    { isUnlikely = false, shortest = SHORTEST_ENCODED, ...spelling }: Found,
  ): void => {
    if (found.has(text)) return;
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length; at++) bytes[at] = fold(bytes[at]!);
    const spacing = spacingOf(bytes.length, isUnlikely);
    if (bytes.length >= shortest) found.set(text, { bytes, spacing, ...spelling });
  };
  for (const { bytes, length } of layersOf(plain)) {
    const text = decoder.decode(bytes.subarray(0, length));
    add(text, { scale: 1, frayed: WHOLE, shortest: SHORTEST });
  }
  for (const piece of [...base64Pieces(plain), ofText(plain, hexadecimal(plain))]) {
    add(piece.text, piece);
  }
  for (const text of listsOf(plain)) add(text, { ...ofText(plain, text), isUnlikely: true });
  for (const rewritten of rewritings(secret, plain)) {
    const bytes = encoder.encode(rewritten);
    for (const { text, scale, frayed } of base64Pieces(bytes)) {
      add(text, { scale: scale * bytes.length / plain.length, frayed, isUnlikely: true });
    }
  }
  return [...found.values()];
}

/** What a secret becomes on its way into something that is then encoded as a whole. */
function rewritings(secret: string, plain: Uint8Array): readonly string[] {
  const pieces = base64Pieces(plain).map(({ text }) => text);
  const others = plain.length > LONG ? [] : [
    encodeURIComponent(secret.replace(/\p{Cs}/gu, "\ufffd")),
    JSON.stringify(secret).slice(1, -1),
    secret.toUpperCase(),
    secret.toLowerCase(),
    hexadecimal(plain),
    hexadecimal(plain).toUpperCase(),
  ];
  return [...new Set([...pieces, ...others])].filter((text) => text !== secret);
}

/** An encoding of bytes, before it is folded. */
interface Encoded extends Omit<Spelling, "bytes" | "spacing"> {
  readonly text: string;
}

function ofText(plain: Uint8Array, text: string): Encoded {
  return { text, scale: text.length / plain.length, frayed: WHOLE };
}

/** Bytes one by one, as dumps and lists have them. */
function listsOf(plain: Uint8Array): readonly string[] {
  const pairs = hexadecimal(plain).match(/../g) ?? [];
  return [pairs.join(":"), pairs.join(",0x"), plain.join(",")];
}

const HEX: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);

function hexadecimal(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte]!;
  return text;
}

/**
 * What base64 makes of bytes whatever stands before and behind them: three groups of 6 bits begin inside a byte, so there
 * are three of them, each without the characters that hold bits of a neighbour. `user:token` of a Basic header is such a
 * neighbourhood.
 */
function base64Pieces(plain: Uint8Array): readonly Encoded[] {
  return [0, 1, 2].flatMap((before) => {
    const shifted = new Uint8Array(before + plain.length);
    shifted.set(plain, before);
    const all = base64(shifted);
    const [from, to] = [8 * before / 6, 8 * (before + plain.length) / 6];
    const text = all.slice(Math.ceil(from), Math.floor(to));
    const frayed = { start: !Number.isInteger(from), end: !Number.isInteger(to) };
    const forAddresses = text.replaceAll("+", "-").replaceAll("/", "_");
    return [text, forAddresses].map((text) => ({ text, scale: 4 / 3, frayed }));
  });
}

function base64(bytes: Uint8Array): string {
  let text = "";
  // A function takes so many arguments for sure.
  for (let at = 0; at < bytes.length; at += 8_192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  }
  return btoa(text);
}
