/**
 * The `release:` trailer: what a commit says about the release of its packages. What cannot be meant is an error in HEAD
 * and nowhere else, since that is the commit that its author can still mend.
 *
 * git's own trailer parser reads the last paragraph only, so it misses what GitHub's squash buries under co-authors; a
 * trailer counts wherever it stands in the body.
 *
 * @module
 */

import type { CommitFact } from "../model/facts.ts";
import { readMessage } from "./message_lines.ts";
import type { Bump } from "../model/plan.ts";
import { Failure } from "../../error.ts";
import { didYouMean, quote } from "../words/phrases.ts";

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
  const trailers = lines.map(({ text }) => parseLine(text)).filter((trailer) =>
    trailer !== undefined
  );
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

/** HEAD's trailer, and what is wrong or odd about its message. */
export interface HeadTrailer {
  /** Undefined when it says nothing, or nothing that can be taken. */
  readonly trailer?: Trailer;
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
}

/** What to write instead. */
const FORMS =
  "Write `release: patch`, `minor`, `major` or `skip`, alone or with `[name, name]` after it";

/**
 * Reads HEAD, and holds its trailer against the declared packages. A line of the last paragraph that starts as a trailer and is none is `PIOT_TRAILER_INVALID`; a name that
 * is not declared is `PIOT_TRAILER_UNKNOWN_PACKAGE`.
 */
export function judgeHead(
  head: Pick<CommitFact, "message" | "tips">,
  known: readonly string[],
): HeadTrailer {
  const { trailer, outdone, odd, inSubject } = readCommit(head);
  const strangers = unknownNames(trailer, new Set(known));
  const failures = [
    ...odd.filter(({ last }) => last).map(invalidLine),
    ...strangers.map((name) => unknownName(name, trailer!, known)),
  ];
  const warnings = [
    ...odd.filter(({ last }) => !last).map(({ line }) => oddLineWarning("HEAD", line)),
    ...outdone.map(({ line }) => `HEAD's trailer ${quote(line)} is outdone by one below it`),
    ...(inSubject && trailer === undefined
      ? ["HEAD's subject line reads as a trailer, but only a line of the body counts"]
      : []),
  ];
  return { ...(trailer === undefined ? {} : { trailer }), failures, warnings };
}

/** The names of a trailer that no package has. */
export function unknownNames(trailer: Trailer | undefined, known: ReadonlySet<string>): string[] {
  return (trailer?.names ?? []).filter((name) => !known.has(name));
}

/** A sentence about a line that looks like a trailer and is none. `where`: `HEAD`, or a commit's short id. */
export function oddLineWarning(where: string, line: string): string {
  return `The line ${quote(line)} in the message of ${where} is no trailer, so it does not count`;
}

function invalidLine({ line }: OddLine): Failure {
  const value = line.slice(line.indexOf(":") + 1).trim();
  const word = /^[^\s[]*/.exec(value)![0];
  const found = (TRAILER_WORDS as readonly string[]).includes(word.toLowerCase())
    ? "what follows the word is no list of names"
    : `${quote(word)} is none of ${TRAILER_WORDS.join(", ")}`;
  return new Failure("PIOT_TRAILER_INVALID", `Cannot read the trailer ${quote(line)}: ${found}`, {
    hint: [...didYouMean(word, TRAILER_WORDS), FORMS].join(" "),
  });
}

function unknownName(name: string, trailer: Trailer, known: readonly string[]): Failure {
  return new Failure(
    "PIOT_TRAILER_UNKNOWN_PACKAGE",
    `Cannot follow the trailer ${quote(trailer.line)}: no package is called ${quote(name)}`,
    { hint: [...didYouMean(name, known), `Declared packages: ${known.join(", ")}`].join(" ") },
  );
}
