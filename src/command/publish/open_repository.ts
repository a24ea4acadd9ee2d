/**
 * The run's repository: git in its folder, and its counterpart on GitHub where there is one.
 *
 * @module
 */

import { repositoryOfRun } from "../../core/release/repository_url.ts";
import type { Git } from "../../host/git.ts";
import { findRemote } from "../../host/git_remote.ts";
import { type GitHubAccess, openGitHub } from "../../host/github.ts";
import type { Host } from "../../host/host.ts";

/** Where a run tags and announces. */
export interface Repository {
  readonly git: Git;
  /** The repository on GitHub, or why there is none. Looked for once, when it is first needed. */
  readonly github: () => Promise<GitHubAccess>;
}

/** Opens the repository of a folder. Asks neither git nor GitHub anything yet. */
export function openRepository(
  host: Pick<Host, "env" | "http" | "clock">,
  git: Git,
): Repository {
  let access: Promise<GitHubAccess> | undefined;
  return { git, github: () => access ??= findGitHub(host, git) };
}

/** What Actions declares, else what the remote `origin` says. */
async function findGitHub(
  host: Pick<Host, "env" | "http" | "clock">,
  git: Git,
): Promise<GitHubAccess> {
  const remote = await findRemote(git, "origin");
  const repository = repositoryOfRun({
    declared: host.env.GITHUB_REPOSITORY,
    server: host.env.GITHUB_SERVER_URL,
    remoteUrl: remote?.url,
  });
  return openGitHub(host, repository);
}
