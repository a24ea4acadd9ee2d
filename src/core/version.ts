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

/** Most versions; recognised without the cost of parsing, since there may be tens of thousands. */
const PLAIN = /^(0|[1-9][0-9]{0,14})\.(0|[1-9][0-9]{0,14})\.(0|[1-9][0-9]{0,14})$/;

/** Whether a text is a version as semver.org spells it: no leading `v`, no blanks, no missing number. */
export function isVersion(text: string): boolean {
  if (PLAIN.test(text)) return true;
  const version = parse(text);
  if (version === null) return false;
  const build = version.build.length === 0 ? "" : `+${version.build.join(".")}`;
  return `${version.version}${build}` === text;
}

/** Orders two versions by precedence; builds of one version, which have none, by their text. */
export function compareVersions(a: string, b: string): -1 | 0 | 1 {
  return compareBuild(a, b);
}

/** Things with a version, the highest first. */
export function highestFirst<T extends { readonly version: string }>(things: readonly T[]): T[] {
  if (things.length < 2) return [...things];
  const numbered = things.map((thing) => ({ thing, numbers: plainNumbers(thing.version) }));
  numbered.sort((a, b) => {
    if (a.numbers === undefined || b.numbers === undefined) {
      return compareVersions(b.thing.version, a.thing.version);
    }
    return b.numbers[0] - a.numbers[0] || b.numbers[1] - a.numbers[1] ||
      b.numbers[2] - a.numbers[2];
  });
  return numbered.map(({ thing }) => thing);
}

function plainNumbers(version: string): readonly [number, number, number] | undefined {
  if (!PLAIN.test(version)) return undefined;
  const [major, minor] = [version.indexOf("."), version.lastIndexOf(".")];
  return [
    Number(version.slice(0, major)),
    Number(version.slice(major + 1, minor)),
    Number(version.slice(minor + 1)),
  ];
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
