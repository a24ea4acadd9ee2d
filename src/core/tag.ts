/**
 * Tags: how a release's tag is spelled, and which version a tag stands for.
 *
 * @module
 */

import type { Package } from "./package.ts";
import { isVersion } from "./version.ts";

/** What of a package its tags depend on. */
export type TagOwner = Pick<Package, "name" | "tagFormat">;

/** The tag of a release: `{name}-v{version}` → `demo-v1.2.3`. */
export function renderTag(owner: TagOwner, version: string): string {
  const [start, end] = affixes(owner);
  return `${start}${version}${end}`;
}

/** The version that a tag stands for; undefined when it is not one of this package's tags. */
export function parseTag(owner: TagOwner, tag: string): string | undefined {
  const [start, end] = affixes(owner);
  if (!tag.startsWith(start) || !tag.endsWith(end)) return undefined;
  const version = tag.slice(start.length, tag.length - end.length);
  return isVersion(version) ? version : undefined;
}

/** What stands before and after the version. */
function affixes(owner: TagOwner): readonly [string, string] {
  const [start = "", end = ""] = owner.tagFormat.split("{version}");
  return [start, end].map((text) => text.replaceAll("{name}", owner.name)) as [string, string];
}

/** A tag that belongs to one of several packages. */
export interface OwnedTag {
  /** The package's name. */
  readonly owner: string;
  readonly version: string;
}

/**
 * Sorts tags to packages without trying each with each: a version starts with a digit, so what stands before one of a
 * tag's digits is looked up among the starts. Of packages that share a format, which the configuration refuses, the
 * first one gets it.
 */
export function indexTags(owners: readonly TagOwner[]): (tag: string) => OwnedTag | undefined {
  const byStart = new Map<string, TagOwner[]>();
  for (const owner of owners) {
    const [start] = affixes(owner);
    const known = byStart.get(start);
    if (known === undefined) byStart.set(start, [owner]);
    else known.push(owner);
  }
  return (tag) => {
    for (const { index } of tag.matchAll(/[0-9]/g)) {
      for (const owner of byStart.get(tag.slice(0, index)) ?? []) {
        const version = parseTag(owner, tag);
        if (version !== undefined) return { owner: owner.name, version };
      }
    }
    return undefined;
  };
}
