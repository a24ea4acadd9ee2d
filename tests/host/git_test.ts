import { test } from "node:test";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Failure } from "../../src/error.ts";
import { createGit, gitEnv } from "../../src/host/git.ts";
import { gitRepo } from "../support/git_repo.ts";
import { JOB_ENV } from "../support/remote_repo.ts";

test("git answers in text and in bytes", async () => {
  await using repo = await gitRepo({ "ü.bin": new Uint8Array([0, 255, 10]) });
  const git = createGit({ cwd: repo.path, env: JOB_ENV });
  assert.equal(await git.text(["ls-files", "-z"]), "ü.bin\0");
  const { stdout } = await git.run(["cat-file", "blob", "HEAD:ü.bin"]);
  assert.deepEqual([...stdout], [0, 255, 10]);
  const id = await git.text(["hash-object", "--stdin"], { input: "x\n" });
  assert.match(id, /^[0-9a-f]{40}\n$/);
});

test("a status that is not accepted is PIOT_GIT with git's words and verb", async () => {
  await using repo = await gitRepo({ "a.txt": "a" });
  const git = createGit({ cwd: repo.path, env: JOB_ENV });
  const args = ["-c", "core.hooksPath=/dev/null", "-C", "elsewhere", "rev-parse", "nothing"];
  await assert.rejects(git.run(args), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_GIT");
    assert.match(error.message, /^Cannot run git rev-parse: .*elsewhere/);
    return true;
  });
  const missing = await git.run(["rev-parse", "--verify", "--quiet", "nothing"], { accept: [1] });
  assert.equal(missing.code, 1);
});

test("git outside a repository is PIOT_GIT", async () => {
  const git = createGit({ cwd: "/", env: JOB_ENV });
  await assert.rejects(git.text(["rev-parse", "HEAD"]), { code: "PIOT_GIT" });
});

test("git works in its folder's repository, whatever a hook's variables say", async () => {
  await using repo = await gitRepo({ "mine.txt": "" });
  await using other = await gitRepo({ "theirs.txt": "" });
  const foreign = {
    GIT_DIR: `${other.path}/.git`,
    GIT_WORK_TREE: other.path,
    GIT_INDEX_FILE: `${other.path}/.git/index`,
    GIT_PREFIX: "sub/",
    GIT_OBJECT_DIRECTORY: `${other.path}/.git/objects`,
    GIT_COMMON_DIR: `${other.path}/.git`,
    GIT_NAMESPACE: "other",
    GIT_SHALLOW_FILE: `${other.path}/shallow`,
  };
  const git = createGit({ cwd: repo.path, env: { ...JOB_ENV, ...foreign } });
  assert.equal(await git.text(["ls-files"]), "mine.txt\n");
  assert.equal(await git.text(["ls-tree", "--name-only", "HEAD"]), "mine.txt\n");
});

test("gitEnv() keeps git's own variables and the way to remotes, and no secret", () => {
  const kept = {
    PATH: "p",
    HOME: "h",
    GIT_COMMITTER_NAME: "Ada",
    GIT_CONFIG_COUNT: "0",
    SSH_AUTH_SOCK: "/s",
    RUNNER_TEMP: "/t",
    HTTPS_PROXY: "http://proxy",
    no_proxy: "localhost",
  };
  const dropped = {
    GITHUB_TOKEN: "secret",
    GH_TOKEN: "secret",
    NPM_TOKEN: "secret",
    CARGO_REGISTRY_TOKEN: "secret",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "secret",
    LD_PRELOAD: "evil.so",
    LANG: "de_DE",
  };
  assert.deepEqual(gitEnv({ ...kept, ...dropped }), {
    ...kept,
    LC_ALL: "C",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
  });
});

test("a variable of one call reaches that call alone", async () => {
  await using repo = await gitRepo({ "a.txt": "a" });
  const git = createGit({ cwd: repo.path, env: JOB_ENV });
  const ask = ["config", "--get", "piot.test"];
  const env = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "piot.test", GIT_CONFIG_VALUE_0: "yes" };
  const once = await git.run(ask, { env, accept: [0, 1] });
  assert.equal(Buffer.from(once.stdout).toString(), "yes\n");
  assert.equal((await git.run(ask, { accept: [0, 1] })).code, 1);
});

test("git tells of each process before it starts", async () => {
  await using repo = await gitRepo({ "a.txt": "a" });
  const started: (readonly string[])[] = [];
  const git = createGit({
    cwd: repo.path,
    env: JOB_ENV,
    onStart: (args) => void started.push(args),
  });
  await git.text(["rev-parse", "HEAD"]);
  await git.run(["status", "--short"]);
  assert.deepEqual(started, [["rev-parse", "HEAD"], ["status", "--short"]]);
});
