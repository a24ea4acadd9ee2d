/**
 * What a plan is made of, gathered beforehand: the planner itself reads nothing.
 *
 * @module
 */

import type { Config } from "./config.ts";
import type { Bump } from "./plan.ts";

/** A tag that a package's `tag_format` could have produced. Other tags are nobody's business here. */
export interface TagFact {
  /** Below `refs/tags/`. */
  readonly name: string;
  /** The commit it points at, peeled, full object id. */
  readonly commit: string;
  /** Whether HEAD descends from it or is it; undefined where nobody asked, below a higher reachable one. */
  readonly reachable?: boolean;
}

/** A commit that may carry a trailer. */
export interface CommitFact {
  /** Full object id. */
  readonly id: string;
  /** The whole message. */
  readonly message: string;
  /** The messages of the tips that it merged: its parents after the first, in their order. */
  readonly tips: readonly string[];
}

/** A first-parent ancestor of HEAD, or HEAD itself, with a line in its message that could be a trailer. */
export interface HistoryFact extends CommitFact {
  /** First-parent steps from HEAD; 0 is HEAD itself. */
  readonly depth: number;
  /** The files in which it differs from its first parent, relative to the root. */
  readonly files: readonly string[];
}

/**
 * A release that somebody asked for: one package that `--release` names. Without `version` and `bump` it ships as a
 * patch of its last release, or more where trailers since then ask for it, or as its `first_version`; never both are
 * set. That the flag was given is a list, even an empty one: an empty list plans nothing, where no list at all plans
 * what changed.
 */
export interface ReleaseRequest {
  /** The package's name in `putitoutthere.toml`. Whether there is such a package is the planner's question. */
  readonly name: string;
  /** The version to ship, in semver's spelling, without a leading `v`. */
  readonly version?: string;
  /** The part of the last version to raise. */
  readonly bump?: Bump;
}

/**
 * Where things stand at HEAD. All paths are `/`-separated and relative to the root, which is the folder that piot runs in.
 */
export interface Standing {
  readonly config: Config;
  /** HEAD, or the commit that was asked for in its place. */
  readonly head: CommitFact;
  /**
   * In any order. Releases below the last one may be left out where no release is asked for by name: they decide nothing
   * then.
   */
  readonly tags: readonly TagFact[];
  /** Every other tag's name: those that no package could have, and those that stand on no commit. */
  readonly otherTags: readonly string[];
  /**
   * By the commit of a last release: the files in which its tree differs from HEAD's, net of everything in between. At
   * least those that matter to a package last released there: its own and those of what it depends on.
   */
  readonly changes: ReadonlyMap<string, readonly string[]>;
  /** Globs of the configuration that match no file at HEAD. */
  readonly emptyGlobs: ReadonlySet<string>;
  /** What was asked for by name; undefined when nothing was, which is not the same as an empty list. */
  readonly requests?: readonly ReleaseRequest[];
}

/** Everything that a plan depends on. */
export interface Facts extends Standing {
  /** By the commit of a last release: how many first-parent commits came after it, HEAD included. */
  readonly since: ReadonlyMap<string, number>;
  /** In any order; reaches back as far as the planned packages need. */
  readonly history: readonly HistoryFact[];
}
