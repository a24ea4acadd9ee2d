/**
 * Something wrong in the configuration, before it is known at which line it stands.
 *
 * @module
 */

import { Failure, type Problem } from "../../error.ts";
import type { FailureCode } from "../../failure_codes.ts";
import type { Locate } from "./places.ts";
import type { Path } from "./toml_document.ts";

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

/** Findings in the order of the file, as one failure: with a single problem it is that problem. */
export function toFailure(
  findings: readonly Finding[],
  { file, locate }: { readonly file: string; readonly locate: Locate },
): Failure {
  const problems = findings.map((finding) => toProblem(finding, locate))
    .sort((a, b) => placeOf(a) - placeOf(b));
  const [only] = problems;
  if (only === undefined) throw new Error("unreachable: a configuration without problems failed");
  if (problems.length === 1) {
    const { code, message, ...options } = only;
    return new Failure(code, message, options);
  }
  const message = `Cannot use ${file}: ${problems.length} problems`;
  return new Failure("PIOT_CONFIG_INVALID", message, { problems });
}

function toProblem(finding: Finding, locate: Locate): Problem {
  const { code = "PIOT_CONFIG_INVALID", path, part = "value", message, hint } = finding;
  const location = locate(path, part);
  return { code, message, ...(hint === undefined ? {} : { hint }), location };
}

function placeOf({ location }: Problem): number {
  return (location?.line ?? 0) * 1e6 + (location?.column ?? 0);
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
