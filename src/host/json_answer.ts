/**
 * Reads what a server sent as text or as JSON, strictly: a byte that is no UTF-8, a document that never ends or one that
 * would fill the memory once it is unfolded is no answer. What is read here is within the limits of bytes already.
 *
 * @module
 */

/** A document, or what is wrong with it: a clause to stand after "it". */
export type JsonAnswer =
  | { readonly json: unknown; readonly flaw?: never }
  | { readonly json?: never; readonly flaw: string };

/** Levels of a document. Those of registries have some dozen. */
const DEEPEST = 500;
/** Values of a document. A packument has one in some 25 bytes; an empty list takes three to send, and dozens to hold. */
const MOST_VALUES = 5_000_000;

/** The text of bytes; undefined when they are no UTF-8. A byte order mark is no part of it. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Reads a document. */
export function readJson(bytes: Uint8Array): JsonAnswer {
  const text = decodeText(bytes);
  if (text === undefined) return { flaw: "is no UTF-8" };
  const flaw = excessOf(bytes);
  if (flaw !== undefined) return { flaw };
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { flaw: "is no JSON" };
  }
}

/** Reads the document of an answer. */
export async function readJsonAnswer(answer: Response): Promise<JsonAnswer> {
  return readJson(new Uint8Array(await answer.arrayBuffer()));
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENING: readonly number[] = [0x5b, 0x7b];
const CLOSING: readonly number[] = [0x5d, 0x7d];

/** What is too much of a document, by its brackets and commas outside of texts; whether it is one shows later. */
function excessOf(bytes: Uint8Array): string | undefined {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = endOfText(bytes, at);
    } else if (byte === COMMA) {
      values++;
    } else if (OPENING.includes(byte)) {
      values++;
      if (++depth > DEEPEST) return `nests more than ${DEEPEST} levels`;
    } else if (CLOSING.includes(byte)) {
      depth--;
    }
    if (values > MOST_VALUES) return `holds more than ${MOST_VALUES} values`;
  }
  return undefined;
}

/** Where the text that begins at a place ends; the end of all when it does not. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(QUOTE, start + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let before = at - 1;
    while (bytes[before] === BACKSLASH) before--;
    if ((at - before) % 2 === 1) return at;
  }
  return bytes.length;
}
