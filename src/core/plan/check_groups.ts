/**
 * Packages in lockstep in a plan that came as a file: who ships of a group, and at which version.
 *
 * @module
 */

import type { Config } from "../model/config.ts";
import type { Plan, PlannedPackage } from "../model/plan.ts";
import { quote } from "../words/phrases.ts";
import { groupsOf, type GroupVersion, groupVersion } from "./lockstep.ts";
import { called, invalid } from "./plan_refusal.ts";
import type { Ruling } from "./planned_package.ts";

/** What a plan says of the group that one of its packages is in lockstep with; undefined for one that stands alone. */
export function groupIn(
  { packages, left_out }: Plan,
  config: Config,
  { name, bump }: PlannedPackage,
): GroupVersion | undefined {
  const word = config.packages.find((pkg) => pkg.name === name)!.lockstep;
  const members = word === undefined ? undefined : groupsOf(config.packages).get(word);
  if (members === undefined) return undefined;
  const bumps = packages.filter((planned) => members.some((pkg) => pkg.name === planned.name))
    .flatMap((planned) => planned.bump === null ? [] : [planned.bump]);
  const left = new Map(left_out.map((entry) => [entry.name, entry]));
  const shipping = new Map(packages.map((entry) => [entry.name, entry]));
  return groupVersion(
    members.map((pkg) => ({
      pkg,
      previous: (left.get(pkg.name) ?? shipping.get(pkg.name)!).previous,
      isReleased: left.get(pkg.name)?.reason === "released",
    })),
    bump ?? bumps[0] ?? "patch",
  );
}

/** Throws `PIOT_PLAN_INVALID` unless members of a group ship all, but for those that this commit has released, and at one version. */
export function checkGroups({ packages, left_out }: Plan, config: Config): void {
  for (const [word, members] of groupsOf(config.packages)) {
    const names = new Set(members.map(({ name }) => name));
    const shipping = packages.filter(({ name }) => names.has(name));
    const [first] = shipping;
    if (first === undefined) continue;
    // Where versions are asked for, one that this commit released is not asked for again.
    const stays = left_out.find(({ name, reason, previous }) =>
      names.has(name) && reason !== "released" &&
      !(reason === "not-requested" && previous === first.version)
    );
    if (stays !== undefined) {
      throw invalid(
        `${called(stays.name)} is left out, and in lockstep ${quote(word)} with ${first.name}`,
      );
    }
    const other = shipping.find(({ version }) => version !== first.version);
    if (other === undefined) continue;
    throw invalid(
      `${
        called(other.name)
      } is at ${other.version} and ${first.name} at ${first.version}, in lockstep ${quote(word)}`,
    );
  }
}

/** What a member of a group must say of its version; `previous` is null before its first release. */
export function rulingInGroup(
  planned: PlannedPackage,
  { isAsked, group, previous }: {
    readonly isAsked: boolean;
    readonly group: GroupVersion;
    readonly previous: string | null;
  },
): Ruling {
  // A version that is spelled out is the request's own.
  if (isAsked && planned.bump === null) {
    return { version: planned.version, bump: null, previous, reason: "requested" };
  }
  const isKnownFirst = planned.reason !== "trailer" && planned.reason !== "first-release" &&
    previous === null;
  const reason = isKnownFirst ? "first-release" : planned.reason;
  return {
    version: group.version,
    bump: previous === null ? null : group.bump,
    previous,
    reason: isAsked ? "requested" : reason,
  };
}
