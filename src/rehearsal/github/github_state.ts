/**
 * What the local GitHub knows: how it was set up, its releases, and the bare repository that holds everything else.
 *
 * @module
 */

import type { Git } from "../../host/git.ts";
import type { Clock } from "../../host/host.ts";
import type { LocalReply, LocalRequest } from "../server/messages.ts";

/** How the local GitHub is set up. */
export interface GitHubOptions {
  /** `owner/name` of its only repository. */
  readonly repository: string;
  /** What the repository was called before it was renamed: GitHub leads from there to what it is called now. */
  readonly formerName?: string;
  /** git in the bare repository that is the remote. */
  readonly git: Git;
  /** The only token that is valid. */
  readonly token: string;
  readonly clock: Pick<Clock, "now">;
  /** What the token may do to contents; `write` by default. */
  readonly contents?: "write" | "read";
  /** Whether the repository is hidden from those without a valid token; not so by default. */
  readonly isPrivate?: boolean;
  /** Whether a published release, and its tag, can never change again. */
  readonly immutableReleases?: boolean;
  /** Tags that a deleted immutable release has used up. */
  readonly spentTags?: readonly string[];
  /** Whether a ruleset lets nobody create tags (by the API; pushes meet the bare repository's own hooks). */
  readonly tagsRestricted?: boolean;
  /** Runs of workflows, as far as their documents are asked for. */
  readonly runs?: readonly StoredRun[];
}

/** A run of a workflow as the API shows it. */
export interface StoredRun {
  readonly id: number;
  readonly head_sha: string;
  readonly path: string;
  readonly event: string;
  readonly head_repository: { readonly full_name: string } | null;
}

/** A GitHub Release as the API shows it. */
export interface StoredRelease {
  readonly id: number;
  readonly tag_name: string;
  readonly target_commitish: string;
  readonly name: string;
  readonly body: string;
  readonly draft: boolean;
  readonly prerelease: boolean;
  readonly immutable: boolean;
  readonly created_at: string;
  readonly published_at: string;
  readonly html_url: string;
  readonly url: string;
}

/** What the routes work on. */
export interface GitHubState {
  readonly options: GitHubOptions;
  /** The server's own address, once it is known. */
  url: string;
  /** Oldest first. */
  readonly releases: StoredRelease[];
  /** The release that the repository's page shows first. */
  latest: StoredRelease | undefined;
}

/** Answers the requests of one part of the API; undefined for those of another. */
export type Route = (
  state: GitHubState,
  request: RepositoryRequest,
) => Promise<LocalReply | undefined>;

/** A request below `/repos/{owner}/{repo}`. */
export interface RepositoryRequest extends LocalRequest {
  /** Method and what follows the repository, decoded, such as `GET releases/tags/v1`. */
  readonly rest: string;
  /** The body when it is a JSON object; undefined when there is none. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}
