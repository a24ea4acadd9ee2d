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

/** Things with a valid version, the highest first. */
export function highestFirst<T extends { readonly version: string }>(things: readonly T[]): T[] {
  if (things.length < 2) return [...things];
  return things.map(number).sort(descending).map(thingOf);
}

/** Versions, the lowest first; texts that are none stand in front, as they came. */
export function lowestFirst(texts: readonly string[]): string[] {
  const versions = texts.filter(isVersion).map((version) => ({ version }));
  const ordered = highestFirst(versions).map(({ version }) => version).reverse();
  return [...texts.filter((text) => !isVersion(text)), ...ordered];
}

/** The versions that a registry holds, in order, and which of them stand in the way of a first release. */
export interface HeldVersions {
  /** The lowest first; what is no version by the registry's precedence stands in front. */
  readonly versions: readonly string[];
  /** Those that neither are the release nor come before it, in the same order. */
  readonly notBelow: readonly string[];
}

/** Held versions by semver's precedence, beside a release. */
export function heldVersions(version: string, texts: readonly string[]): HeldVersions {
  const versions = lowestFirst(texts);
  const isBelow = (text: string): boolean => isVersion(text) && compareVersions(text, version) < 0;
  return { versions, notBelow: versions.filter((text) => text !== version && !isBelow(text)) };
}

/**
 * What a version is held against, of all that a registry holds: the highest below it by precedence, whenever that was
 * published; and, where that is a pre-release and this is none, the highest stable one below it too, since that is what
 * people have.
 */
export function versionsBefore(version: string, texts: readonly string[]): readonly string[] {
  const below = lowestFirst(texts.filter(isVersion)).reverse()
    .filter((text) => compareVersions(text, version) < 0);
  return highestAndStable(below, { isPrerelease, isStable: !isPrerelease(version) });
}

/** The first of versions that stand highest first; behind it, where a stable version is asked for, the first stable one. */
export function highestAndStable(
  below: readonly string[],
  { isPrerelease, isStable }: {
    readonly isPrerelease: (version: string) => boolean;
    readonly isStable: boolean;
  },
): readonly string[] {
  const [highest] = below;
  const stable = isStable ? below.find((text) => !isPrerelease(text)) : undefined;
  return [...new Set([highest, stable])].filter((text) => text !== undefined);
}

/** A thing with its version taken apart; a pre-release and build metadata need more than numbers. */
interface Numbered<T extends { readonly version: string }> {
  readonly thing: T;
  readonly isPlain: boolean;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

function number<T extends { readonly version: string }>(thing: T): Numbered<T> {
  const { version } = thing;
  const first = version.indexOf(".");
  const second = version.indexOf(".", first + 1);
  return {
    thing,
    isPlain: !version.includes("-") && !version.includes("+"),
    major: Number(version.slice(0, first)),
    minor: Number(version.slice(first + 1, second)),
    patch: Number(version.slice(second + 1)),
  };
}

function thingOf<T extends { readonly version: string }>({ thing }: Numbered<T>): T {
  return thing;
}

type Any = Numbered<{ readonly version: string }>;

function descending(a: Any, b: Any): number {
  if (!a.isPlain || !b.isPlain) return compareVersions(b.thing.version, a.thing.version);
  return b.major - a.major || b.minor - a.minor || b.patch - a.patch;
}

/** The version after this one. A pre-release's patch is its release: `1.0.0-rc.1` → `1.0.0`. */
export function bumpVersion(version: string, bump: Bump): string {
  const next = inc(version, bump);
  if (next === null) throw new Error(`unreachable: ${version} was parsed from a tag`);
  return next;
}

/** The pre-release after this one: `1.0.0-rc.1` → `1.0.0-rc.2`. */
export function nextPrerelease(version: string): string {
  const next = inc(version, "prerelease");
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
