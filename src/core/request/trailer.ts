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

/** A line that starts as a trailer does and is none. */
export interface OddLine {
  readonly line: string;
  /** Whether it stands in the last paragraph, where nothing but a trailer is likely to start so. */
  readonly last: boolean;
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

const START = /^release\s*:/i;
const TRAILER = /^release\s*:\s*(patch|minor|major|skip)\s*(?:\[([^[\]]*)\])?$/i;

/** Whether a message can hold a trailer at all; cheap, for long histories. */
export function mayHoldTrailer(message: string): boolean {
  // Without the flag `m`, for which every U+2028 of a long row of them would start a line of its own.
  return /(?:^|[\r\n])[^\S\r\n]*release[^\S\r\n]*:/i.test(message);
}

/** Reads a message. */
export function readTrailer(message: string): TrailerReading {
  const { subject, body } = readMessage(message);
  const lines = body.filter(({ text }) => START.test(text));
  const trailers = lines.map(({ text }) => parseLine(text)).filter((one) => one !== undefined);
  const trailer = trailers.at(-1);
  return {
    ...(trailer === undefined ? {} : { trailer }),
    outdone: trailers.slice(0, -1),
    odd: lines.filter(({ text }) => parseLine(text) === undefined)
      .map(({ text, last }) => ({ line: text, last })),
    inSubject: parseLine(subject) !== undefined,
  };
}

function parseLine(line: string): Trailer | undefined {
  const [, word, list] = TRAILER.exec(line) ?? [];
  if (word === undefined) return undefined;
  const found = word.toLowerCase() as TrailerWord;
  if (list === undefined) return { word: found, line };
  const names = list.split(",").map((name) => name.trim()).filter((name) => name !== "");
  return names.length === 0 ? undefined : { word: found, names: [...new Set(names)], line };
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
