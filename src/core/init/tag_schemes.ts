/**
 * The ways in which a repository has tagged releases so far: `v1.2.3`, `name@1.2.3`, `python-v1.2.3`.
 *
 * @module
 */

import { compareVersions, isVersion } from "../model/version.ts";

/** A tag that is there. */
export interface ExistingTag {
  /** Below `refs/tags/`. */
  readonly name: string;
  /** The commit that it stands on, as a full object id. */
  readonly commit: string;
  /** Whether HEAD descends from that. */
  readonly isReachable: boolean;
}

/** A tag with the version that it stands for. */
export interface VersionTag extends ExistingTag {
  /** In semver's spelling. */
  readonly version: string;
}

/** Tags that differ in their versions alone. */
export interface TagScheme {
  /** What stands before the version: `v`, `core@`, `python-v`; empty for bare versions. */
  readonly prefix: string;
  /** The word in it: `core`, `python`; empty where tags name nobody. */
  readonly word: string;
  /** The tag of the highest version. */
  readonly highest: VersionTag;
  /** The highest that HEAD descends from, which plans count from; undefined when there is none. */
  readonly reachable?: VersionTag;
}

/** All of them, and what is none. */
export interface TagSchemes {
  /** In the order of their prefixes. */
  readonly schemes: readonly TagScheme[];
  /** Tags that end in no version by semver's rules, in their order. */
  readonly odd: readonly string[];
}

/** A prefix ends where a word ends: `foo1.2.3` is no version of foo. */
const TAG = /^((?:(.*?)[-@/_.])?v?)([0-9]+\.[0-9]+\.[0-9]+(?:[-+].*)?)$/;

/** Sorts tags into schemes. */
export function tagSchemes(tags: readonly ExistingTag[]): TagSchemes {
  const schemes = new Map<string, TagScheme>();
  const odd: string[] = [];
  for (const tag of tags) {
    const [, prefix = "", word = "", version = ""] = TAG.exec(tag.name) ?? [];
    if (!isVersion(version)) {
      odd.push(tag.name);
      continue;
    }
    const known = schemes.get(prefix);
    const own = { ...tag, version };
    const reachable = tag.isReachable ? higher(own, known?.reachable) : known?.reachable;
    schemes.set(prefix, {
      ...{ prefix, word, highest: higher(own, known?.highest) },
      ...(reachable === undefined ? {} : { reachable }),
    });
  }
  return {
    schemes: [...schemes.values()].sort((a, b) => a.prefix < b.prefix ? -1 : 1),
    odd: odd.sort(),
  };
}

function higher(tag: VersionTag, other: VersionTag | undefined): VersionTag {
  return other === undefined || compareVersions(tag.version, other.version) > 0 ? tag : other;
}
