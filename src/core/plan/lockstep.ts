/**
 * Packages in lockstep: those that share a word ship together, at one version.
 *
 * @module
 */

import type { Bump } from "../model/plan.ts";
import type { Package, PackageBase } from "../model/package.ts";
import type { ReleaseHistory } from "./last_release.ts";
import { bumpVersion, compareVersions } from "../model/version.ts";

/** The other members of each package's group; packages that stand alone have none. */
export type Companions = ReadonlyMap<string, readonly string[]>;

/** Finds each package's companions, in the configuration's order. */
export function companionsOf(
  packages: readonly Pick<PackageBase, "name" | "lockstep">[],
): Companions {
  const groups = groupsOf(packages);
  return new Map(packages.map(({ name, lockstep }) => {
    const members = lockstep === undefined ? [] : groups.get(lockstep)!;
    return [name, members.map((member) => member.name).filter((other) => other !== name)];
  }));
}

/** The groups by their words, each in the configuration's order. */
export function groupsOf<P extends Pick<PackageBase, "lockstep">>(
  packages: readonly P[],
): ReadonlyMap<string, readonly P[]> {
  const groups = new Map<string, P[]>();
  for (const pkg of packages) {
    if (pkg.lockstep === undefined) continue;
    const group = groups.get(pkg.lockstep);
    if (group === undefined) groups.set(pkg.lockstep, [pkg]);
    else group.push(pkg);
  }
  return groups;
}

/** Names, and everybody who is in lockstep with one of them. */
export function withCompanions(names: Iterable<string>, companions: Companions): Set<string> {
  const all = new Set(names);
  for (const name of [...all]) for (const other of companions.get(name) ?? []) all.add(other);
  return all;
}

/** What is known of one member of a group. */
export interface Member {
  readonly pkg: Pick<Package, "name" | "firstVersion">;
  /** The version of its last release; null before the first. */
  readonly previous: string | null;
  /** Whether that release is this very commit. */
  readonly isReleased: boolean;
}

/** What the tags tell of the members of a group; `head` is HEAD's object id. */
export function membersOf(
  packages: readonly Package[],
  { releases, head }: {
    readonly releases: ReadonlyMap<string, ReleaseHistory>;
    readonly head: string;
  },
): readonly Member[] {
  return packages.map((pkg) => {
    const { last } = releases.get(pkg.name)!;
    return { pkg, previous: last?.version ?? null, isReleased: last?.tag.commit === head };
  });
}

/** The version at which the members of a group ship that still do. */
export interface GroupVersion {
  readonly version: string;
  /** What was raised; null when nothing was, as before the first release. */
  readonly bump: Bump | null;
  /** The member whose last release was the highest, which is what was raised; undefined when there was none. */
  readonly from: string | undefined;
}

/**
 * The group's version: what this commit released of it already, else the highest of the last versions, raised; else the
 * highest first version. What stands at HEAD below a member's last version was released before they were in lockstep, and
 * cannot be followed.
 */
export function groupVersion(members: readonly Member[], bump: Bump): GroupVersion {
  const highest = highestOf(members.filter(({ previous }) => previous !== null));
  if (highest === undefined) {
    const first = members.map(({ pkg }) => pkg.firstVersion).reduce(higher);
    return { version: first, bump: null, from: undefined };
  }
  const { pkg: { name }, previous, isReleased } = highest;
  return isReleased
    ? { version: previous!, bump: null, from: name }
    : { version: bumpVersion(previous!, bump), bump, from: name };
}

/** Of equal ones that which is released: there the others go. */
function highestOf(members: readonly Member[]): Member | undefined {
  return members.toSorted((left, right) =>
    compareVersions(right.previous!, left.previous!) ||
    Number(right.isReleased) - Number(left.isReleased)
  )[0];
}

function higher(left: string, right: string): string {
  return compareVersions(left, right) >= 0 ? left : right;
}
