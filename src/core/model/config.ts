/**
 * A whole, valid configuration.
 *
 * @module
 */

import type { Kinds } from "./kind.ts";
import type { Package } from "./package.ts";

/** What `putitoutthere.toml` says; packages stand in the order of the file. */
export interface Config {
  /** When releases happen, for whoever reads the file: no plan depends on it. */
  readonly cadence: "immediate" | "scheduled";
  readonly packages: readonly Package[];
  /** What is known of the kinds that packages may have. */
  readonly kinds: Kinds;
}
