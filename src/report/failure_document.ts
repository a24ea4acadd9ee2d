/**
 * A failure as data: what `--json` prints of it.
 *
 * @module
 */

import type { Failure, Problem } from "../error.ts";

/** A failure in a JSON document. */
export interface FailureDocument {
  /** One of the codes of `docs/errors.md`. */
  readonly code: string;
  /** What could not be done and what was found. */
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
  /** Every problem that was found; never empty. */
  readonly problems: readonly Problem[];
}

/** A failure without its causes, which may hold anything. */
export function failureDocument(failure: Failure): FailureDocument {
  return {
    code: failure.code,
    message: failure.message,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    problems: failure.problems,
  };
}
