/**
 * Everything that doctor has to say, as `doctor --json` prints it.
 *
 * @module
 */

import type { PackageHead } from "./authorisation.ts";
import { type Check, judge, type Judged, toFinding } from "./check.ts";
import type { DoctorFacts } from "./facts.ts";
import type { Finding, PhaseVerdict, Verdict } from "./finding.ts";
import type { Phase } from "./trust/phase.ts";

/** What was looked at of the built artifacts. */
export interface ArtifactsDocument {
  /** As it was given. */
  readonly folder: string;
  /** What became of it. */
  readonly verdict: PhaseVerdict;
  /** What was found, in one sentence. */
  readonly line: string;
}

/** A phase of the trust policy. */
export interface PhaseDocument {
  /** `trust policy (local)`, … */
  readonly name: string;
  /** What became of it. */
  readonly verdict: PhaseVerdict;
  /** What was compared, or why nothing was. */
  readonly line: string;
}

/** A check. */
export interface CheckDocument {
  /** Its word in `docs/doctor.md`. */
  readonly id: string;
  /** What became of it. */
  readonly verdict: Verdict;
}

/** How many findings there are. */
export interface FindingCounts {
  /** Findings that end doctor with 1. */
  readonly failed: number;
  /** Risks that stop no release. */
  readonly warnings: number;
  /** What could not be told. */
  readonly unknown: number;
  /** Phases that had a question and got no answer: each says why. */
  readonly unanswered: number;
}

/** The document. */
export interface DoctorDocument {
  /** The version of this document's shape. */
  readonly schema: 1;
  /** Whether no check failed; `counts` say what else keeps it from being all good. */
  readonly passed: boolean;
  /** How each package would be authorised, in the configuration's order. */
  readonly packages: readonly PackageHead[];
  /** Null unless they were asked for. */
  readonly artifacts: ArtifactsDocument | null;
  /** The phases, in their order. */
  readonly trust_policy: readonly PhaseDocument[];
  /** Every check. */
  readonly checks: readonly CheckDocument[];
  /** Everything that was found. */
  readonly findings: readonly Finding[];
  /** How many findings there are of each weight. */
  readonly counts: FindingCounts;
  /** Who could publish what, as far as files and GitHub tell, in sentences. */
  readonly publishers: readonly string[];
}

/** Judges all checks. */
export function judgeAll(checks: readonly Check[], facts: DoctorFacts): readonly Judged[] {
  return checks.map((check) => judge(check, facts));
}

/** What else than checks has to say something. */
export interface DoctorParts {
  readonly packages: readonly PackageHead[];
  readonly judged: readonly Judged[];
  readonly phases: readonly Phase[];
  readonly artifacts?: {
    readonly document: ArtifactsDocument;
    readonly findings: readonly Finding[];
  };
  /** Findings of nobody else. */
  readonly more?: readonly Finding[];
  readonly publishers?: readonly string[];
}

/** Puts the document together. */
export function doctorDocument(
  { packages, judged, phases, artifacts, more = [], publishers = [] }: DoctorParts,
): DoctorDocument {
  const findings = [
    ...artifacts?.findings ?? [],
    ...phases.flatMap(phaseFindings),
    ...more,
    ...judged.flatMap((one) => one.findings),
  ];
  const count = (weight: Finding["weight"]): number =>
    findings.filter((one) => one.weight === weight).length;
  return {
    schema: 1,
    passed: count("failed") === 0,
    packages,
    artifacts: artifacts?.document ?? null,
    trust_policy: phases.map(({ name, verdict, line }) => ({ name, verdict, line })),
    checks: judged.map(({ check: { id }, verdict }) => ({ id, verdict })),
    findings,
    counts: {
      failed: count("failed"),
      warnings: count("warning"),
      unknown: count("unknown"),
      unanswered:
        phases.filter(({ verdict, isUnanswered = false }) => verdict === "neutral" && isUnanswered)
          .length,
    },
    publishers,
  };
}

function phaseFindings({ name, found }: Phase): readonly Finding[] {
  return found.map((one) =>
    toFinding(one, { id: name, mend: "Make the two the same", severity: "failed" })
  );
}
