/**
 * Why a package ships, and why one does not, in words: a few for tables and drawings, a clause for explanations.
 *
 * @module
 */

import type { LeftOut, Plan, PlannedPackage, Reason } from "../model/plan.ts";

const REASONS: Readonly<Record<Exclude<Reason, "dependency" | "lockstep">, string>> = {
  "requested": "requested",
  "trailer": "release trailer",
  "first-release": "first release",
  "changed": "files changed",
};

/** Why a package ships: `files changed`, `first release`, `depends on demo, other`. */
export function whyPlanned(planned: PlannedPackage, plan: Plan): string {
  if (planned.reason === "lockstep") return whyLockstep(planned, plan);
  if (planned.reason !== "dependency") return REASONS[planned.reason];
  const shipping = new Set(plan.packages.map(({ name }) => name));
  const causes = planned.depends_on.filter((name) => shipping.has(name));
  // A dependency that this commit released already pulls its dependents in without being planned itself.
  return causes.length === 0 ? "a dependency changed" : `depends on ${causes.join(", ")}`;
}

function whyLockstep({ lockstep }: PlannedPackage, { packages }: Plan): string {
  const others = packages.filter((other) =>
    other.lockstep === lockstep && other.reason !== "lockstep"
  );
  // What this commit released already draws the others after it.
  return others.length === 0
    ? `in lockstep ${JSON.stringify(lockstep)}`
    : `in lockstep with ${others.map(({ name }) => name).join(", ")}`;
}

/** Why a package does not ship. */
export const LEFT_OUT_WORDS: Readonly<Record<LeftOut["reason"], string>> = {
  "unchanged": "unchanged",
  "released": "already released at this commit",
  "skipped": "skipped by the trailer",
  "not-requested": "not requested",
};

/** Why a package ships, behind "because"; a change has a whole chain for this. */
export const REASON_CLAUSES: Readonly<
  Record<Exclude<Reason, "changed" | "dependency" | "lockstep">, string>
> = {
  "requested": "--release names it",
  "trailer": "HEAD's trailer names it",
  "first-release": "it was never released",
};

/** Why a package does not ship, behind "because". */
export const LEFT_OUT_CLAUSES: Readonly<Record<LeftOut["reason"], string>> = {
  "unchanged": "nothing that it is made of has changed since its last release",
  "released": "its last release is this very commit",
  "skipped": "HEAD's trailer leaves it out",
  "not-requested": "--release names others",
};
