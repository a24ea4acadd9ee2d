/**
 * The document of `reconcile`: what was written, what would be, and what nobody can prove.
 *
 * @module
 */

/** A version that no tag stood for. */
export interface ReconciledTag {
  /** The package's name in `putitoutthere.toml`. */
  readonly name: string;
  /** The version as its registry spells it. */
  readonly held: string;
  /** The tag that stands for it, or would; null where none can. */
  readonly tag: string | null;
  /**
   * `made`: it stands now. `would-make`: it would, without `--dry-run`. `left`: its commit cannot be proven. `failed`: git
   * or the remote refused it.
   */
  readonly state: "made" | "would-make" | "left" | "failed";
  /** The commit that it belongs to, as far as that is proven: a full object id. */
  readonly commit?: string;
  /** Which record of the registry says so, as a phrase: `its provenance`. */
  readonly source?: string;
  /** Why it was left, or what refused it. */
  readonly why?: string;
  /** What somebody who knows the commit would run. */
  readonly command?: string;
  /** What is at stake then. */
  readonly risk?: string;
}

/** The GitHub Release of a package's newest tag. */
export interface ReconciledRelease {
  /** The package's name in `putitoutthere.toml`. */
  readonly name: string;
  /** The tag that it is for. */
  readonly tag: string;
  /** `kept`: it was there. `missing`: there is none, and `why` says why none was made. */
  readonly state: "created" | "would-create" | "kept" | "missing";
  /** Its page, where it has one. */
  readonly url?: string;
  /** Why there is none. */
  readonly why?: string;
}

/** All of it. */
export interface ReconcileDocument {
  /** Grows when this document changes its shape. */
  readonly schema: 1;
  /** HEAD's full object id. */
  readonly head: string;
  /** Whether nothing was written. */
  readonly dry_run: boolean;
  /** In the configuration's order, the highest version of a package first. */
  readonly tags: readonly ReconciledTag[];
  /** One for each package whose releases are announced, and that has a tag. */
  readonly releases: readonly ReconciledRelease[];
  /** What nobody could find out, one sentence each. */
  readonly notes: readonly string[];
}
