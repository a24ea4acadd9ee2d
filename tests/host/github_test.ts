import { test } from "node:test";
import assert from "node:assert/strict";
import { Failure } from "../../src/error.ts";
import { type GitHub, hasWorkflowDrift, openGitHub } from "../../src/host/github.ts";
import type { NewRelease } from "../../src/host/github_releases.ts";
import { openTagging } from "../../src/host/git_tags.ts";
import type { GitHubOptions } from "../../src/rehearsal/github/github_state.ts";
import { type LocalGitHub, serveGitHub } from "../../src/rehearsal/github/serve_github.ts";
import type { LocalReply, LocalRequest } from "../../src/rehearsal/server/messages.ts";
import { refsOf, type RemoteRepo, remoteRepo } from "../support/remote_repo.ts";
import { type TestHost, testHost } from "../support/test_host.ts";

const TOKEN = "ghs_1_secret.of-the_job";
const RELEASE: NewRelease = {
  tag: "@ada/core-v1.0.0",
  name: "@ada/core 1.0.0",
  body: "First.\n",
  prerelease: false,
  makeLatest: false,
};

interface Fixture extends AsyncDisposable {
  readonly repo: RemoteRepo;
  readonly server: LocalGitHub;
  readonly host: TestHost;
  readonly github: GitHub;
}

/** A repository whose HEAD is tagged, its GitHub, and the client. */
async function openFixture(over: Partial<GitHubOptions> = {}): Promise<Fixture> {
  const repo = await remoteRepo({ "a.txt": "a\n", ".github/workflows/release.yml": "on: push\n" });
  await repo.git("push", "--quiet", "origin", `HEAD:refs/tags/${RELEASE.tag}`);
  const { clock } = testHost();
  const base = { repository: "ada/engine", git: repo.bare, token: TOKEN, clock };
  const server = await serveGitHub({ ...base, ...over });
  const host = testHost({ env: server.env });
  const { github } = openGitHub(host, "ada/engine");
  assert.ok(github);
  return {
    ...{ repo, server, host, github },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await repo[Symbol.asyncDispose]();
    },
  };
}

const post = ({ method }: LocalRequest): boolean => method === "POST";

function requests({ server }: Fixture): string[] {
  return server.log.map(({ method, path, status }) =>
    `${method} ${decodeURIComponent(path).replace("/repos/ada/engine", "")} ${status}`
  );
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => assert.fail("nothing failed"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Failure, String(error));
  assert.equal(JSON.stringify([error.message, error.hint]).includes(TOKEN), false);
  return error;
}

test("ensureRelease() publishes a release for a tag that is there", async () => {
  await using at = await openFixture();
  const made = await at.github.ensureRelease(RELEASE);
  assert.equal(made.state, "created");
  const [stored, ...others] = at.server.releases;
  assert.deepEqual(others, []);
  assert.equal(stored?.html_url, made.url);
  assert.equal(stored?.tag_name, RELEASE.tag);
  assert.equal(stored?.body, RELEASE.body);
  assert.equal(stored?.draft, false);
  assert.equal(at.server.latest(), undefined);
  assert.deepEqual(requests(at), [
    "GET /releases/tags/@ada/core-v1.0.0 404",
    "GET /git/ref/tags/@ada/core-v1.0.0 200",
    "POST /releases 201",
  ]);
});

test("every request names the API's version, this program, and the token", async () => {
  await using at = await openFixture();
  await at.github.ensureRelease(RELEASE);
  for (const { headers } of at.server.log) {
    assert.equal(headers.get("x-github-api-version"), "2022-11-28");
    assert.equal(headers.get("accept"), "application/vnd.github+json");
    assert.match(headers.get("user-agent")!, /^putitoutthere\//);
    assert.equal(headers.get("authorization"), `Bearer ${TOKEN}`);
  }
});

test("ensureRelease() leaves a release that stands as it is", async () => {
  await using at = await openFixture();
  const first = await at.github.ensureRelease(RELEASE);
  const again = await at.github.ensureRelease({ ...RELEASE, body: "Second.\n" });
  assert.deepEqual(again, { url: first.url, state: "present" });
  assert.equal(at.server.releases.length, 1);
  assert.equal(at.server.releases[0]?.body, "First.\n");
  assert.equal(requests(at).filter((line) => line.startsWith("POST")).length, 1);
});

test("ensureRelease() works where releases are immutable", async () => {
  await using at = await openFixture({ immutableReleases: true });
  assert.equal((await at.github.ensureRelease(RELEASE)).state, "created");
  assert.equal(at.server.releases[0]?.immutable, true);
  assert.equal((await at.github.ensureRelease(RELEASE)).state, "present");
});

const LATEST = [
  { prerelease: false, makeLatest: true, latest: RELEASE.tag },
  { prerelease: false, makeLatest: false, latest: undefined },
  { prerelease: true, makeLatest: true, latest: undefined },
];
for (const { latest, ...flags } of LATEST) {
  test(`ensureRelease() with ${JSON.stringify(flags)} makes ${latest ?? "nothing"} the latest`, async () => {
    await using at = await openFixture();
    await at.github.ensureRelease({ ...RELEASE, ...flags });
    assert.equal(at.server.releases[0]?.prerelease, flags.prerelease);
    assert.equal(at.server.latest(), latest);
  });
}

test("ensureRelease() never lets GitHub invent a tag", async () => {
  await using at = await openFixture();
  const before = await refsOf(at.repo.bare);
  const error = await failureOf(at.github.ensureRelease({ ...RELEASE, tag: "other-v1.0.0" }));
  assert.equal(error.code, "PIOT_GITHUB_TAG_MISSING");
  assert.deepEqual(await refsOf(at.repo.bare), before);
  assert.deepEqual(at.server.releases, []);
  assert.deepEqual(at.host.waits, [1_000, 3_000]);
});

test("ensureRelease() waits for a tag that does not show at once", async () => {
  await using at = await openFixture();
  const missing: LocalReply = { status: 404, body: { message: "Not Found" } };
  at.server.breakNext({ matches: ({ path }) => path.includes("/git/ref/"), how: missing });
  assert.equal((await at.github.ensureRelease(RELEASE)).state, "created");
  assert.deepEqual(at.host.waits, [1_000]);
});

test("ensureRelease() asks again when the answer to a write was lost, and writes once", async () => {
  await using at = await openFixture();
  at.server.breakNext({ matches: post, how: "lost-after" });
  assert.equal((await at.github.ensureRelease(RELEASE)).state, "created");
  assert.equal(at.server.releases.length, 1);
  assert.equal(at.server.log.filter(({ method }) => method === "POST").length, 1);
});

test("ensureRelease() fails when a write is lost before it arrives, and the next run mends it", async () => {
  await using at = await openFixture();
  at.server.breakNext({ matches: post, how: "lost-before" });
  assert.equal((await failureOf(at.github.ensureRelease(RELEASE))).code, "PIOT_NETWORK");
  assert.equal((await at.github.ensureRelease(RELEASE)).state, "created");
});

test("ensureRelease() does not repeat a write that failed with 502", async () => {
  await using at = await openFixture();
  at.server.breakNext({ matches: post, how: { status: 502, body: "<html>Bad Gateway</html>" } });
  assert.equal((await failureOf(at.github.ensureRelease(RELEASE))).code, "PIOT_GITHUB_UNKNOWN");
  assert.equal(at.server.log.filter(({ method }) => method === "POST").length, 1);
  assert.deepEqual(at.server.releases, []);
});

test("ensureRelease() keeps the release of somebody who was faster", async () => {
  await using at = await openFixture();
  const rival = openGitHub(at.host, "ada/engine").github!;
  const results = await Promise.all([
    at.github.ensureRelease(RELEASE),
    rival.ensureRelease({ ...RELEASE, body: "Rival.\n" }),
  ]);
  assert.equal(at.server.releases.length, 1);
  assert.deepEqual(results.map(({ state }) => state).sort(), ["created", "present"]);
});

test("a read that fails with 500 is repeated", async () => {
  await using at = await openFixture();
  at.server.breakNext({
    matches: ({ method }) => method === "GET",
    how: { status: 500 },
    times: 2,
  });
  assert.equal((await at.github.ensureRelease(RELEASE)).state, "created");
});

const LIMITS: readonly { name: string; reply: LocalReply; waits: readonly number[] }[] = [
  {
    name: "a secondary limit with retry-after",
    reply: { status: 403, headers: { "retry-after": "7" }, body: { message: "slow down" } },
    waits: [7_000],
  },
  {
    name: "a primary limit that ends soon",
    reply: {
      status: 403,
      headers: {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": String(Date.parse("2026-01-01T00:00:20Z") / 1000),
      },
      body: { message: "API rate limit exceeded for installation" },
    },
    waits: [20_000],
  },
  {
    name: "a secondary limit that says no time",
    reply: { status: 403, body: { message: "You have exceeded a secondary rate limit." } },
    waits: [60_000],
  },
];
for (const { name, reply, waits } of LIMITS) {
  test(`a write that meets ${name} is sent again after the wait`, async () => {
    await using at = await openFixture();
    at.server.breakNext({ matches: post, how: reply });
    assert.equal((await at.github.ensureRelease(RELEASE)).state, "created");
    assert.deepEqual(at.host.waits, waits);
  });
}

test("a limit that lasts longer than a minute is a failure that names its end", async () => {
  await using at = await openFixture();
  const how = { status: 403, headers: { "retry-after": "3600" }, body: { message: "no" } };
  at.server.breakNext({ matches: post, how });
  const error = await failureOf(at.github.ensureRelease(RELEASE));
  assert.equal(error.code, "PIOT_GITHUB_BUSY");
  assert.match(error.message, /until 2026-01-01T01:00:00/);
  assert.deepEqual(at.host.waits, []);
});

const REFUSALS: readonly {
  readonly name: string;
  readonly options?: Partial<GitHubOptions>;
  readonly reply?: LocalReply;
  readonly code: string;
  readonly hint?: RegExp;
}[] = [
  {
    name: "a token that may only read",
    options: { contents: "read" },
    code: "PIOT_GITHUB_PERMISSION",
    hint: /contents: write/,
  },
  {
    name: "a token that is not valid",
    options: { token: "other" },
    code: "PIOT_GITHUB_CREDENTIAL",
  },
  {
    name: "a repository that the token may not see",
    options: { repository: "ada/other", isPrivate: true },
    code: "PIOT_GITHUB_PERMISSION",
  },
  {
    name: "a tag that an immutable release used up",
    options: { spentTags: [RELEASE.tag] },
    code: "PIOT_GITHUB_TAG_SPENT",
  },
  {
    name: "a ruleset",
    reply: {
      status: 422,
      body: {
        message: "Validation Failed",
        errors: [{
          resource: "Release",
          code: "custom",
          field: "pre_receive",
          message:
            "pre_receive Repository rule violations found\n\nCannot create ref due to creations being restricted.",
        }],
      },
    },
    code: "PIOT_GITHUB_RULESET",
  },
  {
    name: "workflow files that no branch has",
    reply: {
      status: 403,
      headers: {
        "x-accepted-github-permissions": "contents=write; contents=write,workflows=write",
      },
      body: { message: "Resource not accessible by integration" },
    },
    code: "PIOT_GITHUB_WORKFLOWS",
    hint: /contents=write,workflows=write/,
  },
  {
    name: "anything else",
    reply: { status: 422, body: { message: "Validation Failed", errors: ["body is odd"] } },
    code: "PIOT_GITHUB_REFUSED",
  },
];
for (const { name, options, reply, code, hint = /./ } of REFUSALS) {
  test(`${name} is ${code}`, async () => {
    await using at = await openFixture(options);
    const env = { ...at.server.env, GITHUB_TOKEN: TOKEN };
    const { github } = openGitHub(testHost({ env }), "ada/engine");
    if (reply !== undefined) at.server.breakNext({ matches: post, how: reply });
    const error = await failureOf(github!.ensureRelease(RELEASE));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, /^Cannot (make|look for) the GitHub Release/);
    assert.match(error.hint!, hint);
    assert.equal(error.message.includes("\n"), false);
    assert.deepEqual(at.server.releases, []);
  });
}

test("openGitHub() says why there is nothing to talk to", () => {
  const without = openGitHub(testHost({ env: { GITHUB_TOKEN: "" } }), "ada/engine");
  assert.equal(without.why, "there is no GITHUB_TOKEN or GH_TOKEN");
  const nowhere = openGitHub(testHost({ env: { GH_TOKEN: "t" } }), undefined);
  assert.equal(nowhere.why, "GITHUB_REPOSITORY is not set and the git remote is not on GitHub");
  assert.ok(openGitHub(testHost({ env: { GH_TOKEN: "t" } }), "ada/engine").github);
});

test("workflowsTree() is the id of the default branch's workflows", async () => {
  await using at = await openFixture();
  const tree = await at.repo.git("rev-parse", "HEAD:.github/workflows");
  assert.equal(await at.github.workflowsTree(), tree);
});

test("workflowsTree() of a repository without workflows is undefined", async () => {
  await using at = await openFixture();
  await at.repo.git("rm", "-r", "--quiet", ".github");
  await at.repo.commit("No workflows");
  await at.repo.git("push", "--quiet", "origin", "main");
  assert.equal(await at.github.workflowsTree(), undefined);
});

test("hasWorkflowDrift() is true once every branch moved on to other workflow files", async () => {
  await using at = await openFixture();
  const drift = (): Promise<boolean> =>
    hasWorkflowDrift(at.repo.host, { github: at.github, commit: at.repo.head });
  const push = (from: string, branch: string): Promise<string> =>
    at.repo.git("push", "--quiet", at.repo.bare.cwd, `${from}:refs/heads/${branch}`);
  assert.equal(await drift(), false);
  await at.repo.commit("Other files", { "a.txt": "b\n" });
  await push("HEAD", "main");
  assert.equal(await drift(), false);
  await at.repo.commit("Workflows", { ".github/workflows/release.yml": "on: [push]\n" });
  await push("HEAD", "main");
  assert.equal(await drift(), true);
  await push(at.repo.head, "maintenance");
  assert.equal(await drift(), false);
});

test("hasWorkflowDrift() claims nothing that it could not find out", async () => {
  await using at = await openFixture();
  const { host: git, head: commit } = at.repo;
  const failing = { workflowsTree: () => Promise.reject(new Failure("PIOT_NETWORK", "Cannot")) };
  assert.equal(await hasWorkflowDrift(git, { github: failing, commit }), false);
  const other = { workflowsTree: () => Promise.resolve("1".repeat(40)) };
  await at.repo.git("remote", "set-url", "origin", "/nowhere");
  assert.equal(await hasWorkflowDrift(git, { github: other, commit }), false);
  await using bare = await remoteRepo();
  assert.equal(await hasWorkflowDrift(bare.host, { github: other, commit: bare.head }), false);
});

const DRIFT =
  'echo "refusing to allow a GitHub App to create or update workflow \\`.github/workflows/release.yml\\` without \\`workflows\\` permission" >&2; exit 1';

test("a tag whose push is refused for its workflows is made through the API, the same object", async () => {
  await using at = await openFixture();
  await at.repo.hook("pre-receive", DRIFT);
  const tagging = await openTagging(at.repo.host, {
    ...{ env: {}, tags: ["demo-v1.0.0"] },
    createByApi: at.github.createTag,
  });
  const made = await tagging.ensure("demo-v1.0.0", {
    message: "Release demo 1.0.0",
    commit: at.repo.head,
  });
  assert.equal(made.state, "created");
  const text = await at.repo.bare.text(["cat-file", "tag", "refs/tags/demo-v1.0.0"]);
  assert.match(text, /^tagger github-actions\[bot\] <[^>]+> 1767225600 \+0000$/m);
  assert.equal(await at.repo.git("rev-parse", "refs/tags/demo-v1.0.0"), made.object);
});

test("a tag that neither the push nor the API may make is one failure with both reasons", async () => {
  await using at = await openFixture({ contents: "read" });
  await at.repo.hook("pre-receive", DRIFT);
  const tagging = await openTagging(at.repo.host, {
    ...{ env: {}, tags: ["demo-v1.0.0"] },
    createByApi: at.github.createTag,
  });
  const error = await failureOf(tagging.ensure("demo-v1.0.0", {
    message: "Release demo 1.0.0",
    commit: at.repo.head,
  }));
  assert.equal(error.code, "PIOT_TAG_WORKFLOWS");
  assert.match(error.message, /refusing to allow .*; Cannot make the tag .* 403/);
});

test("a repository that was renamed is read under its old name, and not written to", async () => {
  await using at = await openFixture({ formerName: "ada/motor" });
  const { github } = openGitHub(at.host, "ada/motor");
  assert.ok(github);
  assert.equal(await github.findRelease(RELEASE.tag), undefined);
  const error = await failureOf(github.ensureRelease(RELEASE));
  assert.equal(error.code, "PIOT_GITHUB_MOVED");
  const to = `${at.server.url}/repositories/74/releases`;
  assert.ok(error.message.endsWith(`GitHub answers 307, and leads to ${to}`), error.message);
  assert.match(error.hint!, /GITHUB_REPOSITORY/);
  assert.deepEqual(at.server.releases, []);
});
