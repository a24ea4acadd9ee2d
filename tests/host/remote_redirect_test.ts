/** Real git, and remotes over HTTP that lead elsewhere, say nothing, or say what is no git. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { openTagging } from "../../src/host/git_tags.ts";
import type { Env } from "../../src/host/host.ts";
import { serveGitHub } from "../../src/rehearsal/github/serve_github.ts";
import { type RawServer, rawServer, reply } from "../support/raw_server.ts";
import { type RemoteRepo, remoteRepo } from "../support/remote_repo.ts";
import { testHost } from "../support/test_host.ts";

const TOKEN = `ghs_${"x".repeat(36)}`;
const BASIC = Buffer.from(`x-access-token:${TOKEN}`).toString("base64");
const TAG = "demo-v1.0.0";

/** What a server says that has a repository without anything in it. */
const EMPTY = reply("001e# service=git-upload-pack\n000000000000", {
  "content-type": "application/x-git-upload-pack-advertisement",
});

async function tagAt(repo: RemoteRepo, { url, env }: { url: string; env: Env }): Promise<unknown> {
  await repo.git("remote", "set-url", "origin", url);
  const tagging = await openTagging(repo.host, { env, tags: [TAG] });
  return await tagging.ensure(TAG, { message: "Release demo 1.0.0", commit: repo.head });
}

function failure(code: string, message: RegExp, hint = /./): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.match(error.hint!, hint);
    for (const secret of [TOKEN, BASIC]) {
      assert.equal(JSON.stringify([error.message, error.hint]).includes(secret), false);
    }
    return true;
  };
}

function hasSecret({ requests }: RawServer): boolean {
  return requests.some(({ text }) => text.includes(BASIC) || text.includes(TOKEN));
}

const WAYS: readonly {
  readonly name: string;
  readonly env: (url: string) => Env;
  readonly config?: (url: string) => readonly [string, string];
}[] = [
  { name: "GITHUB_TOKEN", env: (url) => ({ GITHUB_TOKEN: TOKEN, GITHUB_SERVER_URL: url }) },
  {
    name: "the header of actions/checkout",
    env: () => ({ GITHUB_ACTIONS: "true" }),
    config: (url) => [`http.${url}/.extraheader`, `AUTHORIZATION: basic ${BASIC}`],
  },
  {
    name: "a helper's password",
    env: () => ({}),
    config: () => [
      "credential.helper",
      `!f() { echo username=x-access-token; echo password=${TOKEN}; }; f`,
    ],
  },
];

for (const { name, env, config } of WAYS) {
  test(`${name} does not go along when the remote leads to another server`, async () => {
    await using repo = await remoteRepo();
    await using foreign = await rawServer(() => EMPTY);
    await using own = await rawServer(({ path, text }) =>
      config !== undefined && name.startsWith("a helper") && !/authorization/i.test(text)
        ? reply("", { status: "401 Unauthorized", "www-authenticate": 'Basic realm="x"' })
        : reply("", { status: "301 Moved Permanently", location: `${foreign.url}${path}` })
    );
    // The user's own settings may follow redirects, as git does by itself; for this address even.
    await repo.git("config", "http.followRedirects", "true");
    await repo.git("config", `http.${own.url}/ada/.followRedirects`, "true");
    if (config !== undefined) await repo.git("config", ...config(own.url));
    const attempt = tagAt(repo, { url: `${own.url}/ada/engine.git`, env: env(own.url) });
    const place = `${foreign.url}/ada/engine.git`;
    await assert.rejects(
      attempt,
      failure(
        "PIOT_TAG_MOVED",
        new RegExp(`it leads to another server: ${place}$`),
        new RegExp(`git remote set-url origin ${place}`),
      ),
    );
    assert.deepEqual(foreign.requests, []);
    assert.ok(hasSecret(own));
  });
}

test("a foreign server's empty answer is not believed, credential or not", async () => {
  await using repo = await remoteRepo();
  await using foreign = await rawServer(() => EMPTY);
  await using own = await rawServer(({ path }) =>
    reply("", { status: "302 Found", location: `${foreign.url}${path}` })
  );
  const attempt = tagAt(repo, { url: `${own.url}/ada/engine.git`, env: {} });
  await assert.rejects(attempt, failure("PIOT_TAG_MOVED", /another server/));
  assert.deepEqual(foreign.requests, []);
});

test("a repository that was renamed is told with its new address and the command that sets it", async () => {
  await using repo = await remoteRepo();
  const { clock } = testHost();
  await using github = await serveGitHub({
    ...{ repository: "ada/engine", formerName: "ada/motor", git: repo.bare, token: TOKEN, clock },
    isPrivate: true,
  });
  const url = `${github.url}/ada/motor.git`;
  await assert.rejects(
    tagAt(repo, { url, env: github.env }),
    failure(
      "PIOT_TAG_MOVED",
      new RegExp(
        `^Cannot read the tags of "origin": the repository was renamed or moved to ${github.remoteUrl}$`,
      ),
      new RegExp(`Run \`git remote set-url origin ${github.remoteUrl}\``),
    ),
  );
  await repo.git("remote", "set-url", "origin", github.remoteUrl);
  await tagAt(repo, { url: github.remoteUrl, env: github.env });
  assert.equal((await repo.bare.text(["tag", "--list"])).trim(), TAG);
});

test("a remote that leads elsewhere only behind its first answer is told with a repository's address", async () => {
  await using repo = await remoteRepo();
  await using own = await rawServer(({ method }) =>
    method === "POST"
      ? reply("", {
        status: "307 Temporary Redirect",
        location: "https://git.example.com/ada/engine.git/git-upload-pack",
      })
      : reply("001e# service=git-upload-pack\n0000000eversion 2\n000cls-refs\n0000", {
        "content-type": "application/x-git-upload-pack-advertisement",
      })
  );
  await assert.rejects(
    tagAt(repo, { url: `${own.url}/ada/engine.git`, env: {} }),
    failure(
      "PIOT_TAG_MOVED",
      /it leads to another server: https:\/\/git\.example\.com\/ada\/engine\.git$/,
      /`git remote set-url origin https:\/\/git\.example\.com\/ada\/engine\.git`/,
    ),
  );
});

const NO_GIT: readonly {
  readonly name: string;
  readonly answer: () => Uint8Array;
  readonly code: "PIOT_TAG_REMOTE" | "PIOT_TAG_MOVED";
  readonly says: RegExp;
}[] = [
  {
    name: "nothing",
    answer: () => reply(""),
    code: "PIOT_TAG_REMOTE",
    says: /has no list of branches and tags$/,
  },
  {
    name: "nothing, as text",
    answer: () => reply("", { "content-type": "text/plain" }),
    code: "PIOT_TAG_REMOTE",
    says: /has no list of branches and tags$/,
  },
  {
    name: "a portal's page",
    answer: () => reply("<!DOCTYPE html><title>Sign in</title>", { "content-type": "text/html" }),
    code: "PIOT_TAG_REMOTE",
    says: /not valid: is this a git repository|no list of branches and tags$/,
  },
  {
    name: "a redirect to what is no address",
    answer: () => reply("", { status: "302 Found", location: "http://[::" }),
    code: "PIOT_TAG_MOVED",
    says: /it leads elsewhere, and does not say where to$/,
  },
  {
    name: "a redirect to a file",
    answer: () => reply("", { status: "302 Found", location: "file:///etc/passwd" }),
    code: "PIOT_TAG_MOVED",
    says: /it leads to another server: file:/,
  },
  {
    name: "a 404 page",
    answer: () => reply("<h1>no</h1>", { status: "404 Not Found" }),
    code: "PIOT_TAG_REMOTE",
    says: /not found/,
  },
  {
    name: "status 999",
    answer: () => reply("", { status: "999 Whatever" }),
    code: "PIOT_TAG_REMOTE",
    says: /./,
  },
];
for (const { name, answer, code, says } of NO_GIT) {
  test(`a remote that answers with ${name} is never one without tags`, async () => {
    await using repo = await remoteRepo();
    await using server = await rawServer(answer);
    const env = { GITHUB_TOKEN: TOKEN, GITHUB_SERVER_URL: server.url };
    const attempt = tagAt(repo, { url: `${server.url}/ada/engine.git`, env });
    await assert.rejects(attempt, failure(code, says));
  });
}

test("an empty repository is one without tags", async () => {
  await using repo = await remoteRepo();
  const { clock } = testHost();
  await repo.bare.text(["update-ref", "-d", "refs/heads/main"]);
  await using github = await serveGitHub({
    ...{ repository: "ada/engine", git: repo.bare, token: TOKEN, clock },
  });
  await tagAt(repo, { url: github.remoteUrl, env: github.env });
  assert.equal((await repo.bare.text(["tag", "--list"])).trim(), TAG);
});
