/**
 * Something wrong in the configuration, before it is known at which line it stands.
 *
 * @module
 */

import type { Problem } from "../../error.ts";
import type { FailureCode } from "../../failure_codes.ts";
import type { Path } from "./document.ts";
import type { Locate } from "./places.ts";

/** One thing that is wrong. */
export interface Finding {
  /** `PIOT_CONFIG_INVALID` unless it has a code of its own. */
  readonly code?: FailureCode;
  /** Where: a missing key's is the table that lacks it. */
  readonly path: Path;
  /** Whether the key itself is wrong, or its value; the value by default. */
  readonly part?: "key" | "value";
  readonly message: string;
  readonly hint?: string;
}

/** The finding as the user gets it. */
export function toProblem(finding: Finding, locate: Locate): Problem {
  const { code = "PIOT_CONFIG_INVALID", path, part = "value", message, hint } = finding;
  const location = locate(path, part);
  return { code, message, ...(hint === undefined ? {} : { hint }), location };
}

/** A value as messages quote it: on one line, and not longer than a few words. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value, (_, inner) => typeof inner === "bigint" ? `${inner}` : inner);
  return text.length <= 80 ? text : `${text.slice(0, 76)} …"`;
}

/** `"a", "b" and "c"`. */
export function listed(words: readonly string[], last = "and"): string {
  const quoted = words.map((word) => JSON.stringify(word));
  return quoted.length < 2
    ? quoted.join("")
    : `${quoted.slice(0, -1).join(", ")} ${last} ${quoted.at(-1)}`;
}
