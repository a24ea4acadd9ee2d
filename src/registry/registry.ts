/**
 * What a registry can do for us, in five verbs. A fourth registry is one folder and one line in `kinds.ts`.
 *
 * @module
 */

import type { Package } from "../core/model/package.ts";
import type { HeldVersions } from "../core/model/version.ts";
import type { Records } from "../core/release/commit_record.ts";
import type { Evidence, VersionEvidence } from "../core/release/evidence.ts";
import { Failure } from "../error.ts";

/** One planned artifact, and where its files are. */
export interface ArtifactFolder {
  /** `noarch`, `any`, `sdist`, `main`, or a triple. */
  readonly target: string;
  /** The artifact's name as the plan has it. */
  readonly name: string;
  /** Absolute path of the folder with its files; undefined when it is optional and was not delivered. */
  readonly folder: string | undefined;
  /** What to tell when it is required and was not delivered. */
  readonly missing?: Failure;
}

/** A package at a version: what is to be on the registry at the end. */
export interface Release<P extends Package = Package> {
  readonly package: P;
  /** In semver's spelling. */
  readonly version: string;
  /** The git tag it gets. */
  readonly tag: string;
  /** The version of the last release; null before the first. */
  readonly previous: string | null;
  /**
   * The full object id of the commit that it belongs to: HEAD, until the registry's records turn out to name another one.
   * Undefined outside a git work tree.
   */
  readonly commit: string | undefined;
  readonly artifacts: readonly ArtifactFolder[];
}

/** A declared package that does not ship now, at the version of its last release: what siblings that ship depend on. */
export interface Standing {
  readonly package: Package;
  /** In semver's spelling. */
  readonly version: string;
}

/** What else is known while releases are prepared. */
export interface PrepareOptions {
  /**
   * Every declared package that has a release and does not ship now. Manifests in the repository may be older than the
   * tags; requirements between siblings are written for these versions, so that a run that only finishes what an earlier
   * one began makes the same files.
   */
  readonly standing?: readonly Standing[];
  /** Hears of what stands against one release alone, which is left out then; else it is thrown. */
  readonly refuse?: Refuse;
}

/** Tells that one of the releases that are prepared together is refused for a trouble of its own. */
export type Refuse = (release: Release, failure: Failure) => void;

/** One file as it will lie on the registry. */
export interface ReleaseFile {
  /** Its name on the registry: `demo-1.0.0-py3-none-any.whl`, `demo-1.0.0.crate`, `demo@1.0.0` for npm. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** The digest that the registry publishes of it, `algorithm-value` as the registry spells the value. */
  readonly digest: string;
  /** Files of a lower wave are there before one of a higher wave is sent; those of one wave go side by side. 0 by default. */
  readonly wave?: number;
}

/** A release that passed every check that needs no network; nothing was sent yet. */
export interface Prepared {
  readonly release: Release;
  /** In upload order. */
  readonly files: readonly ReleaseFile[];
  /** Sentences about what is odd but stops nothing. */
  readonly warnings: readonly string[];
}

/** What the registry holds under one file's name. */
export type Presence =
  | { readonly state: "absent" }
  | { readonly state: "same" }
  | {
    readonly state: "other";
    /** The digest that the registry has. */
    readonly held: string;
  };

/** What a registry shows of a file that it holds, besides its bytes. */
export interface ShownFile {
  /** The dist-tags that stand on its version; undefined where a registry has none. */
  readonly distTags?: readonly string[];
  /** The marks of its origin; undefined when the registry was not asked for them. */
  readonly evidence?: Evidence;
}

/**
 * What the registry holds of a release, and under its name: every version that it holds or held, in its own spelling and
 * by its own precedence (semver's for crates.io and npm, PEP 440's for PyPI), whatever order it answered in. Made only
 * from definite answers: an unknown is a thrown `PIOT_REGISTRY_UNKNOWN`.
 */
export interface Look extends HeldVersions {
  /** By file name, one entry for each file of the prepared release. */
  readonly files: ReadonlyMap<string, Presence>;
  /** Sentences about how the upload will differ from what was asked for, such as another dist-tag. */
  readonly notes?: readonly string[];
  /** By file name, what else it shows of the files that it holds. */
  readonly shown?: ReadonlyMap<string, ShownFile>;
}

/** What one name of a release will show of its origin, and what it is held against. */
export interface Proof {
  /** The package on the registry, or a platform package of it. */
  readonly name: string;
  /** What it is uploaded with. */
  readonly kind: Credential["kind"];
  /** The marks that its version will have. */
  readonly evidence: Evidence;
  /** See `versionsBefore()`; empty for a first version. */
  readonly before: readonly VersionEvidence[];
  /** Why it will not have more, as a clause: what was tried and failed, in the registry's words, or what is missing. */
  readonly whyNoMore?: string;
  /** How it could have more. */
  readonly hint?: string;
}

/**
 * A definite answer that stands against one release, whatever becomes of others: a number that is spent, a project that is
 * closed. Only that release fails with it, where an unknown stops the whole run.
 */
export class ReleaseRefused extends Failure {}

/** The right to upload one release. Lives in memory only. */
export interface Credential {
  /** How it was come by. */
  readonly kind: "oidc" | "token";
  /** The secret; goes to its registry's origin and nowhere else. */
  readonly secret: string;
  /** One sentence for the report: which one was used and why. Never the secret. */
  readonly why: string;
  /** One for each name that it uploads. */
  readonly proofs?: readonly Proof[];
  /** Sentences about what will be less than it could be, for other reasons than evidence that falls. */
  readonly warnings?: readonly string[];
  /** Gives it back, where the registry can take it back. */
  readonly revoke?: () => Promise<void>;
}

/** An upload that was accepted, and is not published before somebody has approved it. */
export interface Staged {
  /** Which file waits for whose approval, and how to give it; a clause. */
  readonly staged: string;
}

/**
 * A refusal that says that the registry has a file of this very name, without showing which bytes those are: what it shows
 * decides, now or once it shows anything.
 */
export class AlreadyThere extends Failure {}

/** What an accepted upload came to: nothing more to say, or that it waits. */
export type Uploaded = void | Staged;

/** Something that a registry accepted and did not do. */
export interface Shortfall {
  /** What was asked for, and what is there. */
  readonly message: string;
  /** How to mend it. */
  readonly hint: string;
}

/** Registers something to be undone when the run ends, whatever its outcome. Undone in reverse order. */
export type Defer = (undo: () => Promise<void>) => void;

/** How a credential is found. */
export interface AuthoriseOptions {
  /** Whether the release may have less evidence of its origin than the version before it. */
  readonly allowDowngrade?: boolean;
}

/** What a file is uploaded with. */
export interface UploadOptions<C extends Credential = Credential> {
  /** The right to upload its release. */
  readonly credential: C;
  /** Whether files of a lower wave wait for approval: published now, this one would be installed without them. */
  readonly afterStaged?: boolean;
}

/**
 * One registry. Every verb throws a `Failure`; none prints. What a verb learns it gives away with its result, and the verbs
 * behind it get that back: `P`, `L` and `C` are what this registry's own say beyond what is common to all.
 */
export interface Registry<
  P extends Prepared = Prepared,
  L extends Look = Look,
  C extends Credential = Credential,
> {
  /** Whether preparing changes files of the work tree until the run ends: the others have read theirs by then. */
  readonly changesTree?: boolean;
  /**
   * Checks the artifacts of all its releases, writes versions, packs and hashes; sends nothing and needs no credential.
   * All releases at once, since siblings may need one another to be checked.
   */
  prepare(
    releases: readonly Release[],
    defer: Defer,
    options?: PrepareOptions,
  ): Promise<readonly P[]>;
  /**
   * Asks what is there. `fresh` says that something was just uploaded and caches must be gone round. Throws a
   * `ReleaseRefused` for what no upload could change.
   */
  look(prepared: P, options?: { readonly fresh?: boolean }): Promise<L>;
  /**
   * Which commit the registry's own records name for what the look has found there of this version. Asks only for what
   * the look did not bring along. Throws `PIOT_REGISTRY_UNKNOWN` when an answer is not definite.
   */
  records(prepared: P, look: L): Promise<Records>;
  /** Finds a credential, proven as far as can be. Throws a `ReleaseRefused` for a release's own trouble. */
  authorise(prepared: P, look: L, options?: AuthoriseOptions): Promise<C>;
  /**
   * What limits of the registry will do to these uploads, in their order, as far as they can be reckoned with: a sentence;
   * undefined when nothing will wait.
   */
  forecast?(
    uploads: readonly { readonly prepared: P; readonly look: L; readonly credential: C }[],
  ): string | undefined;
  /**
   * Sends one file, once. A lost answer is a thrown failure, and an `AlreadyThere` says that there is a file of that
   * name; the caller looks again before it judges. A file that waits for approval, by this upload or an earlier one, is no
   * failure. A success says that the file was accepted, and no more.
   */
  upload(prepared: P, file: ReleaseFile, options: UploadOptions<C>): Promise<Uploaded>;
  /**
   * What the upload of a release should have come to besides its bytes, and did not, as a fresh look shows it. For a
   * registry that is told more than bytes.
   */
  shortfalls?(prepared: P, look: L, credential: C): readonly Shortfall[];
}
