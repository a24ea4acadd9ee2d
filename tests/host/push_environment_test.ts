import { test } from "node:test";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Failure } from "../../src/error.ts";
import { openTagging, type Tagging } from "../../src/host/git_tags.ts";
import type { Env } from "../../src/host/host.ts";
import { pushEnvironment } from "../../src/host/push_environment.ts";
import type { GitHubOptions } from "../../src/rehearsal/github/github_state.ts";
import { type LocalGitHub, serveGitHub } from "../../src/rehearsal/github/serve_github.ts";
import { type RemoteRepo, remoteRepo } from "../support/remote_repo.ts";
import { testHost } from "../support/test_host.ts";
import { writeTree } from "../support/temp.ts";

const TOKEN = `ghs_1_${"x".repeat(40)}.a-b_c`;
const TAG = "demo-v1.0.0";

async function served(
  repo: RemoteRepo,
  over: Partial<GitHubOptions> = {},
): Promise<LocalGitHub> {
  const { clock } = testHost();
  const base = { repository: "ada/engine", git: repo.bare, token: TOKEN, clock };
  const github = await serveGitHub({ ...base, ...over });
  await repo.git("remote", "set-url", "origin", github.remoteUrl);
  return github;
}

function open(repo: RemoteRepo, env: Env): Promise<Tagging> {
  return openTagging(repo.host, { env, tags: [TAG] });
}

function header(token: string): string {
  return `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
}

function credentialsSent(github: LocalGitHub): Set<string | null> {
  return new Set(github.log.map(({ headers }) => headers.get("authorization")));
}

function failure(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, code, error.message);
    assert.equal(error.message.includes(TOKEN), false);
    return true;
  };
}

test("without a credential of git's own the token pushes, from the environment", async () => {
  await using repo = await remoteRepo();
  await using github = await served(repo, { isPrivate: true });
  const made = await (await open(repo, github.env)).ensure(TAG, {
    message: "Release demo 1.0.0",
    commit: repo.head,
  });
  assert.equal(made.state, "created");
  assert.equal(await repo.bare.text(["rev-parse", `refs/tags/${TAG}`]), `${made.object}\n`);
  assert.deepEqual([...credentialsSent(github)], [header(TOKEN).replace("AUTHORIZATION: ", "")]);
});

test("the token comes after the configuration that the environment holds already", async () => {
  await using repo = await remoteRepo();
  const env = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "a.b", GIT_CONFIG_VALUE_0: "c" };
  const git = { ...repo.host, env: { ...repo.host.env, ...env } };
  const url = "https://github.com/ada/engine";
  const chosen = await pushEnvironment(git, { url, env: { GITHUB_TOKEN: TOKEN } });
  assert.deepEqual(chosen, {
    credential: "token",
    env: {
      GIT_CONFIG_COUNT: "7",
      GIT_CONFIG_KEY_1: "http.followRedirects",
      GIT_CONFIG_VALUE_1: "false",
      GIT_CONFIG_KEY_2: `http.${url}.followRedirects`,
      GIT_CONFIG_VALUE_2: "false",
      GIT_CONFIG_KEY_3: "http.lowSpeedLimit",
      GIT_CONFIG_VALUE_3: "1",
      GIT_CONFIG_KEY_4: "http.lowSpeedTime",
      GIT_CONFIG_VALUE_4: "60",
      GIT_CONFIG_KEY_5: "http.https://github.com/.extraheader",
      GIT_CONFIG_VALUE_5: "",
      GIT_CONFIG_KEY_6: "http.https://github.com/.extraheader",
      GIT_CONFIG_VALUE_6: header(TOKEN),
    },
  });
});

test("a header that checkout persisted is used, and the token stays out", async () => {
  await using repo = await remoteRepo();
  await using github = await served(repo, { isPrivate: true });
  await repo.git("config", `http.${github.url}/.extraheader`, header(TOKEN));
  const env = { ...github.env, GITHUB_TOKEN: "some-other-token", GITHUB_ACTIONS: "true" };
  assert.equal(
    (await (await open(repo, env)).ensure(TAG, { message: "x", commit: repo.head })).state,
    "created",
  );
});

test("a header in a file that an includeIf names counts as git's own", async () => {
  await using repo = await remoteRepo();
  await using github = await served(repo, { isPrivate: true });
  const file = `[http "${github.url}/"]\n\textraheader = ${header(TOKEN)}\n`;
  await writeTree(repo.path, { "persisted.config": file });
  await repo.git(
    "config",
    `includeIf.gitdir:${repo.path}/.git.path`,
    `${repo.path}/persisted.config`,
  );
  const env = { ...github.env, GITHUB_TOKEN: "some-other-token", GITHUB_ACTIONS: "true" };
  assert.equal(
    (await (await open(repo, env)).ensure(TAG, { message: "x", commit: repo.head })).state,
    "created",
  );
});

test("the local GitHub refuses two Authorization headers, as the real one does", async () => {
  await using repo = await remoteRepo();
  await using github = await served(repo, { isPrivate: true });
  await repo.git("config", "--add", `http.${github.url}/.extraheader`, header(TOKEN));
  await repo.git("config", "--add", `http.${github.url}/.extraheader`, header(TOKEN));
  await assert.rejects(open(repo, github.env), failure("PIOT_TAG_REMOTE"));
  assert.deepEqual(github.log.map(({ status }) => status), [400]);
});

/** A helper, as git runs one. */
const KNOWS = "!f() { echo username=ada; echo password=p; }; f";

const CHOICES: readonly {
  readonly name: string;
  readonly url?: string;
  readonly env: Env;
  readonly config?: readonly [string, string];
  readonly credential: "git" | "token";
}[] = [
  { name: "no token", env: {}, credential: "git" },
  { name: "an empty token", env: { GITHUB_TOKEN: " " }, credential: "git" },
  { name: "GITHUB_TOKEN", env: { GITHUB_TOKEN: "t" }, credential: "token" },
  { name: "GH_TOKEN", env: { GH_TOKEN: "t" }, credential: "token" },
  {
    name: "a remote on another host",
    url: "https://gitlab.com/ada/engine",
    env: { GITHUB_TOKEN: "t" },
    credential: "git",
  },
  {
    name: "a host that only begins like the server",
    url: "https://github.com.evil.example/ada/engine",
    env: { GITHUB_TOKEN: "t" },
    credential: "git",
  },
  {
    name: "plain http off this machine",
    url: "http://ghe.example/ada/engine",
    env: { GITHUB_TOKEN: "t", GITHUB_SERVER_URL: "http://ghe.example" },
    credential: "git",
  },
  {
    name: "ssh",
    url: "git@github.com:ada/engine.git",
    env: { GITHUB_TOKEN: "t" },
    credential: "git",
  },
  { name: "a path", url: "/srv/engine.git", env: { GITHUB_TOKEN: "t" }, credential: "git" },
  {
    name: "a credential in the address",
    url: "https://ada:secret@github.com/ada/engine",
    env: { GITHUB_TOKEN: "t" },
    credential: "git",
  },
  {
    name: "a persisted header for the server",
    env: { GITHUB_TOKEN: "t" },
    config: ["http.https://github.com/.extraheader", "AUTHORIZATION: basic abc"],
    credential: "git",
  },
  {
    name: "a persisted header for another server",
    env: { GITHUB_TOKEN: "t" },
    config: ["http.https://ghe.example/.extraheader", "AUTHORIZATION: basic abc"],
    credential: "token",
  },
  {
    name: "a header that is no credential",
    env: { GITHUB_TOKEN: "t" },
    config: ["http.extraheader", "X-Proxy: yes"],
    credential: "token",
  },
  {
    name: "a credential helper that knows a password",
    env: { GITHUB_TOKEN: "t" },
    config: ["credential.helper", KNOWS],
    credential: "git",
  },
  {
    name: "a credential helper that knows a password, in a job",
    env: { GITHUB_TOKEN: "t", GITHUB_ACTIONS: "true" },
    config: ["credential.helper", KNOWS],
    credential: "git",
  },
  {
    name: "a credential helper that knows one for another server",
    env: { GITHUB_TOKEN: "t" },
    config: ["credential.https://ghe.example.helper", KNOWS],
    credential: "token",
  },
  {
    name: "a credential helper that knows nothing",
    env: { GITHUB_TOKEN: "t" },
    config: ["credential.helper", "store"],
    credential: "token",
  },
  {
    name: "a credential helper that knows a user alone",
    env: { GITHUB_TOKEN: "t" },
    config: ["credential.helper", "!f() { echo username=ada; }; f"],
    credential: "token",
  },
  {
    name: "a credential helper that fails",
    env: { GITHUB_TOKEN: "t" },
    config: ["credential.helper", "!exit 3"],
    credential: "token",
  },
  {
    name: "a program that would ask a person",
    env: { GITHUB_TOKEN: "t" },
    config: ["core.askPass", "/bin/echo"],
    credential: "token",
  },
  {
    name: "a credential helper of a hosted runner",
    env: { GITHUB_TOKEN: "t", GITHUB_ACTIONS: "true" },
    config: ["credential.helper", "osxkeychain"],
    credential: "token",
  },
];
for (const { name, url = "https://github.com/ada/engine", env, config, credential } of CHOICES) {
  test(`pushEnvironment() with ${name} uses ${credential === "git" ? "git's own" : "the token"}`, async () => {
    await using repo = await remoteRepo();
    if (config !== undefined) await repo.git("config", ...config);
    assert.equal((await pushEnvironment(repo.host, { url, env })).credential, credential);
  });
}

const REFUSED = [
  { name: "a wrong token", options: { isPrivate: true }, token: "no", code: "PIOT_TAG_CREDENTIAL" },
  { name: "no credential", options: {}, token: "", code: "PIOT_TAG_CREDENTIAL" },
  { name: "a read-only token", options: { contents: "read" }, code: "PIOT_TAG_PERMISSION" },
] as const;
for (const { name, options, code, ...rest } of REFUSED) {
  test(`a push with ${name} fails with ${code}`, async () => {
    await using repo = await remoteRepo();
    await using github = await served(repo, options);
    const token = "token" in rest ? rest.token : TOKEN;
    const env = { ...github.env, GITHUB_TOKEN: token, GITHUB_ACTIONS: "true" };
    const attempt = open(repo, env).then((tagging) =>
      tagging.ensure(TAG, { message: "x", commit: repo.head })
    );
    await assert.rejects(attempt, failure(code));
    assert.deepEqual((await repo.bare.text(["tag", "--list"])).trim(), "");
  });
}

test("a tag that is there already needs no right to write", async () => {
  await using repo = await remoteRepo();
  await repo.git("push", "--quiet", "origin", `${repo.head}:refs/tags/${TAG}`);
  await using github = await served(repo, { contents: "read" });
  assert.equal(
    (await (await open(repo, github.env)).ensure(TAG, { message: "x", commit: repo.head })).state,
    "present",
  );
});

test("a push whose answer is lost on the wire is settled by asking", async () => {
  await using repo = await remoteRepo();
  await using github = await served(repo);
  const matches = ({ method, path }: { method: string; path: string }): boolean =>
    method === "POST" && path.endsWith("/git-receive-pack");
  // Twice: curl itself sends again when a connection that it used before has died.
  github.breakNext({ matches, how: "lost-after", times: 2 });
  const made = await (await open(repo, github.env)).ensure(TAG, {
    message: "x",
    commit: repo.head,
  });
  assert.equal(made.state, "created");
  assert.deepEqual(github.log.filter(matches).map(({ status }) => status), [0, 0]);
  assert.equal(await repo.bare.text(["rev-parse", `refs/tags/${TAG}`]), `${made.object}\n`);
});

test("a push that is lost before it arrives fails, and the next run makes the tag", async () => {
  await using repo = await remoteRepo();
  await using github = await served(repo);
  github.breakNext({ matches: ({ method }) => method === "POST", how: "lost-before", times: 2 });
  const attempt = async (): Promise<string> =>
    (await (await open(repo, github.env)).ensure(TAG, { message: "x", commit: repo.head })).state;
  await assert.rejects(attempt(), failure("PIOT_TAG_REMOTE"));
  assert.equal(await attempt(), "created");
});
