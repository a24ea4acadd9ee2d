/**
 * Which dist-tag a release gets. A tag never moves to a lower version, and a pre-release never takes `latest`.
 *
 * @module
 */

import gt from "semver/functions/gt.js";
import parse from "semver/functions/parse.js";
import validRange from "semver/ranges/valid.js";

/** A choice, and why it is not the configured tag. */
export interface DistTagChoice {
  readonly tag: string;
  /** One sentence; undefined when the configured tag is used. */
  readonly note?: string;
}

/** What {@link chooseDistTag} looks at. */
export interface DistTagFacts {
  /** The tag of the configuration. */
  readonly configured: string;
  /** The version that ships, in semver's spelling. */
  readonly version: string;
  /** The registry's tags: tag → version. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The configured tag, unless that would put a pre-release on `latest` (then its own first word: `1.0.0-beta.1` →
 * `beta`, or `next` when it has none), or would move the tag down (then `release-1.4`, and `release-1.4.2` when that
 * one is ahead too). A `latest` that holds a pre-release, as a first publish leaves it, gives way to any stable version.
 */
export function chooseDistTag(facts: DistTagFacts): DistTagChoice {
  const { configured, version } = facts;
  const parsed = parse(version);
  if (parsed === null) throw new Error(`unreachable: "${version}" is no version`);
  const wanted = configured === "latest" && parsed.prerelease.length > 0
    ? prereleaseTag(parsed.prerelease[0])
    : configured;
  const spares = [`release-${parsed.major}.${parsed.minor}`, `release-${version}`];
  const tag = [wanted, ...spares].find((candidate) => !isAhead(facts, candidate)) ??
    `release-${version}`;
  if (tag === configured) return { tag };
  if (tag === wanted) {
    return { tag, note: `${version} is a pre-release: it gets the tag "${tag}", not "latest"` };
  }
  const held = facts.tags[wanted];
  return { tag, note: `"${wanted}" stays at ${held}: ${version} is lower and gets "${tag}"` };
}

/** A dist-tag that stands at a version below a stable one. */
export interface LaggingTag {
  readonly tag: string;
  readonly version: string;
}

/**
 * Dist-tags below a stable version that are no line of their own: `latest`, `next`, `beta`. One with a number in it, such as
 * `release-1.4`, is meant to stay behind.
 */
export function laggingTags(
  stable: string,
  tags: Readonly<Record<string, string>>,
): readonly LaggingTag[] {
  return Object.entries(tags).flatMap(([tag, version]) => {
    const isLine = /^release-|\d/.test(tag);
    return isLine || parse(version) === null || !gt(stable, version) ? [] : [{ tag, version }];
  });
}

function prereleaseTag(first: string | number | undefined): string {
  return typeof first === "string" && isDistTag(first) ? first : "next";
}

function isAhead({ version, tags }: DistTagFacts, tag: string): boolean {
  const held = parse(Object.hasOwn(tags, tag) ? tags[tag] : null);
  if (held === null) return false;
  const yieldsToStable = held.prerelease.length > 0 && parse(version)?.prerelease.length === 0;
  return gt(held, version) && !(tag === "latest" && yieldsToStable);
}

/** Whether npm takes it for a tag: not empty, URL-safe, and no semver range, which `npm install x@TAG` would read. */
export function isDistTag(tag: string): boolean {
  return tag !== "" && encodeURIComponent(tag) === tag && validRange(tag, true) === null;
}
