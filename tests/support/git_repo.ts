/** A real git repository in a temporary folder, with an identity and dates of its own. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import process from "node:process";
import { tempFolder, writeTree } from "./temp.ts";

const run = promisify(execFile);

/** The environment that git gets in tests: nobody's configuration, a fixed identity, fixed dates. */
export const GIT_ENV: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
};

export interface GitRepo extends AsyncDisposable {
  readonly path: string;
  /** Runs git in it and gives its standard output without the last newline. */
  readonly git: (...args: string[]) => Promise<string>;
  /** Writes files, adds everything, commits, and gives the commit's id. */
  readonly commit: (
    message: string,
    files?: Readonly<Record<string, string | Uint8Array>>,
  ) => Promise<string>;
}

export async function gitRepo(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<GitRepo> {
  const folder = await tempFolder();
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await run("git", args, {
      cwd: folder.path,
      env: GIT_ENV,
      maxBuffer: 1 << 28,
    });
    return stdout.replace(/\n$/, "");
  };
  await git("init", "--quiet", "--initial-branch=main");
  const commit: GitRepo["commit"] = async (message, changed = {}) => {
    await writeTree(folder.path, changed);
    await git("add", "--all");
    await git("commit", "--quiet", "--allow-empty", "--message", message);
    return await git("rev-parse", "HEAD");
  };
  if (Object.keys(files).length > 0) await commit("Start", files);
  return {
    path: folder.path,
    git,
    commit,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
