/**
 * What became of each package of a run.
 *
 * @module
 */

import type { Kind } from "../core/model/package.ts";
import type { Reason } from "../core/model/plan.ts";
import type { Evidence, VersionEvidence } from "../core/release/evidence.ts";
import type { Failure } from "../error.ts";

/** A package at a version, as events name it. */
export interface ReleaseRef {
  /** The package's name in `putitoutthere.toml`. */
  readonly name: string;
  /** Where it is published to. */
  readonly kind: Kind;
  /** In semver's spelling. */
  readonly version: string;
}

/** How a package was authorised, and what its registry showed of it in the end. */
export interface OutcomeProof {
  /** Undefined when nothing had to be uploaded, or the run did not come to it. */
  readonly authorisation?: Authorisation;
  /** Each file as the last look before the tag showed it; undefined without such a look. */
  readonly readBack?: readonly ReadBack[];
}

/** What became of the GitHub Release of a release. */
export type Announcement =
  /** Made by this run; `isLatest`: marked as the repository's latest. */
  | { readonly state: "created"; readonly url: string; readonly isLatest: boolean }
  /** It stood there, and was left alone. */
  | { readonly state: "kept"; readonly url: string }
  /** The configuration wants none: `github_release = false`. */
  | { readonly state: "off" }
  /** There is none; a clause that says why. */
  | { readonly state: "missing"; readonly why: string };

/** What every outcome tells. */
export interface OutcomeBase extends ReleaseRef, OutcomeProof {
  /**
   * The git tag that belongs to the release; null where nothing can be tagged, outside a git work
   * tree.
   */
  readonly tag: string | null;
  /**
   * The commit that the tag belongs on, as a full object id: HEAD, or the earlier one that the
   * registry's records name; null where nothing can be tagged.
   */
  readonly commit: string | null;
  /** The page of this version on its registry. */
  readonly registryUrl: string;
  /** Undefined for a release that the run did not come to announce, and outside a git work tree. */
  readonly githubRelease?: Announcement;
  /** What of it the next run of this commit ships: it belongs to an earlier one, and has changed since then. */
  readonly next?: NextRelease;
}

/** A release that is due at this commit, and that this run leaves to the next one. */
export interface NextRelease {
  /** In semver's spelling. */
  readonly version: string;
  /** Why it is planned. */
  readonly reason: Reason;
}

/** How a package was authorised, and with what evidence of its origin. */
export interface Authorisation {
  /** `token` as soon as one of its names is uploaded with one. */
  readonly credential: "oidc" | "token";
  /** Which one was used and why, as a sentence. Never the secret. */
  readonly why: string;
  /** One for each name that is uploaded: several for a platform family. Empty where the registry's kind tells of none. */
  readonly names: readonly AuthorisedName[];
}

/** How one name on a registry was authorised. */
export interface AuthorisedName {
  /** The package on the registry, or a platform package of it. */
  readonly name: string;
  /** What it is uploaded with. */
  readonly credential: "oidc" | "token";
  /** The marks that this version will have on its registry, the strongest first; empty for none. */
  readonly evidence: Evidence;
  /** The version that it is held against, with its marks; null for a first version. */
  readonly before: VersionEvidence | null;
  /** Why it will not have more: what was tried and failed, in the registry's words, or what is missing; a clause. */
  readonly whyNoMore?: string;
  /** Whether it has less than the version before, and `--allow-downgrade` lets it pass. */
  readonly isAllowedToFall: boolean;
}

/** What a registry showed of one file. */
export interface ReadBack {
  /** Its name there. */
  readonly file: string;
  /** `same`: these very bytes. `kept`: others of the same commit, of an earlier run. */
  readonly bytes: "same" | "kept";
  /** The digest that the registry shows. */
  readonly digest: string;
  /** The dist-tags that stand on its version; undefined where a registry has none. */
  readonly distTags?: readonly string[];
  /** The marks of its origin; undefined when the registry was not asked for them. */
  readonly evidence?: Evidence;
}

/** What became of one package. */
export type Outcome = OutcomeBase & OutcomeDetail;

/** What sets the outcomes apart. */
export type OutcomeDetail =
  /** Files were uploaded, the registry shows all of them, the tag is pushed. */
  | { readonly status: "published" }
  /** Everything was there already, the tag too. */
  | { readonly status: "skipped" }
  /**
   * The registry had everything; what was missing around it was made. `made` says what: `tag
   * demo-v1.0.0`.
   */
  | { readonly status: "healed"; readonly made: readonly string[] }
  /** Something went wrong. What had been uploaded before stays. */
  | { readonly status: "failed"; readonly failure: Failure }
  /**
   * Not started. `by` names the packages that it waits for; empty when the run ended before its
   * turn.
   */
  | { readonly status: "blocked"; readonly by: readonly string[] }
  /**
   * Uploaded, and its registry does not show it: it has no tag, and nothing that needs it went out. `unseen` names the
   * files, `why` says how long was waited, or what ended the waiting; a clause.
   */
  | { readonly status: "unconfirmed"; readonly unseen: readonly string[]; readonly why: string }
  /** Uploaded, and waiting for somebody's approval. `approval` says whose, and where. */
  | { readonly status: "staged"; readonly approval: string }
  /**
   * Every check that comes before an upload has passed, and this run uploads nothing. `absent`
   * counts the files.
   */
  | { readonly status: "checked"; readonly absent: number };

/** The word for an outcome. */
export type OutcomeStatus = Outcome["status"];

/** Every status, in the order in which a report counts them. */
export const OUTCOME_STATUSES: readonly OutcomeStatus[] = [
  "published",
  "healed",
  "skipped",
  "staged",
  "checked",
  "unconfirmed",
  "failed",
  "blocked",
];

/**
 * Whether this very run made the release complete: what `released` and `released_packages` count.
 */
export function isReleased(outcome: Outcome): boolean {
  return outcome.status === "published" || outcome.status === "healed";
}

/** Whether a run that ends so has succeeded. */
export function isGood(outcome: Outcome): boolean {
  return !["failed", "blocked", "unconfirmed"].includes(outcome.status);
}
