/**
 * The machines that a package.json says it is for, in the words of npm: `os`, `cpu` and `libc` are lists of what is meant,
 * or, with `!` in front, of what is not (npm's docs, package.json).
 *
 * @module
 */

import { KNOWN_TRIPLES, platformOf } from "../target/target.ts";

const KEYS = ["os", "cpu", "libc"] as const;

/** The targets that a package is for; undefined when it names no machine, and is for all of them. */
export function statedTriples(
  raw: Readonly<Record<string, unknown>>,
): readonly string[] | undefined {
  const lists = KEYS.map((key) => listOf(raw[key]));
  if (lists.every((list) => list === undefined)) return undefined;
  return KNOWN_TRIPLES.filter((triple) => {
    const platform = platformOf(triple);
    return platform.os !== undefined &&
      KEYS.every((key, at) => admits(lists[at], platform[key]));
  });
}

function listOf(value: unknown): readonly string[] | undefined {
  const list = typeof value === "string" ? [value] : value;
  if (!Array.isArray(list)) return undefined;
  const words = list.filter((word) => typeof word === "string");
  return words.length === 0 || words.includes("any") ? undefined : words;
}

/** A target that leaves a word open is none of those that a list means: what fits any of them fits one that names it. */
function admits(list: readonly string[] | undefined, word: string | undefined): boolean {
  if (list === undefined) return true;
  const meant = list.filter((one) => !one.startsWith("!"));
  if (word === undefined) return meant.length === 0;
  return !list.includes(`!${word}`) && (meant.length === 0 || meant.includes(word));
}

/** What a package says of machines, for messages: `os ["linux"], cpu ["x64"]`. */
export function statedWords(raw: Readonly<Record<string, unknown>>): string {
  return KEYS.flatMap((key) => raw[key] === undefined ? [] : [`${key} ${JSON.stringify(raw[key])}`])
    .join(", ");
}
