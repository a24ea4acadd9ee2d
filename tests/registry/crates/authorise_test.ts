/** Credentials, and what crates.io's public data says against them; no cargo needed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Failure } from "../../../src/error.ts";
import type { Env } from "../../../src/host/host.ts";
import type { CratesPrepared } from "../../../src/registry/crates/crates_work.ts";
import { createCrates } from "../../../src/registry/crates/create_crates.ts";
import type { Credential, Registry } from "../../../src/registry/registry.ts";
import {
  type CratesState,
  createCratesState,
  holdVersion,
  type LocalVersion,
} from "../../../src/rehearsal/crates/crates_state.ts";
import type { LocalReply } from "../../../src/rehearsal/server/messages.ts";
import { type LocalCrates, serveCrates } from "../../../src/rehearsal/crates/serve_crates.ts";
import { type TestHost, testHost } from "../../support/test_host.ts";
import { ADA, crate, makeRelease } from "./crates_world.ts";

/** A crates.io that has `name` at 1.0.0, as a user uploaded it or as a workflow did. */
function holding(name: string, trustpubData: LocalVersion["trustpubData"] = null): CratesState {
  const state = createCratesState();
  const line = { name, vers: "1.0.0", cksum: "00", deps: [], features: {} };
  const version = {
    version: "1.0.0",
    cksum: "00",
    tarball: new Uint8Array(),
    line,
    yanked: false,
    createdAt: new Date(0),
    publishedBy: trustpubData === null ? "ada" : undefined,
    trustpubData,
  };
  holdVersion(state, { name, owner: "ada", version });
  return state;
}

interface Desk extends AsyncDisposable {
  readonly server: LocalCrates;
  readonly host: TestHost;
  readonly registry: Registry<CratesPrepared>;
}

async function desk(
  { state = createCratesState(), env = { CARGO_REGISTRY_TOKEN: ADA.secret }, ...options }: {
    state?: CratesState;
    env?: Env;
    oidcOnly?: boolean;
  },
): Promise<Desk> {
  const server = await serveCrates({ tokens: [ADA], state });
  const host = testHost({ env });
  const endpoints = { crates: server.url, cratesIndex: server.indexUrl };
  const registry = createCrates({ host, root: "/nowhere", endpoints, ...options });
  return { server, host, registry, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function prepared(name: string, categories: readonly string[] = []): CratesPrepared {
  return {
    release: makeRelease(crate(name), {
      version: "1.1.0",
      commit: undefined,
    }) as CratesPrepared["release"],
    files: [{ name: `${name}-1.1.0.crate`, size: 1, digest: "sha256-11" }],
    warnings: [],
    way: { by: "cargo", cargo: { workspace: "/nowhere", targetFolder: "/nowhere" } },
    categories,
    siblings: [],
  };
}

async function authorise({ registry }: Desk, ready: CratesPrepared): Promise<Credential> {
  return await registry.authorise(ready, await registry.look(ready));
}

test("a token is taken for a new crate, and the reason says so", async () => {
  await using world = await desk({});
  const credential = await authorise(world, prepared("demo"));
  assert.deepEqual({ kind: credential.kind, secret: credential.secret }, {
    kind: "token",
    secret: ADA.secret,
  });
  assert.match(credential.why, /demo is new/);
  assert.ok(!credential.why.includes(ADA.secret));
});

test("a token is taken for a crate that is there", async () => {
  await using world = await desk({ state: holding("demo") });
  assert.equal((await authorise(world, prepared("demo"))).why, "CARGO_REGISTRY_TOKEN");
});

for (
  const { name, env, held, scope } of [
    { name: "no token", env: {}, held: "demo", scope: "publish-update" },
    {
      name: "an empty token",
      env: { CARGO_REGISTRY_TOKEN: " " },
      held: "other",
      scope: "publish-new",
    },
  ]
) {
  test(`${name} is missing, with the scope that is needed`, async () => {
    await using world = await desk({ state: holding(held), env });
    await assert.rejects(authorise(world, prepared("demo")), (error: Failure) => {
      assert.equal(error.code, "PIOT_AUTH_MISSING");
      assert.match(error.hint ?? "", new RegExp(`scope ${scope} for demo`));
      return true;
    });
  });
}

test("a crate that takes trusted publishing only refuses a token before it is used", async () => {
  const state = holding("demo");
  state.crates.get("demo")!.trustpubOnly = true;
  await using world = await desk({ state });
  await assert.rejects(authorise(world, prepared("demo")), { code: "PIOT_CRATES_TRUSTPUB_ONLY" });
});

for (const held of ["Demo-Crate", "demo_crate"]) {
  test(`the name demo-crate is taken by ${held}, which the index does not tell`, async () => {
    await using world = await desk({ state: holding(held) });
    await assert.rejects(authorise(world, prepared("demo-crate")), {
      code: "PIOT_CRATES_NAME_TAKEN",
      message:
        `Cannot publish demo-crate: crates.io has "${held}", which is the same name to it as "demo-crate"`,
    });
  });
}

test("everything that stands against it is said at once", async () => {
  await using world = await desk({ state: holding("demo_crate"), env: {} });
  const ready = prepared("demo-crate", [
    "encoding",
    "enconding",
    "development-tools::cargo-plugin",
  ]);
  await assert.rejects(authorise(world, ready), (error: Failure) => {
    assert.deepEqual(error.problems.map(({ code }) => code), [
      "PIOT_CRATES_NAME_TAKEN",
      "PIOT_CRATES_UNPUBLISHABLE",
      "PIOT_CRATES_UNPUBLISHABLE",
      "PIOT_AUTH_MISSING",
    ]);
    return true;
  });
});

test("requests to the API are a second apart and name who asks; the index is asked at once", async () => {
  await using world = await desk({ state: holding("demo") });
  await authorise(world, prepared("demo", ["encoding", "parsing"]));
  const asked = world.server.log.map(({ path }) => path);
  assert.deepEqual(asked, [
    "/index/de/mo/demo",
    "/api/v1/crates/demo",
    "/api/v1/categories/encoding",
    "/api/v1/categories/parsing",
    "/api/v1/crates/demo/1.0.0",
  ]);
  assert.deepEqual(world.host.waits, [1000, 1000, 1000]);
  assert.match(
    world.server.log[1]!.headers.get("user-agent") ?? "",
    /^putitoutthere\/\S+ \(\+https:/,
  );
});

test("what is known of a crate is asked once", async () => {
  await using world = await desk({ state: holding("demo") });
  await authorise(world, prepared("demo"));
  await authorise(world, prepared("demo"));
  for (const path of ["/api/v1/crates/demo", "/api/v1/crates/demo/1.0.0"]) {
    assert.equal(world.server.log.filter((request) => request.path === path).length, 1, path);
  }
});

const BY_WORKFLOW = { provider: "github", repository: "ada/engine", run_id: "1", sha: "0" };
/** What crates-io-auth-action leaves. */
const TRUSTED = { CARGO_REGISTRY_TOKEN: `cio_tp_${"a".repeat(32)}` };

for (
  const { name, data, evidence } of [
    { name: "a user", data: null, evidence: [] },
    { name: "a workflow", data: BY_WORKFLOW, evidence: ["trusted-publisher"] },
  ]
) {
  test(`who uploaded the version before is read from crates.io: ${name}`, async () => {
    await using world = await desk({ state: holding("demo", data) });
    const { proofs } = await authorise(world, prepared("demo"));
    assert.deepEqual(proofs, [{
      name: "demo",
      kind: "token",
      evidence: [],
      before: [{ version: "1.0.0", evidence }],
      whyNoMore: "it goes out by a user's token",
      hint:
        "Publish from a job with `permissions: id-token: write` (on GitLab `id_tokens: { CRATES_IO_ID_TOKEN: { aud: crates.io } }`) that the crate has on file as a trusted publisher",
    }]);
  });
}

test("a token of trusted publishing is known by its shape: it proves its origin, and passes --oidc-only and trustpub_only", async () => {
  const state = holding("demo", BY_WORKFLOW);
  state.crates.get("demo")!.trustpubOnly = true;
  await using world = await desk({ state, env: TRUSTED, oidcOnly: true });
  const { kind, why, proofs } = await authorise(world, prepared("demo"));
  assert.equal(kind, "oidc");
  assert.equal(
    why,
    "CARGO_REGISTRY_TOKEN, a token of trusted publishing as crates-io-auth-action leaves it",
  );
  assert.deepEqual(proofs, [{
    name: "demo",
    kind: "oidc",
    evidence: ["trusted-publisher"],
    before: [{ version: "1.0.0", evidence: ["trusted-publisher"] }],
  }]);
});

test("a token of trusted publishing cannot create a crate, which is known before anything is sent", async () => {
  await using world = await desk({ env: TRUSTED });
  await assert.rejects(authorise(world, prepared("demo")), (error: Failure) => {
    assert.equal(error.code, "PIOT_AUTH_REFUSED");
    assert.match(error.message, /demo is new, and those cannot create a crate/);
    assert.match(error.hint ?? "", /the scope publish-new/);
    return true;
  });
});

for (const env of [{}, { CARGO_REGISTRY_TOKEN: ADA.secret }]) {
  test(`--oidc-only refuses ${"CARGO_REGISTRY_TOKEN" in env ? "a user's token" : "no token"}`, async () => {
    await using world = await desk({ state: holding("demo"), env, oidcOnly: true });
    await assert.rejects(authorise(world, prepared("demo")), (error: Failure) => {
      assert.equal(error.code, "PIOT_OIDC_UNAVAILABLE");
      assert.match(error.message, /^Cannot publish demo to crates.io with --oidc-only: /);
      assert.match(error.hint ?? "", /id-token: write.*; or leave --oidc-only out$/);
      return true;
    });
  });
}

test("a version that the index has and the API does not know is an unknown, not one without evidence", async () => {
  await using world = await desk({ state: holding("demo", BY_WORKFLOW) });
  const matches = ({ path }: { path: string }): boolean => path.endsWith("/demo/1.0.0");
  const body = { errors: [{ detail: "crate `demo` does not have a version `1.0.0`" }] };
  world.server.breakNext({ matches, how: { status: 404, body } });
  await assert.rejects(authorise(world, prepared("demo")), {
    code: "PIOT_REGISTRY_UNKNOWN",
    message:
      "Cannot tell who uploaded demo 1.0.0 to crates.io: its index has it, and its API does not",
  });
});

const unclear: { name: string; how: LocalReply }[] = [
  { name: "a block page", how: { status: 403, body: "We are unable to process your request" } },
  {
    name: "an error of the service",
    how: { status: 500, body: { errors: [{ detail: "Internal" }] } },
  },
  {
    name: "a 404 of something in front of it",
    how: { status: 404, body: "<html>no such page</html>" },
  },
  { name: "a page", how: { status: 200, body: "<html></html>" } },
  { name: "another document", how: { status: 200, body: { crates: [] } } },
  { name: "null", how: { status: 200, body: "null" } },
];

for (const { name, how } of unclear) {
  test(`an API that answers with ${name} never means that a name is free`, async () => {
    await using world = await desk({ state: holding("demo") });
    const matches = ({ path }: { path: string }): boolean => path.startsWith("/api/");
    world.server.breakNext({ matches, how, times: 10 });
    await assert.rejects(authorise(world, prepared("demo")), { code: "PIOT_REGISTRY_UNKNOWN" });
  });
}

test("a crates.io that does not answer is unknown", async () => {
  const world = await desk({});
  await world.server.close();
  await assert.rejects(world.registry.look(prepared("demo")), (error: Failure) => {
    assert.equal(error.code, "PIOT_REGISTRY_UNKNOWN");
    assert.match(
      error.message,
      /^Cannot tell which versions of demo are on crates\.io: Cannot reach /,
    );
    return true;
  });
});

test("build metadata does not make another version", async () => {
  await using world = await desk({ state: holding("demo") });
  const ready = prepared("demo");
  const release = { ...ready.release, version: "1.0.0+linux" };
  const files = [{ ...ready.files[0]!, digest: "sha256-00" }];
  const look = await world.registry.look({ ...ready, release, files });
  assert.deepEqual([...look.files.values()], [{ state: "same" }]);
  assert.deepEqual(look.versions, ["1.0.0"]);
});
