/**
 * What `publish` hands to the steps after it.
 *
 * @module
 */

import { isReleased, type Outcome } from "./outcome.ts";

/** The outputs of `publish`, as texts. */
export interface PublishOutputs {
  /** `true` when this run made at least one release complete. */
  readonly released: "true" | "false";
  /**
   * `[{"name", "version", "tag", "registry_url"}]` of those; `tag` is null outside a git work tree.
   */
  readonly released_packages: string;
}

/**
 * The outputs of a run. A release counts in the run that made it complete, by its upload or by the
 * tag that was missing; one that an earlier run completed does not count again, so that what
 * follows a release happens once.
 */
export function publishOutputs(outcomes: readonly Outcome[]): PublishOutputs {
  const released = outcomes.filter(isReleased).map(({ name, version, tag, registryUrl }) => ({
    name,
    version,
    tag,
    registry_url: registryUrl,
  }));
  return {
    released: released.length > 0 ? "true" : "false",
    released_packages: JSON.stringify(released),
  };
}
