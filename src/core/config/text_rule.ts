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

/** Checks in turn; the first that holds is the verdict. */
export function firstOf(
  ...checks: readonly (readonly [boolean, string, string?])[]
): Verdict | undefined {
  const hit = checks.find(([holds]) => holds);
  if (hit === undefined) return undefined;
  const [, found, hint] = hit;
  return hint === undefined ? { found } : { found, hint };
}
