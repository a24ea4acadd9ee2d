/**
 * The repository that a rehearsal releases: a copy in a temporary folder, with a bare repository as its remote. The
 * user's own work tree and tags are read, never written.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { repositoryOfRun } from "../../core/release/repository_url.ts";
import { createGit, type Git } from "../../host/git.ts";
import { findRemote } from "../../host/git_remote.ts";
import type { Env, Host } from "../../host/host.ts";
import { makeFolder, writeTree } from "../../host/write_files.ts";
import type { Example } from "../../rehearsal/example.ts";

/** A repository, ready to be released from. */
export interface RepositoryCopy {
  /** The folder that commands run in. */
  readonly cwd: string;
  /** The top of the work tree. */
  readonly checkout: string;
  /** The folder above the user's own repository. */
  readonly above: string;
  /** The bare repository. */
  readonly bare: string;
  /** `owner/name` on GitHub; undefined when neither the environment nor a remote names it. */
  readonly repository: string | undefined;
  /** Sentences about what the copy lacks. */
  readonly warnings: readonly string[];
}

/** Where a copy is made. */
interface Place {
  /** A temporary folder. */
  readonly folder: string;
  readonly env: Env;
}

/** Makes the example repository, with one commit, and one of an earlier release where there was any. */
export async function makeExampleRepository(
  example: Example,
  { folder, env }: Place,
): Promise<RepositoryCopy> {
  const checkout = join(folder, "checkout");
  const git = createGit({ cwd: checkout, env: { ...env, ...identity() } });
  const commit = async (files: Example["files"], message: string): Promise<void> => {
    await writeTree(checkout, files);
    await git.run(["add", "--all"]);
    await git.run(["commit", "--quiet", "--message", message]);
  };
  await makeFolder(checkout);
  await git.run(["init", "--quiet", "--initial-branch=main"]);
  if (example.earlier !== undefined) {
    const { lacks, tags } = example.earlier;
    const files = Object.entries(example.files).filter(([path]) => !lacks.includes(path));
    await commit(Object.fromEntries(files), "Start");
    for (const tag of tags) await git.run(["tag", tag]);
  }
  await commit(example.files, example.message);
  const bare = await makeBare(git, { folder, source: checkout });
  const { repository } = example;
  return { cwd: checkout, checkout, above: folder, bare, repository, warnings: [] };
}

/** Copies the repository around the host's folder at its HEAD. Throws `PIOT_GIT` where there is none. */
export async function copyRepository(
  host: Pick<Host, "cwd" | "env">,
  { folder, env }: Place,
): Promise<RepositoryCopy> {
  const own = createGit(host);
  const [top = "", prefix = ""] =
    (await own.text(["rev-parse", "--show-toplevel", "--show-prefix"])).split("\n");
  const remote = await findRemote(own, "origin");
  const status = await own.text(["status", "--porcelain", "--untracked-files=no"]);
  const checkout = join(folder, "checkout");
  const git = createGit({ cwd: folder, env });
  const trust = ["-c", `safe.directory=${top}`];
  await git.run([...trust, "clone", "--quiet", "--no-checkout", top, checkout]);
  const copy = createGit({ cwd: checkout, env });
  const head = (await own.text(["rev-parse", "--verify", "HEAD^{commit}"])).trim();
  await copy.run(["checkout", "--quiet", "--detach", head]);
  await copy.run(["remote", "remove", "origin"]);
  const bare = await makeBare(copy, { folder, source: checkout });
  const repository = repositoryOfRun({
    declared: host.env.GITHUB_REPOSITORY,
    remoteUrl: remote?.url,
  });
  return {
    cwd: join(checkout, prefix),
    checkout,
    above: dirname(top),
    bare,
    repository,
    warnings: status === "" ? [] : ["changes that are not committed are not part of the rehearsal"],
  };
}

/** The remote has what the copy has. Pushes over HTTP are allowed: the server in front checks the credential. */
async function makeBare(
  git: Git,
  { folder, source }: { folder: string; source: string },
): Promise<string> {
  const bare = join(folder, "remote.git");
  await git.run(["clone", "--quiet", "--bare", source, bare]);
  await createGit({ cwd: bare, env: git.env }).run(["config", "http.receivepack", "true"]);
  return bare;
}

/** Gives a copy its remote. */
export async function connectRemote(
  { checkout }: RepositoryCopy,
  { env, remoteUrl }: { readonly env: Env; readonly remoteUrl: string },
): Promise<void> {
  await createGit({ cwd: checkout, env }).run(["remote", "add", "origin", remoteUrl]);
}

/** The author of the example's commit; a fixed date makes it the same commit every time. */
function identity(): Env {
  const who = { NAME: "Rehearsal", EMAIL: "rehearsal@example.com", DATE: "2026-01-01T00:00:00Z" };
  const roles = ["AUTHOR", "COMMITTER"].flatMap((role) =>
    Object.entries(who).map(([key, value]) => [`GIT_${role}_${key}`, value])
  );
  return Object.fromEntries(roles);
}
