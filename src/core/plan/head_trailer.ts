/**
 * HEAD's trailer, held against the declared packages: what cannot be meant is an error here and nowhere else, since
 * this is the commit that its author can still mend.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { CommitFact } from "../model/facts.ts";
import { quote } from "../request/request_reading.ts";
import { didYouMean } from "../words/suggest.ts";
import { type OddLine, readCommit, type Trailer, TRAILER_WORDS } from "../request/trailer.ts";

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
 * Reads HEAD. A line of the last paragraph that starts as a trailer and is none is `PIOT_TRAILER_INVALID`; a name that
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
