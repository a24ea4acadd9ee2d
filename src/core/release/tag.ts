/**
 * Tags: how a release's tag is spelled, which version a tag stands for, which names git takes for one, and the message of
 * a tag.
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

/**
 * The message of a release tag, `Release demo 1.2.0`. Part of the tag object, so it never changes for a release. Names and versions are one line each, so the message is.
 */
export function tagMessage(release: { readonly name: string; readonly version: string }): string {
  return `Release ${release.name} ${release.version}`;
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

// deno-lint-ignore no-control-regex
const FORBIDDEN = /[\u0000-\u0020\u007f~^:?*[\\]/;

/** A loose ref is written beside its lock file, and file systems take 255 bytes for a name. */
const LONGEST_COMPONENT = 255 - ".lock".length;

/** Words with a dot or a slash between them: nearly every tag, of thousands. */
const USUAL = /^@?[\w+-]+(?:[./][\w+-]+)*$/;

/**
 * What is wrong with a name as a tag (git-check-ref-format(1), and `git tag`, which refuses a leading `-`); undefined
 * when git takes it. A clause to stand after a colon: `it holds ".."`.
 */
export function tagProblem(tag: string): string | undefined {
  if (tag === "") return "it is empty";
  if (tag.startsWith("-")) return `it starts with "-"`;
  if (USUAL.test(tag) && tag.length <= LONGEST_COMPONENT && !tag.includes(".lock")) {
    return undefined;
  }
  const bad = FORBIDDEN.exec(tag)?.[0];
  if (bad !== undefined) return `it holds ${JSON.stringify(bad)}`;
  for (const sequence of ["..", "@{", "//"]) {
    if (tag.includes(sequence)) return `it holds ${JSON.stringify(sequence)}`;
  }
  if (tag.startsWith("/")) return `it starts with "/"`;
  for (const end of ["/", "."]) if (tag.endsWith(end)) return `it ends with "${end}"`;
  const components = tag.split("/");
  if (components.some((component) => component.startsWith("."))) {
    return `a part of it starts with "."`;
  }
  if (components.some((component) => component.endsWith(".lock"))) {
    return `a part of it ends with ".lock"`;
  }
  if (components.some((name) => new TextEncoder().encode(name).length > LONGEST_COMPONENT)) {
    return `a part of it is longer than ${LONGEST_COMPONENT} bytes`;
  }
  return undefined;
}
