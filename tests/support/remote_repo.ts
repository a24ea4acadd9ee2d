/** A repository with a bare one as its `origin`, and git as the product runs it. */

import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { createGit, type Git } from "../../src/host/git.ts";
import { GIT_ENV, type GitRepo, gitRepo } from "./git_repo.ts";
import { tempFolder, writeTree } from "./temp.ts";

/** The environment of git in a job: no identity of its own, nobody's configuration. */
export const JOB_ENV: Readonly<Record<string, string>> = {
  PATH: GIT_ENV.PATH!,
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

export interface RemoteRepo extends GitRepo {
  /** The product's git in the work tree. */
  readonly host: Git;
  /** The product's git in the bare repository. */
  readonly bare: Git;
  /** HEAD when the test began. */
  readonly head: string;
  /** Installs a hook in the bare repository; the script is sh. */
  readonly hook: (name: string, script: string) => Promise<void>;
}

/** Makes both, with one commit on `main` that the remote has too. */
export async function remoteRepo(
  files: Readonly<Record<string, string>> = { "a.txt": "a\n" },
): Promise<RemoteRepo> {
  const repo = await gitRepo(files);
  const bare = await tempFolder();
  await repo.git("init", "--quiet", "--bare", "--initial-branch=main", bare.path);
  await repo.git("remote", "add", "origin", bare.path);
  await repo.git("push", "--quiet", "origin", "main");
  return {
    ...repo,
    host: createGit({ cwd: repo.path, env: JOB_ENV }),
    bare: createGit({ cwd: bare.path, env: JOB_ENV }),
    head: await repo.git("rev-parse", "HEAD"),
    hook: async (name, script) => {
      await writeTree(bare.path, { [`hooks/${name}`]: `#!/bin/sh\n${script}\n` });
      await chmod(join(bare.path, "hooks", name), 0o755);
    },
    [Symbol.asyncDispose]: async () => {
      await repo[Symbol.asyncDispose]();
      await bare[Symbol.asyncDispose]();
    },
  };
}

/** Every ref of a repository with what it names, such as `refs/tags/v1 1234…`. */
export async function refsOf(git: Git): Promise<string[]> {
  const text = await git.text(["for-each-ref", "--format=%(refname) %(objectname)"]);
  return text.split("\n").filter(Boolean);
}
