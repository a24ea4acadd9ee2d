/**
 * A release that somebody asked for by name, as the planner takes it.
 *
 * @module
 */

import type { Bump } from "./plan.ts";

/**
 * One package that `--release` names. Without `version` and `bump` it ships as a patch of its last
 * release, or more where trailers since then ask for it, or as its `first_version`; never both are
 * set. That the flag was given is a list, even an empty one: an empty list plans nothing, where no
 * list at all plans what changed.
 */
export interface ReleaseRequest {
  /**
   * The package's name in `putitoutthere.toml`. Whether there is such a package is the planner's
   * question.
   */
  readonly name: string;
  /** The version to ship, in semver's spelling, without a leading `v`. */
  readonly version?: string;
  /** The part of the last version to raise. */
  readonly bump?: Bump;
}
