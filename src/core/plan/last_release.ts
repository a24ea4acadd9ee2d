/**
 * The last release of each package: the highest version among its tags that HEAD descends from.
 *
 * @module
 */

import type { Standing, TagFact } from "../model/facts.ts";
import { indexTags, type TagOwner } from "../release/tag.ts";
import { highestFirst } from "../model/version.ts";

/** One release, as its tag tells it. */
export interface TaggedRelease {
  readonly version: string;
  readonly tag: TagFact;
}

/** What the tags tell of one package. */
export interface ReleaseHistory {
  /** The highest that HEAD descends from. */
  readonly last?: TaggedRelease;
  /** The one below it, wherever it stands. */
  readonly before?: TaggedRelease;
  /** Higher ones that HEAD does not descend from, highest first. */
  readonly astray: readonly TaggedRelease[];
}

/** Every package's tags, highest version first. */
export function groupTags<T extends Pick<TagFact, "name">>(
  packages: readonly TagOwner[],
  tags: readonly T[],
): ReadonlyMap<string, readonly { readonly version: string; readonly tag: T }[]> {
  const groups = new Map<string, { version: string; tag: T }[]>(
    packages.map(({ name }) => [name, []]),
  );
  const ownerOf = indexTags(packages);
  for (const tag of tags) {
    const owned = ownerOf(tag.name);
    if (owned !== undefined) groups.get(owned.owner)!.push({ version: owned.version, tag });
  }
  return new Map([...groups].map(([name, group]) => [name, highestFirst(group)]));
}

/** What the tags tell, by package. */
export function releaseHistories(
  standing: Pick<Standing, "config" | "tags">,
): ReadonlyMap<string, ReleaseHistory> {
  const groups = groupTags(standing.config.packages, standing.tags);
  return new Map([...groups].map(([name, releases]) => {
    const at = releases.findIndex(({ tag }) => tag.reachable === true);
    const [last, before] = at === -1 ? [] : releases.slice(at);
    const astray = at === -1 ? releases : releases.slice(0, at);
    return [name, {
      ...(last === undefined ? {} : { last }),
      ...(before === undefined ? {} : { before }),
      astray,
    }];
  }));
}
