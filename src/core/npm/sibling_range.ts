/**
 * Ranges by which packages of one repository ask for each other, and how they follow a version that ships.
 *
 * @module
 */

import satisfies from "semver/functions/satisfies.js";
import validRange from "semver/ranges/valid.js";
import { followRequirement } from "../model/follow_requirement.ts";

/** A package of this repository that others may ask for. */
export interface Sibling {
  /** The version that it has when this release is out: the planned one, else that of its last release. */
  readonly version: string;
  /** What its own package.json says; undefined where that says nothing. */
  readonly declared?: string;
}

/** What becomes of a range. */
export type Followed =
  /** It stays. */
  | { readonly to: "keep" }
  /** It is written anew. */
  | { readonly to: "write"; readonly range: string }
  /** It does not admit the version, and only its author can say what was meant. */
  | { readonly to: "refuse" };

const KEEP: Followed = { to: "keep" };

/**
 * Follows a sibling, as cargo's requirements do: a range of one version (`1.2.3`, `^1.2`, `~1`, `1.x`, `>=1.2.3 <2`) keeps
 * its operator and its precision. One that admits the version is left alone unless the version is another than the
 * sibling's package.json has, so that the same commit gives the same bytes, whatever of it shipped before. Every other
 * range stays where it admits the version: lists, comparisons, `*`, and what is no range at all, as a dist-tag or an
 * address.
 */
export function followSibling(range: string, { version, declared }: Sibling): Followed {
  // npm trims; an empty range admits everything, and `latest` is whatever the registry says.
  if (range.trim() === "" || validRange(range, true) === null) return KEEP;
  const admits = satisfies(version, range, true);
  const isMoved = declared !== undefined && declared !== version;
  if (admits && !isMoved) return KEEP;
  const followed = followRequirement(range.replace(/^\s*v(?=\d)/, ""), version) ??
    followInterval(range, version);
  if (followed !== undefined) return followed === range ? KEEP : { to: "write", range: followed };
  return admits ? KEEP : { to: "refuse" };
}

const INTERVAL = /^\s*>=\s*(\d+)(\.\d+)?(\.\d+)?\s+<\s*(\d+)(\.\d+)?(\.\d+)?(?:-0)?\s*$/;

/**
 * `>=1.2.0 <2.0.0` is `^1.2.0` in other words, and `>=1.2.0 <1.3.0` is `~1.2.0`: both ends follow, each in its precision.
 * Undefined for every other pair of ends.
 */
function followInterval(range: string, version: string): string | undefined {
  const found = INTERVAL.exec(range);
  if (found === null || version.includes("-")) return undefined;
  const [, fromMajor, fromMinor, fromPatch, toMajor, toMinor, toPatch] = found;
  const from = numbers(fromMajor, fromMinor);
  const to = numbers(toMajor, toMinor);
  if (Number(toPatch?.slice(1) ?? 0) !== 0) return undefined;
  const [major, minor, patch] = version.split("+")[0]!.split(".").map(Number) as [
    number,
    number,
    number,
  ];
  const isMajor = to.minor === 0 && to.major === from.major + 1;
  const isMinor = to.major === from.major && to.minor === from.minor + 1;
  if (!isMajor && !isMinor) return undefined;
  const spell = (parts: readonly number[], like: readonly (string | undefined)[]): string =>
    parts.slice(0, 1 + like.filter((part) => part !== undefined).length).join(".");
  const low = spell([major, minor, patch], [fromMinor, fromPatch]);
  const end = isMajor ? [major + 1, 0, 0] : [major, minor + 1, 0];
  return `>=${low} <${spell(end, [toMinor, toPatch])}`;
}

function numbers(major = "0", minor = ".0"): { readonly major: number; readonly minor: number } {
  return { major: Number(major), minor: Number(minor.slice(1)) };
}
