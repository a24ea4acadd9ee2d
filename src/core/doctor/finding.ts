/**
 * What doctor says: a check's verdict, and what it found where.
 *
 * @module
 */

import type { Location } from "../../error.ts";

/**
 * What is made of something that was found. `failed` ends doctor with 1; `warning` is a risk that stops no release;
 * `unknown` could not be told from what there is to read, and is never taken for good.
 */
export type Weight = "failed" | "warning" | "unknown";

/** What became of a check: the worst that it found, that it found nothing, or that there was nothing to look at. */
export type Verdict = Weight | "passed" | "not-applicable";

/** What became of a comparison; `neutral`: it had nothing to compare, and says what it would need. */
export type PhaseVerdict = Weight | "passed" | "neutral";

/** Something that a check found, without what the check itself knows. */
export interface Found {
  /** What is there, in one sentence without a full stop. */
  readonly message: string;
  /** What to do, in one sentence; the check's own by default. */
  readonly mend?: string;
  /** Where; left out where it is in no file. */
  readonly location?: Location | undefined;
  /** The check's own by default. */
  readonly weight?: Weight;
}

/** Something that a check found. */
export interface Finding {
  /** The check's word in `docs/doctor.md`. */
  readonly check: string;
  /** What it counts as. */
  readonly weight: Weight;
  /** What is there, in one sentence without a full stop. */
  readonly message: string;
  /** What to do, in one sentence without a full stop. */
  readonly mend: string;
  /** Where; left out where it is in no file. */
  readonly location?: Location;
}

const WEIGHTS: readonly Weight[] = ["failed", "warning", "unknown"];

/** The worst of some findings; undefined when there are none. */
export function worstOf(findings: readonly Pick<Finding, "weight">[]): Weight | undefined {
  return WEIGHTS.find((weight) => findings.some((finding) => finding.weight === weight));
}

/** What cannot be told, and why. */
export function cannotTell(message: string, location?: Location, mend?: string): Found {
  return { message, location, weight: "unknown", ...(mend === undefined ? {} : { mend }) };
}
