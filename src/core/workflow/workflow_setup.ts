/**
 * What a repository's workflows are written from: where it is released, and how its packages are built.
 *
 * @module
 */

/** What the workflows are written for. */
export interface WorkflowSetup {
  /** This program's version. */
  readonly version: string;
  readonly cadence: "immediate" | "scheduled";
  /** The branch that is released. */
  readonly branch: string;
  /** The folder that piot runs in, from the root of the repository; `.` for that itself. */
  readonly folder: string;
  /** The configuration file, where it is not the usual one. */
  readonly config?: string;
}

/** What the workflow builds. */
export interface WorkflowBuilds {
  /** The steps that build rows here, each without indentation; none where other workflows build everything. */
  readonly steps: readonly string[];
  /** Kinds whose rows get the versions of the whole plan, not of their own package alone. */
  readonly needPlan: readonly string[];
  /** Bare file names of the workflows that build the other rows. */
  readonly delegated: readonly string[];
  /** Variables with the tokens that the registries of these packages take, in place of trust. */
  readonly tokens: readonly string[];
}
