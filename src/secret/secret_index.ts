/**
 * Finds the spellings of all secrets in one pass over a layer, whole or in part: every piece of six bytes of every spelling
 * is remembered, and every third place of a layer looked up, so that whatever has eight bytes in common is found.
 *
 * @module
 */

import type { Layer } from "./layers.ts";
import {
  findShort,
  GRAM,
  isShared,
  matchAt,
  type Place,
  type Span,
  spanOf,
  spansOfShort,
} from "./shown.ts";
import { fold, type Spelling } from "./spellings.ts";

const STRIDE = 3;
/** What a look at every third place cannot miss. */
const SURE = GRAM + STRIDE - 1;
/** A secret that repeats itself would have every place of a text compared with all of its own. */
const MOST_PLACES = 16;

/** The spellings of all secrets, ready to be looked for. */
export class SecretIndex {
  readonly #places: Map<number, Place[]> = new Map();
  readonly #seen: Uint8Array = new Uint8Array(1 << 16);
  readonly #short: Spelling[] = [];
  readonly #heads: Map<number, Spelling[]> = new Map();
  /** Bytes of the longest spelling; 0 while there is none. */
  longest = 0;

  /** Takes a spelling in. */
  add(spelling: Spelling): void {
    const { bytes } = spelling;
    this.longest = Math.max(this.longest, bytes.length);
    push(this.#heads, bytes[0]!, spelling);
    if (bytes.length < SURE) return void this.#short.push(spelling);
    for (let at = 0; at + GRAM <= bytes.length; at++) {
      if (at % spelling.spacing >= STRIDE) continue;
      const hash = hashAt(bytes, at);
      this.#seen[hash & 0xffff] = 1;
      const places = this.#places.get(hash);
      if (places === undefined) this.#places.set(hash, [{ spelling, at }]);
      else if (places.length < MOST_PLACES) places.push({ spelling, at });
    }
  }

  /** Whether a layer may show a secret: quickly, and without its places. When it says no there is none. */
  mayShow(layer: Layer): boolean {
    const { bytes, length } = layer;
    const seen = this.#seen;
    let word = length < GRAM ? 0 : wordAt(bytes, 0);
    for (let at = 0; at + GRAM <= length; at += STRIDE) {
      const next = wordAt(bytes, at + STRIDE);
      const hash = hashOf(word, next);
      word = next;
      if (seen[hash & 0xffff] === 0) continue;
      if ((this.#places.get(hash) ?? []).some((place) => isShared(layer, at, place))) return true;
    }
    return this.#short.some((spelling) => findShort(layer, spelling) >= 0);
  }

  /** Every piece of the text that shows a secret, as far as this layer tells; in no order, and they may overlap. */
  find(layer: Layer): readonly Span[] {
    const spans = this.#short.flatMap((spelling) => spansOfShort(layer, spelling));
    const { bytes, length } = layer;
    for (let at = 0; at + GRAM <= length; at += STRIDE) {
      let end = 0;
      for (const place of this.#places.get(hashAt(bytes, at)) ?? []) {
        const match = matchAt(layer, at, place);
        if (match === undefined) continue;
        spans.push(spanOf(layer, match));
        end = Math.max(end, match.to);
      }
      // The next place to look at is right behind it.
      at = Math.max(at, end - STRIDE);
    }
    return spans;
  }

  /**
   * Where a spelling may have begun that the layer's end cuts off, as a byte offset into the text; undefined where none
   * has. `least` bytes of it have to be there.
   */
  begunAt({ bytes, length, starts }: Layer, least: number): number | undefined {
    for (let at = Math.max(0, length - this.longest); at + least <= length; at++) {
      for (const { bytes: wanted } of this.#heads.get(fold(bytes[at]!)) ?? []) {
        if (wanted.length <= length - at) continue;
        let same = 1;
        while (at + same < length && wanted[same] === fold(bytes[at + same]!)) same++;
        if (at + same === length) return starts[at]!;
      }
    }
    return undefined;
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

/** Three bytes, folded: half of a piece, and the distance between two places that are looked at. */
function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) | 0x202020;
}

function hashOf(word: number, next: number): number {
  const hash = Math.imul(word, 0x85ebca6b) ^ Math.imul(next, 0xc2b2ae35);
  // The low bits are the ones that are looked at first.
  return hash ^ (hash >>> 15);
}

function hashAt(bytes: Uint8Array, at: number): number {
  return hashOf(wordAt(bytes, at), wordAt(bytes, at + STRIDE));
}
