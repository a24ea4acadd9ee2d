/**
 * The shape of a rule for one string of the configuration: it judges the value, and says the same as a pattern for
 * editors. A pattern may let more through than its judge, never less.
 *
 * @module
 */

import type { FailureCode } from "../../failure_codes.ts";

/** What is wrong with a value. */
export interface Verdict {
  /** What was found, as a clause: `it leaves the repository`. */
  readonly found: string;
  /** What to do, when it is more than what the key's description says. */
  readonly hint?: string;
  readonly code?: FailureCode;
}

/** A rule for one string. */
export interface TextRule {
  /** For JSON Schema: keywords that describe what the rule lets through. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly judge: (value: string) => Verdict | undefined;
}

/** What breaks a line, or a terminal. */
// deno-lint-ignore no-control-regex
export const CONTROL: RegExp = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * One thing that may be wrong with a value: a test that gives `true`, or the part that is bad; what is found then; and
 * what to do about it.
 */
export type Check = readonly [
  isBad: (value: string) => boolean | string | undefined,
  found: string | ((bad: string) => string),
  hint?: string | ((bad: string) => string),
];

/** Asks the checks in turn; the first that finds something is the verdict. Thousands of values are right. */
export function judgeBy(checks: readonly Check[]): TextRule["judge"] {
  return (value) => {
    for (const check of checks) {
      const bad = check[0](value);
      if (bad !== undefined && bad !== false) return verdictOf(check, bad === true ? value : bad);
    }
    return undefined;
  };
}

function verdictOf([, found, hint]: Check, bad: string): Verdict {
  const say = (words: string | ((bad: string) => string)): string =>
    typeof words === "string" ? words : words(bad);
  return hint === undefined ? { found: say(found) } : { found: say(found), hint: say(hint) };
}
