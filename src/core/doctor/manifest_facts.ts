/**
 * What was read of one package's manifest.
 *
 * @module
 */

import type { Found } from "./finding.ts";

/** What the release's own readers say of a package's folder. */
export interface ManifestFacts {
  /** The manifest, relative to the folder that piot runs in. */
  readonly file: string;
  /** Undefined where there is none, or it cannot be read. */
  readonly text: string | undefined;
  /** What publishing would refuse about it, in its own words, by the check that tells it. */
  readonly refusals: readonly Found[];
  /** Addresses of the repository that it names. */
  readonly repositories: readonly string[];
  /** Whether it declares a licence, by text or by file. */
  readonly hasLicense: boolean;
}
