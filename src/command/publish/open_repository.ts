/**
 * Where a run tags and announces: the repository around it, and the one on GitHub that it belongs to.
 *
 * @module
 */

import { repositoryOfRun } from "../../core/release/repository_url.ts";
import type { Git } from "../../host/git.ts";
import { findRemote } from "../../host/git_remote.ts";
import { type GitHubAccess, openGitHub } from "../../host/github.ts";
import type { Host } from "../../host/host.ts";
import type { Repository } from "./run.ts";

/** Asks neither git nor GitHub anything yet. */
export function openRepository(
  host: Pick<Host, "env" | "http" | "clock" | "vault">,
  git: Git,
): Repository {
  let access: Promise<GitHubAccess> | undefined;
  return { git, github: () => access ??= findGitHub(host, git) };
}

/** What Actions declares, else what the remote `origin` says. */
async function findGitHub(
  host: Pick<Host, "env" | "http" | "clock" | "vault">,
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
