/**
 * The one error class of this program. Everything a user can mend is a {@link Failure} with a code of the closed set
 * in `failure_codes.ts`; any other error that reaches the top is a bug of ours.
 *
 * @module
 */

import { FAILURE_CODES, type FailureCode } from "./failure_codes.ts";

/** A place in a file that the user can open. Lines and columns count from 1. */
export interface Location {
  /** The file, relative to the folder that piot runs in, with `/` between its parts. */
  readonly file: string;
  /** The line, from 1. */
  readonly line?: number;
  /** The column in UTF-16 units, from 1. */
  readonly column?: number;
  /** The offending line itself, without its newline. */
  readonly excerpt?: string;
}

/** One thing that is wrong, and what to do about it. */
export interface Problem {
  /** The code of the failure that this problem would be if it stood alone. */
  readonly code: FailureCode;
  /** What could not be done and what was found. */
  readonly message: string;
  /** What to do; true in every case that reaches it. */
  readonly hint?: string;
  /** Where it is, when it is in a file. */
  readonly location?: Location;
  /** The commands that mend it, in their order, where they are known to the letter; `COMMIT` stands for what is not. */
  readonly commands?: readonly string[];
}

/** What a {@link Failure} carries besides its code and message. */
export interface FailureOptions {
  /** What to do; true in every case that reaches it. */
  readonly hint?: string;
  /** Where it is, when it is in a file. */
  readonly location?: Location;
  /** See {@link Problem.commands}. */
  readonly commands?: readonly string[];
  /** Every single problem, when several were found in one go. */
  readonly problems?: readonly Problem[];
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * A failure that the user can mend. Its message says what could not be done and what was found, without a full stop.
 */
export class Failure extends Error {
  /** `Failure`, for logs and for code that cannot use `instanceof`. */
  override readonly name: string = "Failure";
  /** One of the closed set of `PIOT_…` codes: public, added to, never renamed. */
  readonly code: FailureCode;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** Where it is, when it is in a file. */
  readonly location: Location | undefined;
  /** Every problem that was found; never empty: a lone failure is its own only problem. */
  readonly problems: readonly Problem[];

  /** Makes a failure of one code. */
  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.location = options.location;
    this.problems = options.problems ?? [problemOf(code, message, options)];
  }

  /**
   * The exit status that this failure asks for: 1 when something did not succeed, 2 when the input is wrong, 4 for a bug
   * of this program. Several problems are wrong input when each of them is.
   */
  get exitCode(): 1 | 2 | 4 {
    const exits = this.problems.map(({ code }) => FAILURE_CODES[code].exit);
    return exits.every((exit) => exit === 2) ? 2 : FAILURE_CODES[this.code].exit;
  }
}

function problemOf(code: FailureCode, message: string, options: FailureOptions): Problem {
  return {
    code,
    message,
    ...(options.hint === undefined ? {} : { hint: options.hint }),
    ...(options.location === undefined ? {} : { location: options.location }),
    ...(options.commands === undefined ? {} : { commands: options.commands }),
  };
}

/**
 * One failure for several that were found side by side: alone it stays what it is, together they become
 * `PIOT_SEVERAL_PROBLEMS` with every problem listed.
 */
export function combineFailures(failures: readonly Failure[]): Failure {
  const [only, ...others] = failures;
  if (only === undefined) throw new Error("unreachable: no failure to combine");
  if (others.length === 0) return only;
  const problems = failures.flatMap((failure) => failure.problems);
  return new Failure("PIOT_SEVERAL_PROBLEMS", `Cannot go on: ${problems.length} problems`, {
    problems,
    cause: new AggregateError(failures),
  });
}

/** The text of anything thrown, for messages that quote what lies underneath. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
