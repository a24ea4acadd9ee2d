/** Every request to GitHub meets every answer that is none: each a failure with its code and hint, and nothing made. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { type GitHub, openGitHub } from "../../src/host/github.ts";
import { serveGitHub } from "../../src/rehearsal/github/serve_github.ts";
import type { LocalReply } from "../../src/rehearsal/server/messages.ts";
import { refsOf, remoteRepo } from "../support/remote_repo.ts";
import { testHost } from "../support/test_host.ts";

const TOKEN = "ghs_1_secret.of-the_job";
const HEAD = "c".repeat(40);

const CALLS: Readonly<Record<string, (github: GitHub) => Promise<unknown>>> = {
  findRelease: (github) => github.findRelease("v1.0.0"),
  ensureRelease: (github) =>
    github.ensureRelease({
      ...{ tag: "v1.0.0", name: "demo 1.0.0", body: "", prerelease: false, makeLatest: false },
    }),
  workflowsTree: (github) => github.workflowsTree(),
  createTag: (github) =>
    github.createTag({
      ...{ tag: "v2.0.0", commit: HEAD, message: "demo 2.0.0" },
      tagger: { ident: "Ada <ada@example.com>", date: "1767225600 +0000" },
    }),
  findRun: (github) => github.findRun(7),
};

const says = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): LocalReply => ({
  ...{ status, headers: { "content-type": "application/json", ...headers } },
  body: { message },
});

/** What is answered, and the code of what comes of it; `undefined` where a read takes it for a no. */
const ANSWERS: readonly (readonly [name: string, reply: LocalReply, code: string, read?: null])[] =
  [
    ["401", says(401, "Bad credentials"), "PIOT_GITHUB_CREDENTIAL"],
    ["403", says(403, "Resource not accessible by integration"), "PIOT_GITHUB_PERMISSION"],
    ["404", says(404, "Not Found"), "PIOT_GITHUB_PERMISSION", null],
    ["422", says(422, "Validation Failed"), "PIOT_GITHUB_REFUSED"],
    ["500", says(500, "Server Error"), "PIOT_GITHUB_UNKNOWN"],
    ["502", says(502, "Bad gateway"), "PIOT_GITHUB_UNKNOWN"],
    ["503 as a page", { status: 503, body: "<html>Unicorn!</html>" }, "PIOT_GITHUB_UNKNOWN"],
    [
      "a limit",
      says(403, "API rate limit exceeded", {
        ...{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999" },
      }),
      "PIOT_GITHUB_BUSY",
    ],
    ["a second limit", says(403, "You have exceeded a secondary rate limit"), "PIOT_GITHUB_BUSY"],
    ["429", says(429, "Too many requests", { "retry-after": "5" }), "PIOT_GITHUB_BUSY"],
    ["a page in its place", { status: 200, body: "<html>Sign in</html>" }, "PIOT_GITHUB_UNKNOWN"],
  ];

/** What a job has to be given for a request, where GitHub does not say it. */
const NEEDS: Readonly<Record<string, RegExp>> = {
  findRelease: /`permissions: contents: write`/,
  ensureRelease: /`permissions: contents: write`/,
  workflowsTree: /`permissions: contents: read`/,
  createTag: /`permissions: contents: write`/,
  findRun: /`permissions: actions: read`/,
};

test("each request to GitHub that meets a refusal is a failure with its code and a hint, and makes nothing", async () => {
  await using repo = await remoteRepo({ ".github/workflows/release.yml": "on: push\n" });
  const { clock } = testHost();
  await using server = await serveGitHub({
    ...{ repository: "ada/engine", git: repo.bare, token: TOKEN, clock },
  });
  let asked = "";
  for (const [name, reply] of ANSWERS) {
    server.breakNext({ matches: () => asked === name, how: reply, times: Infinity });
  }
  const before = await refsOf(repo.bare);
  for (const [verb, send] of Object.entries(CALLS)) {
    for (const [name, , code, read] of ANSWERS) {
      asked = name;
      const { github } = openGitHub(testHost({ env: server.env }), "ada/engine");
      const what = `${verb}, ${name}`;
      const ended = await send(github!).catch((error: unknown) => error);
      // What is asked for and not there is an answer; what cannot be made is none.
      const isNo = read === null && ["findRelease", "workflowsTree", "findRun"].includes(verb);
      if (isNo) assert.equal(ended, undefined, what);
      else {
        assert.ok(ended instanceof Failure, `${what}: ${ended}`);
        assert.equal(ended.code, code, `${what}: ${ended.message}`);
        assert.match(ended.message, /^Cannot /, what);
        assert.ok(ended.hint, what);
        if (name === "403") assert.match(ended.hint, NEEDS[verb]!, what);
        assert.equal(JSON.stringify([ended.message, ended.hint]).includes(TOKEN), false, what);
      }
    }
  }
  assert.deepEqual(server.releases, []);
  assert.deepEqual(await refsOf(repo.bare), before);
});
