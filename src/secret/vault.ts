/**
 * The vault: knows every secret of a run, and takes them out of whatever is about to be shown or written. There is one for
 * a run; whatever writes goes through it.
 *
 * @module
 */

import { cleaned } from "./cleaned.ts";
import { bareAddresses, bareHeaders } from "./known.ts";
import { layersOf } from "./layers.ts";
import { SecretIndex } from "./secret_index.ts";
import type { Span } from "./shown.ts";
import { SHORTEST, spellingsOf } from "./spellings.ts";

/** What stands in a secret's place. */
export const HIDDEN = "***";

/** Knows secrets, and takes them out. */
export interface Vault {
  /**
   * Learns a secret, before it is used: the whole of it, and each of its lines. Shorter than six characters it is likelier to
   * be a word of the text than a secret, and is left alone.
   */
  add(secret: string): void;
  /**
   * The text with `***` in place of every secret and of every telling part of one, however it is spelled. JSON stays JSON.
   */
  redact(text: string): string;
  /**
   * The same for everything in a value: texts, arrays, plain objects. What holds no secret is given back as it is. Errors
   * are cleaned in place, so that whoever prints them, or what they were caused by, prints no secret.
   */
  clean<T>(value: T): T;
  /**
   * How much of a text can be shown before the next one is known: all of it, or what stands before the beginning of what
   * may become a secret.
   */
  settled(text: string): number;
  /** Tells of every secret from here on, and of all that came before: each line of one that is long enough. */
  onSecret(listener: (line: string) => void): void;
}

/** Makes a vault that knows nothing yet. */
export function createVault(): Vault {
  const lines = new Set<string>();
  const listeners: ((line: string) => void)[] = [];
  const index = new SecretIndex();
  let indexed = 0;
  const current = (): SecretIndex => {
    // Spelled out when it is first needed: most commands print nothing that could hold a secret's first letters.
    for (const line of [...lines].slice(indexed)) {
      for (const spelling of spellingsOf(line)) index.add(spelling);
    }
    indexed = lines.size;
    return index;
  };
  const add = (secret: string): void => {
    for (const line of [secret, ...secret.split(/[\r\n]+/)].map((text) => text.trim())) {
      if (line.length < SHORTEST || lines.has(line)) continue;
      lines.add(line);
      if (!/[\r\n]/.test(line)) { for (const tell of listeners) tell(line); }
    }
  };
  const redactText = (text: string): string => {
    const bare = bareHeaders(bareAddresses(text));
    return lines.size === 0 || bare.length < SHORTEST ? bare : withoutSecrets(bare, current());
  };
  const clean = <T>(value: T): T => cleaned(value, redactText);
  return {
    add,
    clean,
    redact: (text) => {
      const redacted = redactText(text);
      return redacted === text ? text : keepingJson(text, { redactText, clean }) ?? redacted;
    },
    settled: (text) => lines.size === 0 ? text.length : settledLength(text, current()),
    onSecret: (listener) => {
      listeners.push(listener);
      for (const line of lines) if (!/[\r\n]/.test(line)) listener(line);
    },
  };
}

const encoder = new TextEncoder();

function withoutSecrets(text: string, index: SecretIndex): string {
  const source = encoder.encode(text);
  if (![...layersOf(source)].some((layer) => index.mayShow(layer))) return text;
  const layers = [...layersOf(source, { withPlaces: true })];
  const spans = layers.flatMap((layer) => index.find(layer));
  if (spans.length === 0) return text;
  const pieces: string[] = [];
  let shown = 0;
  const unitAt = unitCounter(source);
  for (const { start, end } of merged(spans)) {
    pieces.push(text.slice(shown, unitAt(start)), HIDDEN);
    shown = unitAt(end);
  }
  return pieces.join("") + text.slice(shown);
}

/** Spans in their order, those that overlap as one. */
function merged(spans: readonly Span[]): readonly Span[] {
  const all: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((one, other) => one.start - other.start)) {
    const last = all.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else all.push({ start, end });
  }
  return all;
}

/** Where a byte of UTF-8 stands in the text, counted in UTF-16 units; to be asked from front to back. */
function unitCounter(source: Uint8Array): (byte: number) => number {
  let [at, units] = [0, 0];
  return (byte) => {
    for (; at < byte; at++) {
      const one = source[at]!;
      if ((one & 0xc0) !== 0x80) units += one >= 0xf0 ? 2 : 1;
    }
    return units;
  };
}

/**
 * A JSON document with its texts cleaned one by one, since what is taken out of the whole may be a part of an escape or of
 * its structure; undefined for any other text.
 */
function keepingJson(
  text: string,
  { redactText, clean }: {
    readonly redactText: (text: string) => string;
    readonly clean: Vault["clean"];
  },
): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const document = parseJson(text);
  if (document === undefined) return undefined;
  const indent = /^\s*[[{]\n( *)/.exec(text)?.[1]?.length;
  const [start, end] = [/^\s*/.exec(text)![0], /\s*$/.exec(text)![0]];
  const write = (value: unknown): string => `${start}${JSON.stringify(value, null, indent)}${end}`;
  const cleaned = write(clean(document));
  // A secret that is JSON itself may stand in the structure: then no value is shown.
  return redactText(cleaned) === cleaned ? cleaned : write(withoutValues(document));
}

function withoutValues(document: unknown): unknown {
  const hide = (_: string, value: unknown): unknown =>
    typeof value === "object" && value !== null ? value : HIDDEN;
  return JSON.parse(JSON.stringify(document, hide));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bytes of a secret that a line may end in: a longer end may well be a secret that goes on. */
const LEAST_AT_LINE_END = 4;

function settledLength(text: string, index: SecretIndex): number {
  const least = text.endsWith("\n") ? LEAST_AT_LINE_END : 1;
  // An escape that is not complete yet, as long as the longest of them.
  const open = /(?:\\(?:u\{?[\da-f]{0,6}|x[\da-f]?|[0-7]{1,2})?|%[\da-f]?|&#?\w{0,16}|#\d{0,7})$/i
    .exec(text);
  const tail = Math.max(0, text.length - 8 * index.longest);
  const source = encoder.encode(text.slice(tail));
  const layers = [...layersOf(source, { withPlaces: true })];
  const begun = layers.flatMap((layer) => index.begunAt(layer, least) ?? []);
  const units = unitCounter(source);
  const from = begun.length === 0 ? text.length : tail + units(Math.min(...begun));
  return Math.min(from, least === 1 ? open?.index ?? text.length : text.length);
}
