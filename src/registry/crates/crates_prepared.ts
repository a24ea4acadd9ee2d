/**
 * A crate that passed every check that needs no credential.
 *
 * @module
 */

import type { CratesPackage } from "../../core/model/package.ts";
import type { Prepared, Release } from "../registry.ts";

/** A release of a crate. */
export type CratesRelease = Release<CratesPackage>;

/** A crate on a registry that it depends on, which must be in the index before cargo can package the dependent. */
export interface CrateSibling {
  /** Its name on crates.io. */
  readonly name: string;
  readonly version: string;
}

/** What {@link Prepared} is for crates: one file, the `.crate`, and how cargo is to be called for it. */
export interface CratesPrepared extends Prepared {
  readonly release: CratesRelease;
  /** The workspace's folder, where cargo runs: its settings are found from there. */
  readonly workspace: string;
  /** The folder that cargo builds and packages in, outside the work tree. */
  readonly targetFolder: string;
  /** Slugs that its Cargo.toml names; crates.io alone knows which there are. */
  readonly categories: readonly string[];
  /** Declared crates that this one depends on. */
  readonly siblings: readonly CrateSibling[];
}

/** The name that a crate's file has everywhere: `demo-1.0.0.crate`. */
export function crateFileName({ name, version }: CrateSibling): string {
  return `${name}-${version}.crate`;
}

/** The digest of a `.crate` as the sparse index spells it. */
export function crateDigest(sha256: string): string {
  return `sha256-${sha256}`;
}
