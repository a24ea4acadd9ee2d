import assert from "node:assert/strict";
import { test } from "node:test";
import { openRepository } from "../../../src/command/publish/open_repository.ts";
import { createGit } from "../../../src/host/git.ts";
import type { Env } from "../../../src/host/host.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { git, repositoryOf } from "../../support/history.ts";
import { testHost } from "../../support/test_host.ts";
import { needs } from "../../support/tools.ts";

const withGit = await needs("git");

/** The repository on GitHub that a run in a clone of some address belongs to, or why there is none. */
async function found(env: Env, remote?: string): Promise<string> {
  await using folder = await repositoryOf([{ commit: "Start" }]);
  if (remote !== undefined) await git(folder.path, ["remote", "add", "origin", remote]);
  const own = createGit({ cwd: folder.path, env: GIT_ENV });
  const repository = openRepository(testHost({ env: { GITHUB_TOKEN: "ghs_token", ...env } }), own);
  const access = await repository.github();
  assert.equal(await repository.github(), access, "it is looked for once");
  return access.github?.repository ?? access.why ?? "";
}

const NONE = "GITHUB_REPOSITORY is not set and the git remote is not on GitHub";
const ROWS: readonly (readonly [string, Env, string | undefined, string])[] = [
  ["what Actions declares", { GITHUB_REPOSITORY: "ada/engine" }, undefined, "ada/engine"],
  ["the remote on GitHub", {}, "git@github.com:ada/loom.git", "ada/loom"],
  [
    "the remote on the server that is declared",
    { GITHUB_SERVER_URL: "https://ghe.example" },
    "https://ghe.example/ada/loom",
    "ada/loom",
  ],
  ["no remote elsewhere", {}, "https://git.example/ada/loom", NONE],
  ["no repository without a remote", {}, undefined, NONE],
];
for (const [name, env, remote, is] of ROWS) {
  test(`releases are announced in ${name}`, withGit, async () => {
    assert.equal(await found(env, remote), is);
  });
}
