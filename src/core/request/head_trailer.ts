/**
 * HEAD's trailer, held against the declared packages. What cannot be meant is an error in HEAD and a warning anywhere else,
 * since HEAD is the commit that its author can still mend.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { CommitFact } from "../model/facts.ts";
import { didYouMean, quote } from "../words/phrases.ts";
import {
  isTrailerWord,
  type OddLine,
  partsOf,
  readCommit,
  type Trailer,
  TRAILER_WORDS,
  type TrailerWord,
} from "./trailer.ts";

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
 * Reads HEAD, and holds its trailer against the declared packages. What was meant as a trailer and is none is
 * `PIOT_TRAILER_INVALID`: an unknown word in the last paragraph, and whatever else than a list follows a known one. A name
 * that is not declared is `PIOT_TRAILER_UNKNOWN_PACKAGE`.
 */
export function judgeHead(
  head: Pick<CommitFact, "message" | "tips">,
  known: readonly string[],
): HeadTrailer {
  const { trailer, outdone, odd, inSubject } = readCommit(head);
  const strangers = unknownNames(trailer, new Set(known));
  const mistakes = new Set(odd.filter(isMistake).map(({ line }) => line));
  const failures = [
    ...[...mistakes].map(invalidLine),
    ...strangers.map((name) => unknownName(name, trailer!, known)),
  ];
  const warnings = [
    ...odd.filter((line) => !isMistake(line)).map((line) => oddLineWarning("HEAD", line)),
    ...outdone.map(({ line }) => `HEAD's trailer ${quote(line)} is outdone by one below it`),
    ...(inSubject && trailer === undefined
      ? ["HEAD's subject line reads as a trailer, but only a line of the body counts"]
      : []),
  ];
  return { ...(trailer === undefined ? {} : { trailer }), failures, warnings };
}

function isMistake({ kind, last, outdone }: OddLine): boolean {
  return (kind === "word" && last) || (kind === "list" && !outdone);
}

/** The names of a trailer that no package has. */
export function unknownNames(trailer: Trailer | undefined, known: ReadonlySet<string>): string[] {
  return (trailer?.names ?? []).filter((name) => !known.has(name));
}

/** A sentence about a line that does not count. `where`: `HEAD`, or a commit's short id. */
export function oddLineWarning(where: string, { line, kind }: OddLine): string {
  return kind === "below"
    ? `The list ${
      quote(line)
    } in the message of ${where} stands below its trailer and not in it, ` +
      "so the trailer is for every package"
    : `The line ${quote(line)} in the message of ${where} is no trailer, so it does not count`;
}

function invalidLine(line: string): Failure {
  const { word, rest } = partsOf(line)!;
  const isWord = isTrailerWord(word);
  const meant = isWord ? meantList(word, rest) : didYouMean(word, TRAILER_WORDS);
  const found = isWord
    ? whatFollows(rest)
    : word === ""
    ? `none of ${TRAILER_WORDS.join(", ")} follows the colon`
    : `${quote(word)} is none of ${TRAILER_WORDS.join(", ")}`;
  return new Failure("PIOT_TRAILER_INVALID", `Cannot read the trailer ${quote(line)}: ${found}`, {
    hint: [...meant, FORMS].join(" "),
  });
}

function whatFollows(rest: string): string {
  if (!rest.startsWith("[")) return `${quote(rest)} is no list of names, which stands in brackets`;
  if (/^\[[\s,]*\]$/.test(rest)) return "its list names no package";
  return rest.includes("]")
    ? "what follows its word is no list of names"
    : "its list is not closed";
}

/** `release: minor core` was meant as `release: minor [core]`. */
function meantList(word: TrailerWord, rest: string): readonly string[] {
  return /^[^[\]]+$/.test(rest) ? [`Did you mean "release: ${word} [${rest}]"?`] : [];
}

function unknownName(name: string, trailer: Trailer, known: readonly string[]): Failure {
  return new Failure(
    "PIOT_TRAILER_UNKNOWN_PACKAGE",
    `Cannot follow the trailer ${quote(trailer.line)}: no package is called ${quote(name)}`,
    { hint: [...didYouMean(name, known), `Declared packages: ${known.join(", ")}`].join(" ") },
  );
}
