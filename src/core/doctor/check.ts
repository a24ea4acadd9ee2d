/**
 * One thing that doctor looks at: falsifiable, pure, and told in `docs/doctor.md`.
 *
 * @module
 */

import type { DoctorFacts } from "./facts.ts";
import type { Finding, Found, Verdict } from "./finding.ts";
import { worstOf } from "./finding.ts";

/** What a check is about. */
export type Subject = "trust" | "workflow" | "artifacts" | "safety" | "manifest" | "names";

/** A check. */
export interface Check {
  /** Its word: public, added to, never renamed. */
  readonly id: string;
  readonly subject: Subject;
  /** What holds where it passes, as a sentence without a full stop. */
  readonly title: string;
  /** What a finding of it counts as, unless it says otherwise. */
  readonly severity: "failed" | "warning";
  /** What happens where it does not hold, in a sentence or two. */
  readonly why: string;
  /** What to do about it, in one sentence without a full stop. */
  readonly mend: string;
  /** Everything that it finds; undefined where there is nothing that it could look at. */
  readonly run: (facts: DoctorFacts) => readonly Found[] | undefined;
}

/** What became of a check. */
export interface Judged {
  readonly check: Check;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/** Runs a check. */
export function judge(check: Check, facts: DoctorFacts): Judged {
  const found = check.run(facts);
  if (found === undefined) return { check, verdict: "not-applicable", findings: [] };
  const findings = found.map((one) => toFinding(one, check));
  return { check, verdict: worstOf(findings) ?? "passed", findings };
}

/** A finding of a check. */
export function toFinding(
  { message, mend, location, weight }: Found,
  check: Pick<Check, "id" | "mend" | "severity">,
): Finding {
  return {
    check: check.id,
    weight: weight ?? check.severity,
    message,
    mend: mend ?? check.mend,
    ...(location === undefined ? {} : { location }),
  };
}
