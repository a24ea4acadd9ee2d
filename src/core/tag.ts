/**
 * Tags: how a release's tag is spelled, and which version a tag stands for.
 *
 * @module
 */

import type { Package } from "./package.ts";
import { isVersion } from "./version.ts";

/** What of a package its tags depend on. */
export type TagOwner = Pick<Package, "name" | "tagFormat">;

/** What stands around the version. */
interface Affixes {
  readonly start: string;
  readonly end: string;
}

function affixesOf({ name, tagFormat }: TagOwner): Affixes {
  const at = tagFormat.indexOf("{version}");
  const spell = (text: string): string => text.replaceAll("{name}", name);
  return {
    start: spell(tagFormat.slice(0, at)),
    end: spell(tagFormat.slice(at + "{version}".length)),
  };
}

/** The tag of a release: `{name}-v{version}` → `demo-v1.2.3`. */
export function renderTag(owner: TagOwner, version: string): string {
  const { start, end } = affixesOf(owner);
  return `${start}${version}${end}`;
}

function versionBetween({ start, end }: Affixes, tag: string): string | undefined {
  if (!tag.startsWith(start) || !tag.endsWith(end)) return undefined;
  const version = tag.slice(start.length, tag.length - end.length);
  return isVersion(version) ? version : undefined;
}

/** A tag that belongs to one of several packages. */
export interface OwnedTag {
  /** The package's name. */
  readonly owner: string;
  readonly version: string;
}

/**
 * Sorts tags to packages without trying each with each: a version starts with a digit, so what stands before one of a
 * tag's digits is looked up among the starts of that length. Of packages that share a format, which the configuration refuses, the
 * first one gets it.
 */
export function indexTags(owners: readonly TagOwner[]): (tag: string) => OwnedTag | undefined {
  const byStart = new Map<string, { readonly owner: string; readonly affixes: Affixes }[]>();
  const lengths = new Set<number>();
  for (const owner of owners) {
    const affixes = affixesOf(owner);
    const known = byStart.get(affixes.start);
    if (known === undefined) byStart.set(affixes.start, [{ owner: owner.name, affixes }]);
    else known.push({ owner: owner.name, affixes });
    lengths.add(affixes.start.length);
  }
  const ascending = [...lengths].sort((a, b) => a - b);
  return (tag) => {
    for (const at of ascending) {
      if (!isDigit(tag.charCodeAt(at))) continue;
      for (const { owner, affixes } of byStart.get(tag.slice(0, at)) ?? []) {
        const version = versionBetween(affixes, tag);
        if (version !== undefined) return { owner, version };
      }
    }
    return undefined;
  };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
