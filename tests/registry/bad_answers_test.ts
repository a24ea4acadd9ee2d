/**
 * Answers × requests: whatever bad answer one request gets, while every other one is told that there is nothing, it is
 * never taken for "there is nothing".
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import type { FailureCode } from "../../src/failure_codes.ts";
import type { AnswerLimits } from "../../src/host/answer.ts";
import { openGitHub } from "../../src/host/github.ts";
import { findIdentity, requestIdentityToken } from "../../src/host/identity_token.ts";
import type { CratesPrepared } from "../../src/registry/crates/crates_work.ts";
import { createCrates } from "../../src/registry/crates/create_crates.ts";
import { createNpm } from "../../src/registry/npm/create_npm.ts";
import { createPypi } from "../../src/registry/pypi/create_pypi.ts";
import type { PypiCredential } from "../../src/registry/pypi/pypi_prepared.ts";
import { makeSdist, makeWheel } from "../../src/rehearsal/synthesise/python_distribution.ts";
import { BAD_ANSWERS, FOREIGN_ANSWERS } from "../support/bad_answers.ts";
import { pypiRelease } from "../support/pypi_release.ts";
import { type RawRequest, rawServer, reply, type Said } from "../support/raw_server.ts";
import { testHost } from "../support/test_host.ts";
import { crate, makeRelease } from "./crates/crates_world.ts";
import { manifestText, npmRelease, npmWorld, tokenCredential } from "./npm/world.ts";

/** A server that answers every service's requests, and how its answers are bounded. */
interface Scene {
  readonly url: string;
  readonly limits?: Partial<AnswerLimits> | undefined;
}

/** What of the product is done to a server. */
type Act = (scene: Scene) => Promise<unknown>;

interface Kind {
  /** As it stands in the table of `docs/publish.md`. */
  readonly name: string;
  readonly isAsked: (request: RawRequest) => boolean;
  /** Made once for all answers; what it needs is closed at the end. */
  readonly open: () => Promise<{ readonly act: Act } & AsyncDisposable>;
  /** What a foreign answer comes to. */
  readonly foreign: readonly FailureCode[];
  /** Foreign answers that are settled by another request: they come to this. */
  readonly settled?: RegExp;
  /** Whether it writes: then a redirect and a foreign answer are judged by what the server shows afterwards. */
  readonly isWrite?: true;
}

const [NOT_FOUND, JSON_TYPE] = ["404 Not Found", { "content-type": "application/json" }];

/** Every service at once, and none of them has anything. */
function nothing({ path }: RawRequest): Said {
  if (path.startsWith("/simple/")) {
    return reply("404 Not Found", { status: NOT_FOUND, "content-type": "text/plain" });
  }
  const body = path.startsWith("/api/v1/")
    ? { errors: [{ detail: "crate `demo` does not exist" }] }
    : path.startsWith("/index/")
    ? undefined
    : { error: "Not found", message: "Not Found" };
  const text = body === undefined ? "" : JSON.stringify(body);
  return reply(text, { ...JSON_TYPE, status: NOT_FOUND });
}

const SECRET = "secret-of-ada";

async function openNpm(
  make: (parts: {
    readonly npm: (scene: Scene) => ReturnType<typeof createNpm>;
    readonly prepared: Awaited<ReturnType<Awaited<ReturnType<typeof npmWorld>>["prepare"]>>;
  }) => Act,
): ReturnType<Kind["open"]> {
  const world = await npmWorld({ "packages/demo/package.json": manifestText() });
  const prepared = await world.prepare(npmRelease());
  const npm = ({ url, limits }: Scene): ReturnType<typeof createNpm> =>
    createNpm({
      host: testHost({ limits }),
      root: world.root,
      endpoints: { npm: url, fulcio: url, rekor: url },
    });
  return { act: make({ npm, prepared }), [Symbol.asyncDispose]: world[Symbol.asyncDispose] };
}

async function openPypi(upload: boolean): ReturnType<Kind["open"]> {
  const built = { name: "demo", version: "1.0.0" };
  const fixture = await pypiRelease({
    files: { any: [makeWheel(built)], sdist: [await makeSdist(built)] },
  });
  const credential: PypiCredential = {
    ...{ kind: "token", secret: SECRET, why: "" },
    youngSecret: () => Promise.resolve(SECRET),
    attested: new Set(),
  };
  const act: Act = async ({ url, limits }) => {
    const endpoints = { pypi: url, pypiUpload: `${url}/legacy/`, fulcio: url, rekor: url };
    const pypi = createPypi({ host: testHost({ limits }), root: "/nowhere", endpoints });
    const [prepared] = await pypi.prepare([fixture.release], () => {});
    await (upload
      ? pypi.upload(prepared!, prepared!.files[0]!, { credential })
      : pypi.look(prepared!));
  };
  return { act, [Symbol.asyncDispose]: fixture[Symbol.asyncDispose] };
}

function openCrates(fresh: boolean, categories: readonly string[] = []): ReturnType<Kind["open"]> {
  const prepared: CratesPrepared = {
    release: makeRelease(crate("demo"), {
      version: "1.0.0",
      commit: undefined,
    }) as CratesPrepared["release"],
    files: [{ name: "demo-1.0.0.crate", size: 1, digest: "sha256-00" }],
    warnings: [],
    way: { by: "cargo", cargo: { workspace: "/nowhere", targetFolder: "/nowhere" } },
    categories,
    siblings: [],
  };
  const act: Act = async ({ url, limits }) => {
    const endpoints = { crates: url, cratesIndex: `${url}/index` };
    const host = testHost({ limits, env: { CARGO_REGISTRY_TOKEN: SECRET } });
    const registry = createCrates({ host, root: "/nowhere", endpoints });
    if (categories.length === 0) await registry.look(prepared, { fresh });
    else await registry.authorise(prepared, await registry.look(prepared));
  };
  return Promise.resolve({ act, [Symbol.asyncDispose]: () => Promise.resolve() });
}

function openGitHubApi(
  act: (github: NonNullable<ReturnType<typeof openGitHub>["github"]>) => Promise<unknown>,
): ReturnType<Kind["open"]> {
  return Promise.resolve({
    act: async ({ url, limits }) => {
      const env = { GITHUB_API_URL: url, GITHUB_TOKEN: SECRET };
      const { github } = openGitHub(testHost({ limits, env }), "ada/engine");
      await act(github!);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

const RELEASE = { tag: "v1", name: "1", body: "", prerelease: false, makeLatest: false };
const TAG = {
  ...{ tag: "v1", message: "x", commit: "0".repeat(40) },
  tagger: { ident: "Ada <ada@example.com>", date: "0 +0000" },
};
const UNKNOWN: readonly FailureCode[] = ["PIOT_REGISTRY_UNKNOWN"];
/** GitHub's own refusals are told apart by their status, whatever else they say. */
const GITHUB: readonly FailureCode[] = ["PIOT_GITHUB_UNKNOWN", "PIOT_GITHUB_PERMISSION"];

const KINDS: readonly Kind[] = [
  {
    name: "npm: what a name has",
    isAsked: ({ path }) => path.startsWith("/demo?write=true"),
    open: () => openNpm(({ npm, prepared }) => (scene) => npm(scene).look(prepared)),
    foreign: UNKNOWN,
  },
  {
    name: "npm: an upload",
    isAsked: ({ method }) => method === "PUT",
    open: () =>
      openNpm(({ npm, prepared }) => (scene) =>
        npm(scene).upload(prepared, prepared.files[0]!, { credential: tokenCredential(prepared) })
      ),
    foreign: [],
    isWrite: true,
  },
  {
    name: "PyPI: the files of a version",
    isAsked: ({ path }) => path.startsWith("/pypi/"),
    open: () => openPypi(false),
    foreign: UNKNOWN,
  },
  {
    name: "PyPI: the list of a project",
    isAsked: ({ path }) => path.startsWith("/simple/"),
    open: () => openPypi(false),
    foreign: UNKNOWN,
  },
  {
    name: "PyPI: an upload",
    isAsked: ({ path }) => path.startsWith("/legacy/"),
    open: () => openPypi(true),
    foreign: [],
    isWrite: true,
  },
  {
    name: "crates.io: the index",
    isAsked: ({ path }) => path.startsWith("/index/"),
    open: () => openCrates(false),
    foreign: UNKNOWN,
    // A 404 that is no page counts for no more than the API's own word, which follows.
    settled: /^(?!.*(?:page|Latin)).*404/,
  },
  {
    name: "crates.io: a crate",
    isAsked: ({ path }) => path.startsWith("/api/v1/crates/demo?"),
    open: () => openCrates(false),
    foreign: UNKNOWN,
  },
  {
    name: "crates.io: a version",
    isAsked: ({ path }) => path.startsWith("/api/v1/crates/demo/1.0.0"),
    open: () => openCrates(true),
    foreign: UNKNOWN,
  },
  {
    name: "crates.io: a category",
    isAsked: ({ path }) => path.startsWith("/api/v1/categories/"),
    open: () => openCrates(false, ["parsing"]),
    foreign: UNKNOWN,
    // Any document is taken for the category: crates.io itself judges the upload.
    settled: /^the document /,
  },
  {
    name: "GitHub: the Release of a tag",
    isAsked: ({ path }) => path.endsWith("/releases/tags/v1"),
    open: () => openGitHubApi((github) => github.findRelease("v1")),
    foreign: GITHUB,
  },
  {
    name: "GitHub: a tag",
    isAsked: ({ path }) => path.includes("/git/ref/tags"),
    open: () => openGitHubApi((github) => github.ensureRelease(RELEASE)),
    foreign: GITHUB,
  },
  {
    name: "GitHub: a new tag",
    isAsked: ({ method }) => method === "POST",
    open: () => openGitHubApi((github) => github.createTag(TAG)),
    foreign: [...GITHUB],
    isWrite: true,
  },
  {
    name: "GitHub: an identity token",
    isAsked: ({ path }) => path.startsWith("/token"),
    open: () =>
      Promise.resolve({
        act: async ({ url, limits }) => {
          const source = findIdentity({
            ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?v=2`,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: SECRET,
          }, "NPM_ID_TOKEN")!;
          const { http } = testHost({ limits });
          await requestIdentityToken(source, { http, audience: "npm:x", onSecret: () => {} });
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
    foreign: ["PIOT_OIDC_UNAVAILABLE"],
  },
];

/** Acts while one kind of request is answered so; gives the failure, and how often it was answered. */
async function actUpon(
  { act, isAsked, say, limits }: {
    readonly act: Act;
    readonly isAsked: Kind["isAsked"];
    readonly say: (url: string) => Said;
    readonly limits?: Partial<AnswerLimits> | undefined;
  },
): Promise<{ readonly failure: Failure | undefined; readonly times: number }> {
  await using server = await rawServer((request) =>
    isAsked(request) || request.path === "/again" ? say(server.url) : nothing(request)
  );
  const failure = await act({ url: server.url, limits }).then(() => undefined, (error: unknown) => {
    assert.ok(error instanceof Failure, error instanceof Error ? error.stack : String(error));
    return error;
  });
  return { failure, times: server.requests.filter(isAsked).length };
}

for (const { name, isAsked, open, foreign, settled, isWrite = false } of KINDS) {
  test(`${name}: an answer that nobody can use is its server's fault, and never an absence`, async (t) => {
    await using opened = await open();
    for (const { name: how, say, code, limits } of BAD_ANSWERS) {
      await t.test(`that ${how}`, async () => {
        const { failure, times } = await actUpon({ ...opened, isAsked, say, limits });
        assert.ok(failure, "it was taken for good");
        assert.equal(times, 1);
        assert.equal(JSON.stringify([failure.message, failure.hint]).includes(SECRET), false);
        assert.equal(failure.exitCode, 1, failure.message);
        // What a write is redirected to is told in the words of its service.
        if (isWrite && code === "PIOT_ANSWER_REDIRECTED") return;
        if (isWrite && code === "PIOT_ANSWER_BROKEN") assert.match(failure.code, /^PIOT_ANSWER_/);
        else if (isWrite && /gzip/.test(how)) assert.match(failure.code, /^PIOT_ANSWER_/);
        else assert.equal(failure.code, code, failure.message);
      });
    }
  });

  test(`${name}: an answer of somebody else is never an absence`, async (t) => {
    await using opened = await open();
    for (const { name: how, say } of FOREIGN_ANSWERS) {
      await t.test(`that is ${how}`, async () => {
        const { failure, times } = await actUpon({ ...opened, isAsked, say });
        assert.ok(times >= 1);
        if (isWrite || settled?.test(how)) return;
        assert.ok(failure, "it was taken for good");
        assert.ok(foreign.includes(failure.code), `${failure.code}: ${failure.message}`);
        assert.equal(failure.exitCode, 1);
        assert.equal(failure.message.includes(SECRET), false);
      });
    }
  });
}
