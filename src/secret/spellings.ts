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
  /** Whether it is unlikely or long: then pieces of 24 bytes and more are found, of others those of eight. */
  readonly isSparse: boolean;
}

/** Letters of either case are one: some servers answer in capitals, and hexadecimal has both. */
export function fold(byte: number): number {
  return byte | 0x20;
}

/** A spelling that is shorter than this is found in texts that have nothing to do with the secret. */
export const SHORTEST = 6;
/** An encoded one is a mere few letters or digits. */
const SHORTEST_ENCODED = 8;
/** Bytes of a secret up to which spellings of spellings are looked for; identity tokens are longer. */
const LONGEST_NESTED = 256;

/** Bytes from which a spelling is long, and those of it that are found for sure when it is looked for sparsely. */
const [LONG, SURE_OF_SPARSE] = [512, 24];

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const WHOLE: Spelling["frayed"] = { start: false, end: false };

/** A spelling before it is known whether it is one. */
interface Found extends Omit<Spelling, "bytes" | "isSparse"> {
  /** Whether it spells a spelling. */
  readonly isNested?: boolean;
  readonly shortest?: number;
}

/** Every spelling of one line of a secret, each once. */
export function spellingsOf(secret: string): readonly Spelling[] {
  const plain = encoder.encode(secret);
  const found = new Map<string, Spelling>();
  const add = (
    text: string,
    { isNested = false, shortest = SHORTEST_ENCODED, ...spelling }: Found,
  ): void => {
    if (found.has(text)) return;
    const bytes = encoder.encode(text).map(fold);
    const isSparse = bytes.length > LONG || (isNested && bytes.length >= SURE_OF_SPARSE);
    if (bytes.length >= shortest) found.set(text, { bytes, isSparse, ...spelling });
  };
  for (const { bytes, length } of layersOf(plain)) {
    const text = decoder.decode(bytes.subarray(0, length));
    add(text, { scale: 1, frayed: WHOLE, shortest: SHORTEST });
  }
  for (const { text, ...spelling } of encodings(plain)) add(text, spelling);
  if (plain.length > LONGEST_NESTED) return [...found.values()];
  for (const rewritten of rewritings(secret, plain)) {
    const bytes = encoder.encode(rewritten);
    for (const { text, scale, frayed } of base64Pieces(bytes)) {
      add(text, { scale: scale * bytes.length / plain.length, frayed, isNested: true });
    }
  }
  return [...found.values()];
}

/** What a secret becomes on its way into something that is then encoded as a whole. */
function rewritings(secret: string, plain: Uint8Array): readonly string[] {
  const texts = [
    encodeURIComponent(secret.replace(/\p{Cs}/gu, "\ufffd")),
    JSON.stringify(secret).slice(1, -1),
    secret.toUpperCase(),
    secret.toLowerCase(),
    hexadecimal(plain),
    hexadecimal(plain).toUpperCase(),
    ...base64Pieces(plain).map(({ text }) => text),
  ];
  return [...new Set(texts)].filter((text) => text !== secret);
}

/** An encoding of bytes, before it is folded. */
interface Encoded extends Omit<Spelling, "bytes" | "isSparse"> {
  readonly text: string;
}

function encodings(plain: Uint8Array): readonly Encoded[] {
  const hex = hexadecimal(plain);
  const pairs = hex.match(/../g) ?? [];
  const lists = plain.length > LONGEST_NESTED
    ? [hex]
    : [hex, pairs.join(":"), pairs.join(",0x"), plain.join(",")];
  return [
    ...base64Pieces(plain),
    ...lists.map((text) => ({ text, scale: text.length / plain.length, frayed: WHOLE })),
  ];
}

function hexadecimal(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/**
 * What base64 makes of bytes whatever stands before and behind them: three groups of 6 bits begin inside a byte, so there
 * are three of them, each without the characters that hold bits of a neighbour. `user:token` of a Basic header is such a
 * neighbourhood.
 */
function base64Pieces(plain: Uint8Array): readonly Encoded[] {
  return [0, 1, 2].flatMap((before) => {
    const all = base64(new Uint8Array([...new Uint8Array(before), ...plain]));
    const [from, to] = [8 * before / 6, 8 * (before + plain.length) / 6];
    const text = all.slice(Math.ceil(from), Math.floor(to));
    const frayed = { start: !Number.isInteger(from), end: !Number.isInteger(to) };
    const forAddresses = text.replaceAll("+", "-").replaceAll("/", "_");
    return [text, forAddresses].map((text) => ({ text, scale: 4 / 3, frayed }));
  });
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
