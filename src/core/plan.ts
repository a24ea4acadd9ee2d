/**
 * The plan: which packages ship on this commit, at what version, and why. This is the document that `plan --json`
 * prints and `publish --plan` reads, so its keys are spelled as the document spells them.
 *
 * @module
 */

import type { Kind } from "./package.ts";

/** The part of a version that a release raises. */
export type Bump = "patch" | "minor" | "major";

/** Why a package is planned: the first of these that holds. */
export type Reason = "requested" | "trailer" | "first-release" | "changed" | "dependency";

/** One folder of built files that a package's build job leaves. */
export interface PlannedArtifact {
  /** `noarch`, `any`, `sdist`, `main`, or a triple. */
  readonly target: string;
  /** The name it is uploaded under by the build job; unique in a plan. */
  readonly artifact_name: string;
  /** The folder that the build job uploads, relative to the root. */
  readonly artifact_path: string;
  /** The label of the runner that builds it. */
  readonly runs_on: string;
  /** Whether publishing is impossible without it. */
  readonly required: boolean;
}

/** One package that ships. */
export interface PlannedPackage {
  readonly name: string;
  readonly kind: Kind;
  readonly registry_name: string;
  readonly path: string;
  /** The version that ships, in semver's spelling. */
  readonly version: string;
  /** The version of the last release; null before the first. */
  readonly previous: string | null;
  /** What was raised; null when the version is given (a first release, or `name@version`). */
  readonly bump: Bump | null;
  /** The git tag that this release gets. */
  readonly tag: string;
  readonly depends_on: readonly string[];
  readonly reason: Reason;
  readonly artifacts: readonly PlannedArtifact[];
}

/** One row of the build matrix: metadata only, never free text, since a masked word would drop the whole output. */
export interface MatrixRow {
  readonly name: string;
  readonly kind: Kind;
  readonly version: string;
  readonly target: string;
  readonly runs_on: string;
  readonly artifact_name: string;
  readonly artifact_path: string;
  readonly path: string;
  readonly build?: string;
  readonly build_workflow?: string;
  readonly bundle_cli?: {
    readonly bin: string;
    readonly stage_to: string;
    readonly crate_path: string;
  };
  readonly tag: string;
  readonly registry_name: string;
}

/** A package that does not ship, and why. */
export interface LeftOut {
  readonly name: string;
  readonly reason: "unchanged" | "released" | "skipped" | "not-requested";
}

/** The whole decision for one commit. Same facts, same bytes. */
export interface Plan {
  /** The version of this document's shape. */
  readonly schema: 1;
  /** The commit, full object id; null outside a git work tree. */
  readonly head: string | null;
  /** In the configuration's order. */
  readonly packages: readonly PlannedPackage[];
  readonly left_out: readonly LeftOut[];
  /** Sentences about things that are odd but do not stop a release. */
  readonly warnings: readonly string[];
  readonly matrix: readonly MatrixRow[];
}
