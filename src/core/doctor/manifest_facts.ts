/**
 * What was read of one package's manifest.
 *
 * @module
 */

import type { Failure } from "../../error.ts";
import type { Found } from "./finding.ts";

/** What a kind's own readers say of a package's folder. */
export interface ManifestReading {
  /** The manifest, from the folder that piot runs in. */
  readonly file: string;
  /** What publishing would refuse about it, in its own words. */
  readonly refusals: readonly Failure[];
  /** Addresses of a repository that it names. */
  readonly repositories: readonly string[];
  /** Whether it names a licence; undefined where nobody could read it. */
  readonly hasLicense: boolean | undefined;
  /** What is odd about how it is built, each with its place. */
  readonly oddities: readonly Found[];
}

/** The same, with what came of writing a version into it. */
export interface ManifestFacts extends ManifestReading {
  /** Why no version can be written, in publishing's own words. */
  readonly unwritable: readonly Failure[];
}
