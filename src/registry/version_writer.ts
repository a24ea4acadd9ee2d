/**
 * How a kind of package has its versions written into its manifests, for the job that builds: what is built then carries
 * the version that was planned.
 *
 * @module
 */

import type { Package } from "../core/model/package.ts";
import type { Host } from "../host/host.ts";
import type { Standing } from "./registry.ts";

/** A package, and the version that it is to have, in semver's spelling. */
export interface PackageVersion {
  readonly package: Package;
  readonly version: string;
}

/** What is to be written. */
export interface VersionWork {
  readonly host: Pick<Host, "env">;
  /** Absolute folder that the packages' paths start from. */
  readonly root: string;
  /** All of one kind, each with the version that ships. */
  readonly releases: readonly PackageVersion[];
  /** New texts that packages of other kinds have by now, by absolute path: several may write into one file. */
  readonly made?: ReadonlyMap<string, string>;
  /** Declared packages that do not ship, at the version of their last release, as far as that is known. */
  readonly standing: readonly Standing[];
}

/** What comes of it. Nothing is written yet. */
export interface VersionTexts {
  /** The new text of each file that changes, by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Variables that the build of packages takes its version from, with their values; none where two would differ. */
  readonly variables?: ReadonlyMap<string, string>;
  /** Sentences about versions that stand in no file, and what to do for the build to have them. */
  readonly notes: readonly string[];
}

/** Writes versions of one kind's packages. */
export interface VersionWriter {
  /** Whether requirements of packages on each other stand beside their versions, and follow where both are known. */
  readonly writesRequirements: boolean;
  /** The texts that publishing would use. Throws what publishing would throw for the same manifests. */
  write(work: VersionWork): Promise<VersionTexts>;
}
