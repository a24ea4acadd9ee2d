/**
 * actions/checkout 7: one commit unless the whole history is asked for, and the credential in a file of the runner's that
 * the checkout's configuration includes.
 */

import { Buffer } from "node:buffer";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createGit } from "../../../src/host/git.ts";
import { JOB_ENV } from "../remote_repo.ts";
import type { Inputs } from "./artifact_store.ts";

/** What is checked out. */
export interface CheckoutPlace {
  readonly workspace: string;
  readonly temp: string;
  readonly remoteUrl: string;
  readonly token: string;
  /** The commit that the run is for, and the branch it is on; none for a pull request's merge. */
  readonly sha: string;
  readonly branch: string | undefined;
}

/** Checks out. */
export async function checkout(inputs: Inputs, place: CheckoutPlace): Promise<void> {
  const { workspace, temp, remoteUrl, token, sha, branch } = place;
  const git = createGit({ cwd: workspace, env: JOB_ENV });
  const server = new URL(remoteUrl).origin;
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  const secret = join(temp, "git-credentials.config");
  await writeFile(
    secret,
    `[http "${server}/"]\n\textraheader = AUTHORIZATION: basic ${basic}\n`,
  );
  await git.run(["init", "--quiet", "."]);
  await git.run(["remote", "add", "origin", remoteUrl]);
  const key = `includeIf.gitdir:${workspace}/.git.path`;
  await git.run(["config", "--local", key, secret]);
  const filter = inputs.filter === undefined ? [] : [`--filter=${inputs.filter}`];
  const whole = inputs["fetch-depth"] === "0";
  const refs = whole
    ? ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]
    : [inputs.ref ?? sha];
  const depth = whole ? [] : ["--depth=1"];
  await git.run(["fetch", "--quiet", "--no-tags", ...filter, ...depth, "origin", ...refs]);
  const ref = inputs.ref ?? "";
  if (ref !== "") await git.run(["checkout", "--quiet", "--force", "--detach", ref]);
  else if (branch === undefined) await git.run(["checkout", "--quiet", "--force", "--detach", sha]);
  else await git.run(["checkout", "--quiet", "--force", "-B", branch, sha]);
  if (inputs["persist-credentials"] === "false") {
    await git.run(["config", "--local", "--unset", key]);
    await writeFile(secret, "");
  }
}
