/**
 * Files of npm's settings (`.npmrc`): which registries they name, and on which lines.
 *
 * @module
 */

import { decode } from "ini";

/** One registry that a file names. */
export interface NpmrcRegistry {
  /** `registry`, or `@scope:registry`. */
  readonly key: string;
  /** As it is written, without the values of variables: those may be secret. */
  readonly written: string;
  /** With `${NAME}` replaced, as npm does. */
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
  /** The line itself. */
  readonly excerpt: string;
}

/** The registries of a file, by key; of a key that stands twice the last one counts. */
export function readNpmrc(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, NpmrcRegistry> {
  const found = new Map<string, NpmrcRegistry>();
  // Sections mean nothing to npm, and no value of its files spans lines: each line is a file of its own.
  for (const [index, excerpt] of text.split(/\r?\n/).entries()) {
    for (const [key, written] of Object.entries(decode(excerpt))) {
      if (!/^(?:@[^:/]+:)?registry$/.test(key) || typeof written !== "string") continue;
      found.set(key, { key, written, value: expand(written, env), line: index + 1, excerpt });
    }
  }
  return found;
}

/** npm leaves what stands for no variable as it is (@npmcli/config, env-replace). */
function expand(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return text.replace(
    /(?<!\\)\$\{([^${}?]+)(\?)?\}/g,
    (all, name: string, optional) => env[name] ?? (optional === undefined ? all : ""),
  );
}
