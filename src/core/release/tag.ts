/**
 * Tags: how a release's tag is spelled, and which version a tag stands for.
 *
 * @module
 */

import type { Package } from "../model/package.ts";
import { isVersion } from "../model/version.ts";

/** What of a package its tags depend on. */
export type TagOwner = Pick<Package, "name" | "tagFormat">;

/** A tag format with its name filled in: any semantic version may stand between the two parts. */
export interface TagShape {
  readonly prefix: string;
  readonly suffix: string;
}

/** The shape of a package's tags; its format holds `{version}` exactly once. */
export function shapeOf({ name, tagFormat }: TagOwner): TagShape {
  const at = tagFormat.indexOf("{version}");
  const spell = (text: string): string => text.replaceAll("{name}", name);
  return {
    prefix: spell(tagFormat.slice(0, at)),
    suffix: spell(tagFormat.slice(at + "{version}".length)),
  };
}

/** The tag of a release: `{name}-v{version}` → `demo-v1.2.3`. */
export function renderTag(owner: TagOwner, version: string): string {
  const { prefix, suffix } = shapeOf(owner);
  return `${prefix}${version}${suffix}`;
}

function versionBetween({ prefix, suffix }: TagShape, tag: string): string | undefined {
  if (!tag.startsWith(prefix) || !tag.endsWith(suffix)) return undefined;
  const version = tag.slice(prefix.length, tag.length - suffix.length);
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
  const byPrefix = new Map<string, { readonly owner: string; readonly shape: TagShape }[]>();
  const lengths = new Set<number>();
  for (const owner of owners) {
    const shape = shapeOf(owner);
    const known = byPrefix.get(shape.prefix);
    if (known === undefined) byPrefix.set(shape.prefix, [{ owner: owner.name, shape }]);
    else known.push({ owner: owner.name, shape });
    lengths.add(shape.prefix.length);
  }
  const ascending = [...lengths].sort((a, b) => a - b);
  return (tag) => {
    for (const at of ascending) {
      if (!isDigit(tag.charCodeAt(at))) continue;
      for (const { owner, shape } of byPrefix.get(tag.slice(0, at)) ?? []) {
        const version = versionBetween(shape, tag);
        if (version !== undefined) return { owner, version };
      }
    }
    return undefined;
  };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
