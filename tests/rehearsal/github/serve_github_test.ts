import { test } from "node:test";
import assert from "node:assert/strict";
import type { GitHubOptions } from "../../../src/rehearsal/github/github_state.ts";
import { type LocalGitHub, serveGitHub } from "../../../src/rehearsal/github/serve_github.ts";
import { refsOf, type RemoteRepo, remoteRepo } from "../../support/remote_repo.ts";
import { testHost } from "../../support/test_host.ts";

const TOKEN = "ghs_1_secret";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

interface TestGitHub extends AsyncDisposable {
  readonly repo: RemoteRepo;
  readonly github: LocalGitHub;
  /** Sends a request below the repository; null leaves a header out. */
  readonly ask: (
    route: string,
    json?: object | string,
    headers?: Readonly<Record<string, string | null>>,
  ) => Promise<Answer>;
}

async function openGitHub(over: Partial<GitHubOptions> = {}): Promise<TestGitHub> {
  const repo = await remoteRepo({ "a.txt": "a\n", ".github/workflows/ci.yml": "on: push\n" });
  const { clock, http } = testHost();
  const base = { repository: "ada/engine", git: repo.bare, token: TOKEN, clock };
  const github = await serveGitHub({ ...base, ...over });
  const ask: TestGitHub["ask"] = async (route, json, extra = {}) => {
    const [method = "", path = ""] = route.split(" ");
    const headers = { "authorization": `Bearer ${TOKEN}`, ...extra };
    const kept = Object.entries(headers).filter((entry): entry is [string, string] =>
      entry[1] !== null
    );
    const url = `${github.url}/repos/ada/engine${path === "" ? "" : `/${path}`}`;
    const text = typeof json === "object" ? JSON.stringify(json) : json;
    const answer = await http(url, {
      method,
      headers: kept,
      ...(text === undefined ? {} : { body: text }),
    });
    const said = await answer.text();
    const body = said.startsWith("{") || said.startsWith("[") ? JSON.parse(said) : { text: said };
    return { status: answer.status, headers: answer.headers, body };
  };
  return {
    ...{ repo, github, ask },
    [Symbol.asyncDispose]: async () => {
      await github[Symbol.asyncDispose]();
      await repo[Symbol.asyncDispose]();
    },
  };
}

const RELEASE = { tag_name: "v1", name: "One", body: "Text", make_latest: "false" };

test("a write needs a valid token with the permission to write", async () => {
  await using at = await openGitHub();
  const none = await at.ask("POST releases", RELEASE, { authorization: null });
  assert.deepEqual([none.status, none.body.message], [401, "Requires authentication"]);
  const bad = await at.ask("POST releases", RELEASE, { authorization: "Bearer other" });
  assert.deepEqual([bad.status, bad.body.message], [401, "Bad credentials"]);
  await using reader = await openGitHub({ contents: "read" });
  const weak = await reader.ask("POST releases", RELEASE);
  assert.deepEqual([weak.status, weak.body.message], [
    403,
    "Resource not accessible by integration",
  ]);
  assert.equal(weak.headers.get("x-accepted-github-permissions"), "contents=write");
  assert.deepEqual([...at.github.releases, ...reader.github.releases], []);
});

test("a public repository can be read without a token, a private one is hidden", async () => {
  await using open = await openGitHub();
  assert.equal((await open.ask("GET ", undefined, { authorization: null })).status, 200);
  await using hidden = await openGitHub({ isPrivate: true });
  assert.equal((await hidden.ask("GET ", undefined, { authorization: null })).status, 404);
  assert.equal((await hidden.ask("GET ")).body.default_branch, "main");
});

test("another repository is not found, and the right one in any case", async () => {
  await using at = await openGitHub();
  const { http } = testHost();
  const headers = { authorization: `Bearer ${TOKEN}` };
  const other = await http(`${at.github.url}/repos/ada/other/releases`, { headers });
  assert.equal(other.status, 404);
  const cased = await http(`${at.github.url}/repos/Ada/Engine/releases`, { headers });
  assert.deepEqual([cased.status, await cased.json()], [200, []]);
});

test("a request without a user agent, or of an unknown version, is refused", async () => {
  await using at = await openGitHub();
  const nameless = await at.ask("GET releases", undefined, { "user-agent": "" });
  assert.equal(nameless.status, 403);
  assert.match(String(nameless.body.text), /User-Agent/);
  const version = { "x-github-api-version": "2019-01-01" };
  assert.equal((await at.ask("GET releases", undefined, version)).status, 400);
});

test("a release is made for a tag that is there, shown, listed and never made twice", async () => {
  await using at = await openGitHub();
  await at.repo.git("push", "--quiet", "origin", "HEAD:refs/tags/v1");
  const before = await refsOf(at.repo.bare);
  const made = await at.ask("POST releases", RELEASE);
  assert.equal(made.status, 201);
  assert.deepEqual(await refsOf(at.repo.bare), before);
  assert.deepEqual((await at.ask("GET releases/tags/v1")).body, made.body);
  assert.deepEqual((await at.ask("GET releases")).body, [made.body]);
  const again = await at.ask("POST releases", RELEASE);
  assert.equal(again.status, 422);
  assert.deepEqual(again.body.errors, [
    { resource: "Release", code: "already_exists", field: "tag_name" },
  ]);
  assert.equal(at.github.releases.length, 1);
});

test("a release without its tag makes a lightweight one, on the default branch or the target", async () => {
  await using at = await openGitHub();
  const side = await at.repo.commit("Side", { "b.txt": "b" });
  await at.repo.git("push", "--quiet", "origin", "HEAD:refs/heads/side");
  assert.equal((await at.ask("POST releases", RELEASE)).status, 201);
  const target = { ...RELEASE, tag_name: "v2", target_commitish: side };
  assert.equal((await at.ask("POST releases", target)).status, 201);
  const refs = await refsOf(at.repo.bare);
  assert.ok(refs.includes(`refs/tags/v1 ${at.repo.head}`));
  assert.ok(refs.includes(`refs/tags/v2 ${side}`));
});

test("a draft makes no tag, does not show under its tag, and is nobody's latest", async () => {
  await using at = await openGitHub();
  const draft = { ...RELEASE, draft: true, make_latest: "true" };
  assert.equal((await at.ask("POST releases", draft)).status, 201);
  assert.equal((await at.ask("GET releases/tags/v1")).status, 404);
  assert.equal((await at.ask("GET releases/latest")).status, 404);
  assert.equal((await refsOf(at.repo.bare)).some((ref) => ref.includes("tags")), false);
});

test("the latest release is the newest one that asks to be", async () => {
  await using at = await openGitHub();
  for (const [tag_name, make_latest] of [["v1", "true"], ["v2", "true"], ["v3", "false"]]) {
    await at.ask("POST releases", { ...RELEASE, tag_name, make_latest });
  }
  assert.equal((await at.ask("GET releases/latest")).body.tag_name, "v2");
  const page = (await at.ask("GET releases?per_page=2&page=1")).body as unknown as unknown[];
  assert.deepEqual(page.map((one) => (one as { tag_name: string }).tag_name), ["v3", "v2"]);
});

const REFUSED: readonly {
  readonly name: string;
  readonly release: object;
  readonly options?: Partial<GitHubOptions>;
  readonly error: { readonly code: string; readonly field: string };
}[] = [
  {
    name: "no tag",
    release: { tag_name: "" },
    error: { code: "missing_field", field: "tag_name" },
  },
  {
    name: "a target that is not there",
    release: { target_commitish: "nowhere" },
    error: { code: "invalid", field: "target_commitish" },
  },
  {
    name: "a latest that is no choice",
    release: { make_latest: "yes" },
    error: { code: "invalid", field: "make_latest" },
  },
  {
    name: "a pre-release as the latest",
    release: { prerelease: true, make_latest: "true" },
    error: { code: "custom", field: "make_latest" },
  },
  {
    name: "a body that is too long",
    release: { body: "x".repeat(125_001) },
    error: { code: "custom", field: "body" },
  },
  {
    name: "a tag that an immutable release used up",
    release: {},
    options: { spentTags: ["v1"] },
    error: { code: "custom", field: "tag_name" },
  },
  {
    name: "a tag that a ruleset forbids",
    release: {},
    options: { tagsRestricted: true },
    error: { code: "custom", field: "pre_receive" },
  },
];
for (const { name, release, options, error } of REFUSED) {
  test(`a release with ${name} is 422 and leaves nothing behind`, async () => {
    await using at = await openGitHub(options);
    const before = await refsOf(at.repo.bare);
    const answer = await at.ask("POST releases", { ...RELEASE, ...release });
    assert.equal(answer.status, 422);
    assert.equal(answer.body.message, "Validation Failed");
    const [{ code, field } = { code: "", field: "" }] = answer.body.errors as typeof error[];
    assert.deepEqual({ code, field }, error);
    assert.deepEqual(at.github.releases, []);
    assert.deepEqual(await refsOf(at.repo.bare), before);
  });
}

test("a body that is no JSON object is 400", async () => {
  await using at = await openGitHub();
  for (const text of ["{", "[]", "1"]) {
    assert.equal((await at.ask("POST releases", text)).status, 400);
  }
});

test("refs and tag objects are those of the bare repository", async () => {
  await using at = await openGitHub();
  await at.repo.git("tag", "--annotate", "--message", "Text", "@ada/core-v1", at.repo.head);
  await at.repo.git("push", "--quiet", "origin", "refs/tags/@ada/core-v1", "HEAD:refs/tags/light");
  const id = await at.repo.git("rev-parse", "refs/tags/@ada/core-v1");
  const ref = await at.ask("GET git/ref/tags%2F%40ada%2Fcore-v1");
  assert.equal(ref.status, 200);
  const { sha, type } = ref.body.object as { sha: string; type: string };
  assert.deepEqual([sha, type], [id, "tag"]);
  const tag = await at.ask(`GET git/tags/${id}`);
  assert.deepEqual(tag.body.object, { sha: at.repo.head, type: "commit" });
  assert.deepEqual([tag.body.tag, tag.body.message], ["@ada/core-v1", "Text\n"]);
  const light = await at.ask("GET git/ref/tags/light");
  assert.equal((light.body.object as { type: string }).type, "commit");
  assert.equal((await at.ask("GET git/ref/tags/none")).status, 404);
  assert.equal((await at.ask(`GET git/tags/${at.repo.head}`)).status, 404);
});

test("a ref is made once, for an object that exists, unless a ruleset forbids it", async () => {
  await using at = await openGitHub();
  const ref = { ref: "refs/tags/v1", sha: at.repo.head };
  assert.equal((await at.ask("POST git/refs", ref)).status, 201);
  assert.ok((await refsOf(at.repo.bare)).includes(`refs/tags/v1 ${at.repo.head}`));
  assert.equal((await at.ask("POST git/refs", ref)).body.message, "Reference already exists");
  const missing = { ref: "refs/tags/v2", sha: "1".repeat(40) };
  assert.equal((await at.ask("POST git/refs", missing)).body.message, "Object does not exist");
  assert.equal((await at.ask("POST git/refs", { ...ref, ref: "v3" })).status, 422);
  await using strict = await openGitHub({ tagsRestricted: true });
  const refused = await strict.ask("POST git/refs", { ref: "refs/tags/v1", sha: strict.repo.head });
  assert.equal(refused.status, 422);
  assert.match(String(refused.body.message), /creations being restricted/);
});

test("a folder is listed with its entries' ids, at the default branch or another ref", async () => {
  await using at = await openGitHub();
  const sha = await at.repo.git("rev-parse", "HEAD:.github/workflows");
  const listed = await at.ask("GET contents/.github");
  const expected = [{ name: "workflows", path: ".github/workflows", sha, type: "dir" }];
  assert.deepEqual(listed.body as unknown, expected);
  assert.equal((await at.ask(`GET contents/.github?ref=${at.repo.head}`)).status, 200);
  assert.equal((await at.ask("GET contents/none")).status, 404);
});

test("what the API does not offer here is a mistake of whoever asked", async () => {
  const at = await openGitHub();
  assert.equal((await at.ask("DELETE releases/1")).status, 501);
  await assert.rejects(async () => await at.github[Symbol.asyncDispose](), /DELETE/);
  await at.repo[Symbol.asyncDispose]();
});

test("git clones and pushes over HTTP with the token as the password", async () => {
  await using at = await openGitHub({ isPrivate: true });
  const withToken = at.github.remoteUrl.replace("://", `://x-access-token:${TOKEN}@`);
  await at.repo.git("push", "--quiet", withToken, "HEAD:refs/heads/pushed");
  assert.ok((await refsOf(at.repo.bare)).includes(`refs/heads/pushed ${at.repo.head}`));
  const listed = await at.repo.git("ls-remote", withToken, "refs/heads/pushed");
  assert.equal(listed, `${at.repo.head}\trefs/heads/pushed`);
  const other = withToken.replace("engine", "other");
  await assert.rejects(at.repo.git("ls-remote", other), /not found/i);
});
