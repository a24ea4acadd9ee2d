/**
 * What a registry shows of one package to whoever looks, whatever is planned: how much of its last release is there, and
 * what else.
 *
 * @module
 */

import type { Package } from "../model/package.ts";
import type { Records } from "../release/commit_record.ts";
import type { Evidence } from "../release/evidence.ts";

/** Which package is asked about. */
export interface StateQuestion {
  /** As it is declared today. */
  readonly package: Package;
  /** Of its last release, in semver's spelling; undefined when it has no tag. */
  readonly tagged?: string;
}

/** The newest version that installers take. */
export interface NewestVersion {
  /** In the registry's own spelling. */
  readonly version: string;
  /** The marks of its origin; undefined when they could not be asked for. */
  readonly evidence?: Evidence;
}

/** How much of one version is there. */
export interface HeldRelease {
  /** Of a family, or of a release of several files, some may be missing. */
  readonly state: "whole" | "half" | "absent";
  /** What is missing where it is half there, by names that people know: `@demo/cli-linux-x64`, `an sdist`. */
  readonly missing: readonly string[];
  /** Until when the registry takes what is missing; undefined when it does not end. */
  readonly closes?: Date;
}

/** A version that was handed in, and is published once somebody approves it. */
export interface WaitingRelease {
  /** The package, or a platform package of it. */
  readonly name: string;
  readonly version: string;
  /** Who approves it, and how. */
  readonly how: string;
}

/** What a registry shows of a package. Made from definite answers only. */
export interface RegistryState {
  /** Undefined when it has no version that installers take. */
  readonly newest?: NewestVersion;
  /** Undefined when the package has no tag. */
  readonly tagged?: HeldRelease;
  /** Versions above the last tag's by the registry's precedence, in its own spelling, lowest first; all without a tag. */
  readonly above: readonly string[];
  /** What waits for approval; undefined where the registry has no such thing, or does not tell whoever asks. */
  readonly waiting?: readonly WaitingRelease[];
  /** What is odd, one sentence each: a dist-tag that is behind, a yanked version. */
  readonly notes: readonly string[];
}

/** Which commits the registry's records name for one version. */
export interface VersionRecords extends Records {
  /** Names of what of the version must name its commit for that to be proven: every file, or the main package of a family. */
  readonly witnesses: readonly string[];
}

/** Asks a registry about one package. Throws `PIOT_REGISTRY_UNKNOWN` for anything but a definite answer. */
export interface StateReader {
  /** What it shows. */
  read(question: StateQuestion): Promise<RegistryState>;
  /** What its records say of a version that it has, in its own spelling. */
  records(pkg: Package, version: string): Promise<VersionRecords>;
}
