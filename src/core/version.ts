/**
 * Versions, by the rules of semver.
 *
 * @module
 */

import compareBuild from "semver/functions/compare-build.js";
import inc from "semver/functions/inc.js";
import parse from "semver/functions/parse.js";
import type { Bump } from "./plan.ts";

/** From the smallest to the largest. */
export const BUMPS: readonly Bump[] = ["patch", "minor", "major"];

/** Whether a text is a version as semver.org spells it: no leading `v`, no blanks, no missing number. */
export function isVersion(text: string): boolean {
  const version = parse(text);
  if (version === null) return false;
  const build = version.build.length === 0 ? "" : `+${version.build.join(".")}`;
  return `${version.version}${build}` === text;
}

/** Orders two versions by precedence; builds of one version, which have none, by their text. */
export function compareVersions(a: string, b: string): -1 | 0 | 1 {
  return compareBuild(a, b);
}

/** The version after this one. A pre-release's patch is its release: `1.0.0-rc.1` → `1.0.0`. */
export function bumpVersion(version: string, bump: Bump): string {
  const next = inc(version, bump);
  if (next === null) throw new Error(`unreachable: ${version} was parsed from a tag`);
  return next;
}

/** The larger of two bumps. */
export function largerBump(a: Bump, b: Bump): Bump {
  return BUMPS.indexOf(a) < BUMPS.indexOf(b) ? b : a;
}

/** Whether a version comes before its release: `1.0.0-rc.1`. */
export function isPrerelease(version: string): boolean {
  return version.split("+")[0]!.includes("-");
}
