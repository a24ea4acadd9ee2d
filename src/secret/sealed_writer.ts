/**
 * A writer that lets no secret through: not in one text, and not in two that come one after the other.
 *
 * @module
 */

import type { Vault } from "./vault.ts";

/** Writes a text to where it is read. */
export type Write = (text: string) => void;

/** A writer, sealed. */
export interface SealedWriter {
  /** Writes what is certain; what may be the beginning of a secret waits for the text behind it. */
  readonly write: Write;
  /** Writes what waits. To be called at the end of a run. */
  readonly flush: () => void;
  /** Writes a line as it is, secrets and all, at the start of a line of its own: for the runner's masks alone. */
  readonly writeBare: (line: string) => void;
}

/** Seals a writer with a vault. `before` is called before every text. */
export function sealWriter(
  vault: Vault,
  { write, before = (): void => {} }: { readonly write: Write; readonly before?: () => void },
): SealedWriter {
  const stream = vault.stream();
  let isLineStart = true;
  const put = (text: string): void => {
    if (text === "") return;
    isLineStart = text.endsWith("\n");
    write(text);
  };
  return {
    write: (text) => {
      before();
      put(stream.push(text));
    },
    flush: () => put(stream.end()),
    writeBare: (line) => put(`${isLineStart ? "" : "\n"}${line}`),
  };
}
