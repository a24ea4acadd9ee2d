/**
 * Takes what shows a secret out of a text.
 *
 * @module
 */

import { layersOf } from "./layers.ts";
import type { SecretIndex } from "./secret_index.ts";
import type { Span } from "./shown.ts";

/** What stands in a secret's place. */
export const HIDDEN = "***";

const encoder = new TextEncoder();

/** The text from a place on, with `***` for every piece of it that shows a secret; what stands before may be a part of one. */
export function hideIn(text: string, index: SecretIndex, from = 0): string {
  const source = encoder.encode(text);
  const rest = text.slice(from);
  if (![...layersOf(source)].some((layer) => index.mayShow(layer))) return rest;
  const layers = [...layersOf(source, { withPlaces: true })];
  const spans = layers.flatMap((layer) => index.find(layer));
  if (spans.length === 0) return rest;
  const pieces: string[] = [];
  let shown = from;
  const unitAt = unitCounter(source);
  for (const { start, end } of merged(spans)) {
    const [first, next] = [unitAt(start), unitAt(end)];
    if (next <= shown) continue;
    pieces.push(text.slice(shown, Math.max(shown, first)), HIDDEN);
    shown = next;
  }
  return pieces.join("") + text.slice(shown);
}

/** Spans in their order, those that overlap as one. */
function merged(spans: readonly Span[]): readonly Span[] {
  const all: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else all.push({ start, end });
  }
  return all;
}

/** Where a byte of UTF-8 stands in the text, counted in UTF-16 units; to be asked from front to back. */
export function unitCounter(source: Uint8Array): (byte: number) => number {
  let [at, units] = [0, 0];
  return (byte) => {
    for (; at < byte; at++) {
      const one = source[at]!;
      if ((one & 0xc0) !== 0x80) units += one >= 0xf0 ? 2 : 1;
    }
    return units;
  };
}
