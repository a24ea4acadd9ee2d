/**
 * What registries and GitHub tell whoever looks, about what is declared.
 *
 * @module
 */

import type { Package } from "../model/package.ts";
import type { Evidence } from "../release/evidence.ts";

/** Where a version came from, as far as its registry tells. */
export interface ReleaseOrigin {
  /** `owner/name`; undefined where it is not told. */
  readonly repository?: string | undefined;
  /** The workflow's bare file name; undefined where it is not told. */
  readonly workflow?: string | undefined;
  /** The job's environment, null for none; undefined where it is not told. */
  readonly environment?: string | null | undefined;
}

/** One package on its registry. */
export interface PackageOnline {
  readonly pkg: Package;
  /** Why its registry gave no definite answer; undefined when it did. */
  readonly failure?: string;
  /** Names of the package that its registry does not have: its own, and those of platform packages. */
  readonly missing: readonly string[];
  /** The newest version, and how it came there. */
  readonly newest?: {
    readonly version: string;
    readonly evidence?: Evidence;
    /** Undefined where nothing public tells. */
    readonly origin?: ReleaseOrigin;
    /** Why the origin could not be asked for; undefined when it could. */
    readonly failure?: string;
  };
}

/** An environment as GitHub has it. */
export type EnvironmentRules =
  | { readonly state: "absent" }
  /** It cannot be read; a clause that says which right is missing. */
  | { readonly state: "unreadable"; readonly why: string }
  | {
    readonly state: "read";
    /** Branches and tags that may be deployed from; undefined for any. */
    readonly branches: readonly string[] | undefined;
    /** Whether somebody has to agree. */
    readonly reviewed: boolean;
  };

/** Everything that was asked; undefined without `--online`. */
export interface OnlineFacts {
  readonly packages: readonly PackageOnline[];
  /** By name, of the environments that publishing jobs name. */
  readonly environments: ReadonlyMap<string, EnvironmentRules>;
}
