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
export type Reason =
  | "requested"
  | "trailer"
  | "first-release"
  | "changed"
  | "dependency"
  | "lockstep";

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
  /** The platform package that is made of it, where the configuration names that otherwise than `{name}-{target}`. */
  readonly registry_name?: string;
}

/** One package that ships. */
export interface PlannedPackage {
  /** The name that the repository knows the package by. */
  readonly name: string;
  /** The registry that it is published to. */
  readonly kind: Kind;
  /** Its name on the registry. */
  readonly registry_name: string;
  /** The folder of its manifest, relative to the root. */
  readonly path: string;
  /** The version that ships, in semver's spelling. */
  readonly version: string;
  /** The version of the last release; null before the first. */
  readonly previous: string | null;
  /** What was raised; null when the version is given (a first release, or `name@version`). */
  readonly bump: Bump | null;
  /** The git tag that this release gets. */
  readonly tag: string;
  /** Names of the packages that it depends on, as declared. */
  readonly depends_on: readonly string[];
  /** Why it ships. */
  readonly reason: Reason;
  /** The word that it shares with packages which ship whenever it does, at one version. */
  readonly lockstep?: string;
  /** What its build jobs make. */
  readonly artifacts: readonly PlannedArtifact[];
}

/** One row of the build matrix: metadata only, never free text, since a masked word would drop the whole output. */
export interface MatrixRow {
  /** The name that the repository knows the package by. */
  readonly name: string;
  /** The registry that it is published to. */
  readonly kind: Kind;
  /** The version that ships, in semver's spelling. */
  readonly version: string;
  /** `noarch`, `any`, `sdist`, `main`, or a triple. */
  readonly target: string;
  /** The label of the runner that builds it. */
  readonly runs_on: string;
  /** The name to upload it under. */
  readonly artifact_name: string;
  /** The folder to upload, relative to the root. */
  readonly artifact_path: string;
  /** The folder of its manifest, relative to the root. */
  readonly path: string;
  /** The build backend, or how platform packages come to be. */
  readonly build?: string;
  /** Variables that give the version to backends which would take it from git, with their values. */
  readonly version_env?: {
    readonly SETUPTOOLS_SCM_PRETEND_VERSION?: string;
    readonly PDM_BUILD_SCM_VERSION?: string;
  };
  /** The workflow that builds it, when one is declared. */
  readonly build_workflow?: string;
  /** The binary to stage into the wheel. */
  readonly bundle_cli?: {
    readonly bin: string;
    readonly stage_to: string;
    readonly crate_path: string;
  };
  /** The git tag that this release gets. */
  readonly tag: string;
  /** Its name on the registry. */
  readonly registry_name: string;
}

/** A package that does not ship, and why. */
export interface LeftOut {
  /** The name that the repository knows the package by. */
  readonly name: string;
  /** The version of its last release, which is what packages that ship depend on; null before the first. */
  readonly previous: string | null;
  /** Why it ships. */
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
  /** What does not ship. */
  readonly left_out: readonly LeftOut[];
  /** Sentences about things that are odd but do not stop a release. */
  readonly warnings: readonly string[];
  /** A row for each build job. */
  readonly matrix: readonly MatrixRow[];
}
