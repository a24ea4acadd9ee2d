/**
 * Texts that come one after the other, with a secret that may begin in one and end in the next.
 *
 * @module
 */

import { openEscapeAt } from "./escapes.ts";
import { hideIn, unitCounter } from "./hide.ts";
import { layersOf } from "./layers.ts";
import type { SecretIndex } from "./secret_index.ts";

/** Takes texts, and gives what may be shown of them. */
export interface SecretStream {
  /** Takes the next text, and gives what is certain by now: what may be the beginning of a secret waits. */
  push(text: string): string;
  /** Gives what waits. */
  end(): string;
}

/** Bytes of a secret that a line may end in and be shown: a line with more of them waits for the next one. */
const LEAST_AT_LINE_END = 4;

/** Makes a stream. `index` gives nothing while there is no secret. */
export function createStream(
  { redact, index }: {
    readonly redact: (text: string) => string;
    readonly index: () => SecretIndex | undefined;
  },
): SecretStream {
  // What was shown already and may be the beginning of a secret, and what waits behind it.
  let [shown, waiting] = ["", ""];
  const settle = (text: string, settled: number): string => {
    const secrets = index();
    const certain = text.slice(0, settled);
    return shown === "" || secrets === undefined
      ? redact(certain)
      : redact(hideIn(certain, secrets, shown.length));
  };
  return {
    push: (text) => {
      const secrets = index();
      const all = shown + waiting + text;
      const begun = secrets === undefined ? all.length : begunIn(all, secrets, 1);
      const isLine = all.endsWith("\n") && secrets !== undefined;
      const certain = isLine ? begunIn(all, secrets, LEAST_AT_LINE_END) : begun;
      const settled = Math.max(certain, shown.length);
      const out = settle(all, settled);
      shown = all.slice(begun, settled);
      waiting = all.slice(settled);
      return out;
    },
    end: () => {
      const out = settle(shown + waiting, shown.length + waiting.length);
      [shown, waiting] = ["", ""];
      return out;
    },
  };
}

const encoder = new TextEncoder();

/** Where the end of a text begins that may be the beginning of a secret, of so many bytes; the end itself where it is not. */
function begunIn(text: string, index: SecretIndex, least: number): number {
  const tail = Math.max(0, text.length - 8 * index.longest);
  const source = encoder.encode(text.slice(tail));
  const begun = [...layersOf(source, { withPlaces: true })].flatMap((layer) => {
    // What looks like half an escape may be that, or the very letters.
    const open = openEscapeAt(layer.bytes, layer.length);
    const ends = [layer, { ...layer, length: open }].map((end) => index.begunAt(end, least));
    const half = least === 1 && open < layer.length ? layer.starts[open] : undefined;
    return [...ends, half].filter((at) => at !== undefined);
  });
  return begun.length === 0 ? text.length : tail + unitCounter(source)(Math.min(...begun));
}
