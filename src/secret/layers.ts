/**
 * A text in layers: what is left of it without layout (blanks, line breaks, frames of tables, colours, invisible
 * characters), then the same with its escapes undone, once and again. A secret that is anyhow spelled out stands in one of
 * them in one piece.
 *
 * @module
 */

import { codeOf, isByteOf, lengthOf, mayEscape, readEscape } from "./escapes.ts";
import {
  behindPrefix,
  endOfColour,
  ESCAPE_CHARACTER,
  IS_LAYOUT,
  isColour,
  isJoint,
  isLayoutCode,
} from "./layout.ts";

/** One layer: bytes of UTF-8. */
export interface Layer {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** For each byte the piece of the text that it came from, as byte offsets; empty unless asked for. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** An escape of an escape of an escape of an escape is nobody's doing. */
const MOST_LAYERS = 5;

/**
 * The layers of a text in UTF-8, one by one; the first is the text without layout. Places are needed only where something
 * was found, and take nine tenths of the memory.
 */
export function* layersOf(
  source: Uint8Array,
  { withPlaces = false }: { readonly withPlaces?: boolean } = {},
): Generator<Layer> {
  let layer = withoutLayout(source, new Growing(source.length, withPlaces));
  for (let count = 1; count <= MOST_LAYERS; count++) {
    yield layer;
    const first = findEscape(layer);
    if (first < 0) return;
    layer = withoutEscapes(layer, first, new Growing(layer.length, withPlaces));
  }
}

const NO_PLACES = new Int32Array(0);

/** A layer while it is made. */
class Growing implements Layer {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly #withPlaces: boolean;
  length = 0;

  constructor(capacity: number, withPlaces: boolean) {
    this.bytes = new Uint8Array(capacity);
    this.starts = withPlaces ? new Int32Array(capacity) : NO_PLACES;
    this.ends = withPlaces ? new Int32Array(capacity) : NO_PLACES;
    this.#withPlaces = withPlaces;
  }

  push(byte: number, start: number, end: number): void {
    if (this.#withPlaces) {
      this.starts[this.length] = start;
      this.ends[this.length] = end;
    }
    this.bytes[this.length++] = byte;
  }

  /** Takes over the beginning of another layer. */
  copy({ bytes, starts, ends }: Layer, length: number): void {
    this.bytes.set(bytes.subarray(0, length));
    if (this.#withPlaces) {
      this.starts.set(starts.subarray(0, length));
      this.ends.set(ends.subarray(0, length));
    }
    this.length = length;
  }
}

function withoutLayout(source: Uint8Array, layer: Growing): Growing {
  const { length } = source;
  for (let at = 0; at < length;) {
    const byte = source[at]!;
    if (byte >= 0x80) at = copyCharacter(source, at, layer);
    else if (byte === 0x5b && isColour(source, at)) at = endOfColour(source, at, length);
    else if (byte === 0x3b && isJoint(source, at)) at += 2;
    else if (IS_LAYOUT[byte] === 0) layer.push(byte, at, ++at);
    else if (byte === ESCAPE_CHARACTER) at = endOfColour(source, at + 1, length);
    else {
      // A backslash before the end of a line: in many languages the text goes on in the next one.
      if (byte === 0x0a && layer.length > 0 && endsInBackslash(source, at)) layer.length--;
      at = byte === 0x0a ? behindPrefix(source, at + 1) : at + 1;
    }
  }
  return layer;
}

function endsInBackslash(source: Uint8Array, at: number): boolean {
  return source[at - 1] === 0x5c || (source[at - 1] === 0x0d && source[at - 2] === 0x5c);
}

/** Copies a character beyond ASCII, unless it is layout; gives where to go on. */
function copyCharacter(source: Uint8Array, at: number, layer: Growing): number {
  const size = sizeAt(source, at);
  if (!isLayoutCode(codeAt(source, at, size))) {
    for (let part = 0; part < size; part++) layer.push(source[at + part]!, at, at + size);
  }
  return at + size;
}

/** How many bytes the character takes that begins with this one. */
function sizeAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
}

function codeAt(bytes: Uint8Array, at: number, size: number): number {
  let code = bytes[at]! & (0xff >> (size + 1));
  for (let part = 1; part < size; part++) code = (code << 6) | (bytes[at + part]! & 0x3f);
  return code;
}

/** Where the first escape of a layer is; -1 when it has none. */
function findEscape({ bytes, length }: Layer): number {
  for (let at = 0; at < length; at++) {
    if (mayEscape(bytes[at]!) && readEscape(bytes, at, length) !== 0) return at;
  }
  return -1;
}

function withoutEscapes(below: Layer, first: number, layer: Growing): Growing {
  const { bytes, length, starts, ends } = below;
  layer.copy(below, first);
  let hasParts = false;
  for (let at = first; at < length;) {
    const byte = bytes[at]!;
    const escape = mayEscape(byte) && !isReference(byte, layer) ? readEscape(bytes, at, length) : 0;
    if (escape === 0) {
      layer.push(byte, starts[at]!, ends[at++]!);
      continue;
    }
    const [code, next] = [codeOf(escape), at + lengthOf(escape)];
    const [start, end] = [starts[at]!, ends[next - 1]!];
    at = next;
    if (code < 0x80 || isByteOf(escape)) {
      const isPart = code >= 0x80 || code === ESCAPE_CHARACTER;
      hasParts ||= isPart;
      if (isPart || IS_LAYOUT[code] === 0) layer.push(code, start, end);
    } else if (!isLayoutCode(code)) {
      for (const byte of utf8(code)) layer.push(byte, start, end);
    }
  }
  return hasParts ? withoutWideLayout(layer) : layer;
}

/** Whether what begins here is what an ampersand was the escape of: `#65;` of `&amp;#65;`, which is for the next layer. */
function isReference(byte: number, { bytes, length }: Layer): boolean {
  return byte === 0x23 && bytes[length - 1] === 0x26;
}

/** The same without the layout that has come together from several escapes: of bytes of one character, or of a colour. */
function withoutWideLayout(layer: Growing): Growing {
  const { bytes, starts, ends, length } = layer;
  layer.length = 0;
  for (let at = 0; at < length;) {
    if (bytes[at] === ESCAPE_CHARACTER) {
      at = endOfColour(bytes, at + 1, length);
      continue;
    }
    const size = Math.min(sizeAt(bytes, at), length - at);
    const isLayout = size > 1 && isLayoutCode(codeAt(bytes, at, size));
    for (let part = at; part < at + size && !isLayout; part++) {
      layer.push(bytes[part]!, starts[part]!, ends[part]!);
    }
    at += size;
  }
  return layer;
}

const encoder = new TextEncoder();

function utf8(code: number): Uint8Array {
  return encoder.encode(String.fromCodePoint(code));
}
