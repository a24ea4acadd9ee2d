/**
 * The run's repository on GitHub, where there is one.
 *
 * @module
 */

import { repositoryOfRun } from "../../core/repository_url.ts";
import type { Git } from "../../host/git.ts";
import { findRemote } from "../../host/git_remote.ts";
import { type GitHubAccess, openGitHub } from "../../host/github.ts";
import type { Host } from "../../host/host.ts";

/** What Actions declares, else what the remote `origin` says. Asks GitHub nothing yet. */
export async function openRepository(
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
