/**
 * The group that a package is in lockstep with, for its explanation.
 *
 * @module
 */

import type { Facts } from "../model/facts.ts";
import { type Decisions, pulls, skippedNames } from "../plan/decide.ts";
import { groupsOf, groupVersion, membersOf } from "../plan/lockstep.ts";

/** A group in lockstep, as it looks from one of its members. */
export interface ExplainedLockstep {
  readonly word: string;
  /** Its other members. */
  readonly others: readonly string[];
  /** Those that ship for reasons of their own, or shipped at this commit. */
  readonly drawnBy: readonly string[];
  /** The member whose last release was the highest, which the group's version follows; null before the first. */
  readonly from: { readonly name: string; readonly version: string } | null;
}

/** The group of a package; null for one that stands alone. */
export function explainLockstep(
  name: string,
  { facts: { config: { packages }, head }, decisions }: {
    readonly facts: Pick<Facts, "config" | "head">;
    readonly decisions: Decisions;
  },
): ExplainedLockstep | null {
  const word = packages.find((pkg) => pkg.name === name)!.lockstep;
  if (word === undefined) return null;
  const others = decisions.companions.get(name)!;
  const skipped = skippedNames(decisions.trailer);
  const drawnBy = others.filter((other) => {
    const decision = decisions.byName.get(other)!;
    return decision.reason !== "lockstep" && pulls(decision, { name: other, skipped });
  });
  const known = membersOf(groupsOf(packages).get(word)!, {
    releases: decisions.releases,
    head: head.id,
  });
  const from = known.find(({ pkg }) => pkg.name === groupVersion(known, "patch").from);
  const highest = from === undefined ? null : { name: from.pkg.name, version: from.previous! };
  return { word, others, drawnBy, from: highest };
}
