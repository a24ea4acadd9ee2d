/**
 * What the upload of each unit will show of its origin, and what npm shows of the versions before it.
 *
 * @module
 */

import { isPrerelease, versionsBefore } from "../../core/model/version.ts";
import type { Packument } from "../../core/npm/packument.ts";
import {
  type Evidence,
  evidenceOf,
  heaviest,
  lostMarks,
  tellEvidence,
  type VersionEvidence,
} from "../../core/release/evidence.ts";
import type { Proof } from "../registry.ts";
import type { ProvenanceDecision } from "./provenance_decision.ts";
import type { NpmUnit } from "./publish_unit.ts";
import type { UnitCredential } from "./unit_credential.ts";

/** What was decided of one unit, and what npm holds under its name. */
export interface ProvenUnit {
  readonly unit: Pick<NpmUnit, "name" | "version">;
  readonly credential: UnitCredential;
  readonly decision: ProvenanceDecision;
  readonly packument: Packument;
  /** The version before it that was approved, where this one is handed in to be approved too. */
  readonly stagesAfter: string | undefined;
}

/** What it is held against. */
export function unitsBefore(
  { version }: Pick<NpmUnit, "version">,
  { versions }: Packument,
): readonly VersionEvidence[] {
  return versionsBefore(version, [...versions.keys()]).map((version) => ({
    version,
    evidence: versions.get(version)!.evidence,
  }));
}

/**
 * The version for whose sake a unit is handed in rather than published: one before it that was approved. Published at once
 * this one would lack what that shows, whatever it is published with.
 */
export function approvedBefore(
  unit: Pick<NpmUnit, "version">,
  packument: Packument,
): string | undefined {
  return unitsBefore(unit, packument).find(({ evidence }) => evidence.includes("approved"))
    ?.version;
}

/** The proof of a unit. */
export function proofOf(proven: ProvenUnit): Proof {
  const { unit, credential, packument } = proven;
  const reasons = reasonsOf(proven);
  return {
    name: unit.name,
    kind: credential.kind,
    evidence: evidenceOfUnit(proven),
    before: unitsBefore(unit, packument),
    ...(reasons.length === 0 ? {} : {
      whyNoMore: reasons.map(({ why }) => why).join("; "),
      hint: reasons[0]!.hint,
    }),
  };
}

function evidenceOfUnit({ credential, decision, stagesAfter }: ProvenUnit): Evidence {
  return evidenceOf({
    "approved": stagesAfter !== undefined,
    "trusted-publisher": credential.kind === "oidc",
    "provenance": decision.signs,
  });
}

interface Reason {
  readonly why: string;
  readonly hint: string;
}

function reasonsOf(
  { unit, credential: { instead }, decision, packument, stagesAfter }: ProvenUnit,
): readonly Reason[] {
  const { why, hint } = decision.signs ? { why: "", hint: "" } : decision;
  const approved = stagesAfter === undefined ? approvedBefore(unit, packument) : undefined;
  return [
    ...(instead === undefined ? [] : [instead]),
    ...(decision.signs || instead !== undefined ? [] : [{ why: `no provenance: ${why}`, hint }]),
    ...(approved === undefined ? [] : [PUBLISHED_AT_ONCE]),
  ];
}

const PUBLISHED_AT_ONCE: Reason = {
  why: "it is published without waiting for an approval",
  hint: "Have it staged, and approve it",
};

/** What is less than it could be and breaks nobody by the version before it: said, so that nothing is done in silence. */
export function silentLosses(units: readonly ProvenUnit[]): readonly string[] {
  const kept = units.filter((proven) => {
    const evidence = evidenceOfUnit(proven);
    const before = heaviest(unitsBefore(proven.unit, proven.packument), evidence);
    return before === undefined || lostMarks(before.evidence, evidence).length === 0;
  });
  const losses = kept.flatMap((proven) => {
    const { name } = proven.unit;
    return lossesOf(proven).map((words) => ({ name, words }));
  });
  const byWords = new Map<string, string[]>();
  for (const { name, words } of losses) byWords.set(words, [...byWords.get(words) ?? [], name]);
  return [...byWords].map(([words, names]) => `${names.join(", ")}: ${words}`);
}

function lossesOf(proven: ProvenUnit): readonly string[] {
  const { credential: { how, instead }, decision, packument } = proven;
  const exists = packument.versions.size > 0;
  const prior = priorOf(proven);
  return [
    ...(exists && instead?.isTried === true
      ? [`a token stands in for trusted publishing: ${how}`]
      : []),
    ...(!decision.signs && decision.isSlip
      ? [`it goes out without provenance: ${decision.why}`]
      : []),
    ...(prior === undefined ? [] : [
      `pnpm's no-downgrade, which goes by dates, will not install it: ${prior.version} was published before, ` +
      `with ${tellEvidence(prior.evidence)}`,
    ]),
  ];
}

/**
 * The version of most evidence that is there already, when it has more than this one by pnpm's reading: any version that
 * was published earlier counts, a pre-release for pre-releases alone (pnpm 11, resolving.npm-resolver trustChecks).
 */
function priorOf(proven: ProvenUnit): VersionEvidence | undefined {
  const { unit, packument } = proven;
  let found: VersionEvidence | undefined;
  let most = rankOf(evidenceOfUnit(proven));
  for (const [version, { evidence }] of packument.versions) {
    const counts = isPrerelease(unit.version) || !isPrerelease(version);
    if (!counts || rankOf(evidence) <= most) continue;
    most = rankOf(evidence);
    found = { version, evidence };
  }
  return found;
}

/** As pnpm ranks it: a trusted publisher counts together with provenance alone. */
function rankOf(evidence: Evidence): number {
  if (evidence.includes("approved")) return 3;
  if (!evidence.includes("provenance")) return 0;
  return evidence.includes("trusted-publisher") ? 2 : 1;
}
