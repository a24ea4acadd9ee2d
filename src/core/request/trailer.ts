/**
 * The `release:` trailer: what a commit says about the release of its packages.
 *
 * git's own trailer parser reads the last paragraph only, so it misses what GitHub's squash buries under co-authors; a
 * trailer counts wherever it stands in the body.
 *
 * @module
 */

import type { CommitFact } from "../model/facts.ts";
import { readMessage } from "./message_lines.ts";
import type { Bump } from "../model/plan.ts";

/** What a trailer may say. */
export type TrailerWord = Bump | "skip";

/** The words, as a sentence lists them. */
export const TRAILER_WORDS: readonly TrailerWord[] = ["patch", "minor", "major", "skip"];

/** One trailer. */
export interface Trailer {
  readonly word: TrailerWord;
  /** Package names as written, at least one; undefined when it stands for every package. */
  readonly names?: readonly string[];
  /** The line itself, trimmed. */
  readonly line: string;
}

/** A line that starts as a trailer does, or belongs to one, and does not count. */
export interface OddLine {
  readonly line: string;
  /**
   * `word`: one word, or none, that says nothing. `list`: a word that is known, and what is no list behind it. `prose`:
   * what nobody meant as a trailer. `below`: a list that stands on the line below its trailer.
   */
  readonly kind: "word" | "list" | "prose" | "below";
  /** Whether it stands in the last paragraph, where nothing but a trailer is likely to start so. */
  readonly last: boolean;
  /** Whether a trailer stands below it, and wins. */
  readonly outdone: boolean;
}

/** What a message says. */
export interface TrailerReading {
  /** The last trailer of the body. */
  readonly trailer?: Trailer;
  /** Trailers above it, which do not count. */
  readonly outdone: readonly Trailer[];
  readonly odd: readonly OddLine[];
  /** Whether the subject line would be a trailer if it stood in the body. */
  readonly inSubject: boolean;
}

/** Whether a message can hold a trailer at all; cheap, for long histories. */
export function mayHoldTrailer(message: string): boolean {
  // Without the flag `m`, for which every U+2028 of a long row of them would start a line of its own.
  return /(?:^|[\r\n])[^\S\r\n]*release[^\S\r\n]*:/i.test(message);
}

/** Reads a message. */
export function readTrailer(message: string): TrailerReading {
  const { subject, body } = readMessage(message);
  const lines = body.flatMap(({ text, last, next }) => {
    const parsed = parseLine(text);
    return parsed === undefined ? [] : [{ parsed, line: text, last, next }];
  });
  const trailers = lines.flatMap(({ parsed }) => typeof parsed === "string" ? [] : [parsed]);
  const trailer = trailers.at(-1);
  const end = lines.findLastIndex(({ parsed }) => parsed === trailer);
  const odd = lines.flatMap(({ parsed, line, last, next }, at): OddLine[] => {
    const outdone = at < end;
    if (typeof parsed === "string") return [{ line, kind: parsed, last, outdone }];
    if (parsed !== trailer || parsed.names !== undefined || next?.startsWith("[") !== true) {
      return [];
    }
    return [{ line: next, kind: "below", last, outdone }];
  });
  const inSubject = typeof parseLine(subject) === "object";
  return {
    ...(trailer === undefined ? {} : { trailer }),
    outdone: trailers.slice(0, -1),
    odd,
    inSubject,
  };
}

/** A line that starts with the key: a trailer, or what is wrong with it; undefined for any other line. */
function parseLine(line: string): Trailer | "word" | "list" | "prose" | undefined {
  const { word, rest } = partsOf(line) ?? {};
  if (word === undefined || rest === undefined) return undefined;
  const isBare = rest === "" || rest.startsWith("[");
  if (!isTrailerWord(word)) return isBare ? "word" : "prose";
  if (rest === "") return { word, line };
  const names = namesIn(rest);
  if (names.length > 0) return { word, names, line };
  return isBare || !/\s/.test(rest) ? "list" : "prose";
}

/** The word behind the key, in lower case, and what follows it; undefined for a line without the key. */
export function partsOf(
  line: string,
): { readonly word: string; readonly rest: string } | undefined {
  const key = /^release\s*:/i.exec(line)?.[0];
  if (key === undefined) return undefined;
  const value = line.slice(key.length).trim();
  const [word] = /^[^\s[]*/.exec(value)!;
  return { word: word.toLowerCase(), rest: value.slice(word.length).trim() };
}

/** Whether a word, in lower case, says something. */
export function isTrailerWord(word: string): word is TrailerWord {
  return (TRAILER_WORDS as readonly string[]).includes(word);
}

/** The names of `[a, b]`, each once; none for anything else. */
function namesIn(list: string): readonly string[] {
  const [, inside = ""] = /^\[([^[\]]*)\]$/.exec(list) ?? [];
  return [...new Set(inside.split(",").map((name) => name.trim()).filter((name) => name !== ""))];
}

/**
 * What a commit says: its own message, or, when it is a merge that says nothing itself, the tips that it merged, the
 * last of them that has a trailer.
 */
export function readCommit(commit: Pick<CommitFact, "message" | "tips">): TrailerReading {
  const own = readTrailer(commit.message);
  if (own.trailer !== undefined || commit.tips.length === 0) return own;
  const readings = [own, ...commit.tips.map(readTrailer)];
  const spoken = readings.findLast(({ trailer }) => trailer !== undefined);
  return {
    ...(spoken?.trailer === undefined ? {} : { trailer: spoken.trailer }),
    outdone: readings.flatMap(({ outdone }) => outdone),
    odd: readings.flatMap(({ odd }) => odd),
    inSubject: readings.some(({ inSubject }) => inSubject),
  };
}
