/**
 * What `--json` prints of failures and of outcomes.
 *
 * @module
 */

import type { Kind } from "../core/model/package.ts";
import { Failure, type Problem } from "../error.ts";
import type { Announcement, NextRelease, Outcome, OutcomeStatus } from "./outcome.ts";
import { type ProofDocument, proofDocument } from "./proof.ts";
import type { Mode } from "./report.ts";
import type { Asked } from "./asked.ts";
import { type WayOut, waysOut } from "./ways_out.ts";

/** A failure in a JSON document. */
export interface FailureDocument {
  /** One of the codes of `docs/errors.md`. */
  readonly code: string;
  /** What could not be done and what was found. */
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
  /** Every problem that was found; never empty. */
  readonly problems: readonly Problem[];
}

/** A failure without its causes, which may hold anything. */
export function failureDocument(failure: Failure): FailureDocument {
  return {
    code: failure.code,
    message: failure.message,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    problems: failure.problems,
  };
}

/** What `--json` prints of a command that ended with an error: what the user can mend, or a bug of ours. */
export interface FailedDocument {
  readonly schema: 1;
  readonly failure?: FailureDocument;
  /** The error's text, with its stack. */
  readonly bug?: string;
}

/** An error as a JSON document. */
export function failedDocument(error: unknown): FailedDocument {
  if (error instanceof Failure) return { schema: 1, failure: failureDocument(error) };
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  return { schema: 1, bug: text };
}

/** An outcome in a JSON document. */
export interface OutcomeDocument extends ProofDocument {
  /** The package's name in `putitoutthere.toml`. */
  readonly name: string;
  /** Where it is published to. */
  readonly kind: Kind;
  /** In semver's spelling. */
  readonly version: string;
  /** Null outside a git work tree. */
  readonly tag: string | null;
  /**
   * The commit that the tag belongs on, as a full object id: HEAD, or the earlier one that the
   * registry's records name; null outside a git work tree.
   */
  readonly commit: string | null;
  /** The page of this version on its registry. */
  readonly registry_url: string;
  /** What became of it. */
  readonly status: OutcomeStatus;
  /** Its GitHub Release; left out of a package that the run did not come to announce. */
  readonly github_release?: AnnouncementDocument;
  /** Of a healed package: what was missing around it. */
  readonly made?: readonly string[];
  /** Of a failed package: why. */
  readonly failure?: FailureDocument;
  /**
   * Of a blocked package: which packages it waits for; empty when the run ended before its turn.
   */
  readonly blocked_by?: readonly string[];
  /** Of an unconfirmed package: the files that its registry does not show. */
  readonly unseen?: readonly string[];
  /** Of an unconfirmed package: how long was waited, or what ended the waiting; a clause. */
  readonly why?: string;
  /** Of a staged package: whose approval it waits for. */
  readonly approval?: string;
  /** Of a checked package: how many of its files the registry does not have. */
  readonly absent?: number;
  /**
   * Of a package that belongs to an earlier commit and has changed since: what the next run of this
   * commit ships of it.
   */
  readonly ships_next?: NextRelease;
}

/** What became of a GitHub Release, in a JSON document. */
export interface AnnouncementDocument {
  /** `created` by this run; `kept`, since it was there; `off` by `github_release = false`; `missing`. */
  readonly state: Announcement["state"];
  /** Of one that is there: its page. */
  readonly url?: string;
  /** Of one that this run made: whether it is marked as the repository's latest. */
  readonly latest?: boolean;
  /** Of one that is missing: a clause. */
  readonly why?: string;
}

/** An outcome as `publish --json` prints it. */
export function outcomeDocument(outcome: Outcome): OutcomeDocument {
  const { name, kind, version, tag, commit, registryUrl: registry_url, status } = outcome;
  const base = { name, kind, version, tag, commit, registry_url, status };
  const { githubRelease, next } = outcome;
  const announced = githubRelease && { github_release: announcementDocument(githubRelease) };
  const more = next === undefined ? {} : { ships_next: next };
  return { ...base, ...announced, ...detail(outcome), ...more, ...proofDocument(outcome) };
}

function announcementDocument(announcement: Announcement): AnnouncementDocument {
  if (announcement.state !== "created") return announcement;
  const { state, url, isLatest: latest } = announcement;
  return { state, url, latest };
}

function detail(outcome: Outcome): Partial<OutcomeDocument> {
  switch (outcome.status) {
    case "healed":
      return { made: outcome.made };
    case "failed":
      return { failure: failureDocument(outcome.failure) };
    case "blocked":
      return { blocked_by: outcome.by };
    case "staged":
      return { approval: outcome.approval };
    case "unconfirmed":
      return { unseen: outcome.unseen, why: outcome.why };
    case "checked":
      return { absent: outcome.absent };
    case "published":
    case "skipped":
      return {};
  }
}

/** What `publish --json` prints, and the output `result` holds. */
export interface PublishDocument {
  readonly schema: 1;
  /** HEAD's full object id; null outside a git work tree. */
  readonly head: string | null;
  /** Whether it released, or why it only checked. */
  readonly mode: Mode;
  /** In the plan's order. */
  readonly packages: readonly OutcomeDocument[];
  /** Every warning of the run, of the plan's on. */
  readonly warnings: readonly string[];
  /** What to do about what did not succeed: one for each situation that occurred. */
  readonly ways_out: readonly WayOut[];
}

/** A run as a JSON document. */
export function publishDocument(
  { head, mode, outcomes, asked }: {
    readonly head: string | null;
    readonly mode: Mode;
    readonly outcomes: readonly Outcome[];
    /** How it was asked for; without any flag where left out. */
    readonly asked?: Asked;
  },
  warnings: readonly string[],
): PublishDocument {
  const packages = outcomes.map(outcomeDocument);
  return { schema: 1, head, mode, packages, warnings, ways_out: waysOut(outcomes, asked) };
}
