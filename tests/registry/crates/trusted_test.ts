/** Trusted publishing of crates: which credential is found, what a refusal says, and how long a token is used. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Failure } from "../../../src/error.ts";
import type { Env } from "../../../src/host/host.ts";
import type { CratesPrepared } from "../../../src/registry/crates/crates_work.ts";
import { createCrates } from "../../../src/registry/crates/create_crates.ts";
import type { CratesCredential } from "../../../src/registry/crates/find_credential.ts";
import { createTrustedTokens } from "../../../src/registry/crates/trusted_tokens.ts";
import {
  createCratesState,
  holdVersion,
  type PublisherConfig,
} from "../../../src/rehearsal/crates/crates_state.ts";
import { type LocalCrates, serveCrates } from "../../../src/rehearsal/crates/serve_crates.ts";
import type { JobIdentity } from "../../../src/rehearsal/identity/actions_job.ts";
import {
  type LocalIdentity,
  serveIdentity,
} from "../../../src/rehearsal/identity/serve_identity.ts";
import type { LocalReply } from "../../../src/rehearsal/server/messages.ts";
import { type TestHost, testHost } from "../../support/test_host.ts";
import { ADA, crate, cratesWorld, failureOf, LONE, makeRelease, NO_CARGO } from "./crates_world.ts";

const JOB: JobIdentity = { repository: "ada/engine", workflow: "release.yml" };
const TOKENS = "/api/v1/trusted_publishing/tokens";

interface Desk extends AsyncDisposable {
  readonly server: LocalCrates;
  readonly host: TestHost;
  readonly secrets: string[];
  /** Authorises a crate that crates.io has at 1.0.0, or one that it does not have. */
  readonly authorise: (name: string, more?: { trusted?: boolean }) => Promise<CratesCredential>;
  /** What the registry says of uploads of crates that it has, or does not have. */
  readonly forecast: (
    kind: CratesCredential["kind"],
    names: readonly string[],
  ) => string | undefined;
  /** Requests about tokens, as methods. */
  readonly asked: () => readonly string[];
}

/** A job, and a crates.io that has `one` and `two` at 1.0.0, which trust it by default. */
async function desk(
  { env = {}, config = JOB, job = JOB, hasIdentity = true, ...options }: {
    env?: Env;
    config?: PublisherConfig | undefined;
    job?: JobIdentity;
    hasIdentity?: boolean;
    oidcOnly?: boolean;
    isTrustpubOnly?: boolean;
  } = {},
): Promise<Desk> {
  const clock = { now: (): Date => new Date() };
  const identity = await serveIdentity({ job, clock });
  const state = createCratesState();
  state.identity = identity;
  for (const name of ["one", "two"]) {
    hold(state, name, options.isTrustpubOnly ?? false);
    state.publishers.set(name, [config]);
  }
  const server = await serveCrates({ tokens: [ADA], state });
  const host = testHost({ env: { ...(hasIdentity ? identity.env : {}), ...env } });
  const secrets: string[] = [];
  const registry = createCrates({
    host,
    root: "/nowhere",
    endpoints: { crates: server.url, cratesIndex: server.indexUrl },
    onSecret: (secret) => void secrets.push(secret),
    ...(options.oidcOnly === undefined ? {} : { oidcOnly: options.oidcOnly }),
  });
  return {
    server,
    host,
    secrets,
    authorise: async (name, { trusted = false } = {}) => {
      const ready = prepared(name, trusted);
      return await registry.authorise(ready, await registry.look(ready));
    },
    forecast: (kind, names) =>
      registry.forecast!(names.map((name) => ({
        prepared: prepared(name, false),
        look: {
          ...{ files: new Map(), notBelow: [], held: undefined },
          versions: name.startsWith("fresh") ? [] : ["1.0.0"],
        },
        credential: { kind, secret: "", why: "", isExchanged: false },
      }))),
    asked: () => server.log.filter(({ path }) => path === TOKENS).map(({ method }) => method),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await identity[Symbol.asyncDispose]();
    },
  };
}

function hold(
  state: ReturnType<typeof createCratesState>,
  name: string,
  isTrustpubOnly: boolean,
): void {
  holdVersion(state, {
    ...{ name, owner: "ada" },
    version: {
      ...{ version: "1.0.0", cksum: "00", tarball: new Uint8Array(), yanked: false },
      line: { name, vers: "1.0.0", cksum: "00", deps: [], features: {} },
      ...{ createdAt: new Date(0), publishedBy: "ada", trustpubData: null },
    },
  });
  state.crates.get(name)!.trustpubOnly = isTrustpubOnly;
}

function prepared(name: string, isTrusted: boolean): CratesPrepared {
  const pkg = {
    ...crate(name),
    ...(isTrusted ? { trustPolicy: { workflow: "release.yml" } } : {}),
  };
  const release = makeRelease(pkg, { version: "1.1.0", commit: undefined });
  return {
    release: release as CratesPrepared["release"],
    files: [{ name: `${name}-1.1.0.crate`, size: 1, digest: "sha256-11" }],
    warnings: [],
    way: { by: "cargo", cargo: { workspace: "/nowhere", targetFolder: "/nowhere" } },
    ...{ categories: [], siblings: [] },
  };
}

test("one exchange is for all crates of a run, before a token of the environment, and is given back once", async () => {
  await using world = await desk({ env: { CARGO_REGISTRY_TOKEN: ADA.secret } });
  const one = await world.authorise("one");
  const two = await world.authorise("two");
  assert.deepEqual([one.kind, two.kind, one.secret === two.secret], ["oidc", "oidc", true]);
  assert.deepEqual([one.isExchanged, two.isExchanged], [true, true], "these can be had anew");
  assert.equal(one.why, "trusted publishing of ada/engine, release.yml");
  assert.deepEqual(one.proofs?.map(({ evidence }) => evidence), [["trusted-publisher"]]);
  assert.ok(world.secrets.includes(one.secret), "a secret was not told of");
  await two.revoke?.();
  await one.revoke?.();
  assert.deepEqual(world.asked(), ["POST", "DELETE"]);
  assert.deepEqual(world.server.state.trusted, []);
});

test("a token that is there is not exchanged for: crates-io-auth-action's is used as it is", async () => {
  const secret = `cio_tp_${"a".repeat(32)}`;
  await using world = await desk({ env: { CARGO_REGISTRY_TOKEN: secret } });
  const credential = await world.authorise("one");
  assert.deepEqual([credential.secret, credential.isExchanged], [secret, false]);
  assert.deepEqual(world.asked(), []);
});

test("a new crate needs a user's token, which is said with the pages to open, and nothing is exchanged", async () => {
  await using world = await desk();
  const failure = await failureOf(world.authorise("fresh"));
  assert.equal(failure.code, "PIOT_AUTH_MISSING");
  assert.match(failure.message, /fresh is new: trusted publishing cannot create a crate/);
  assert.match(
    failure.hint ?? "",
    /publish-new for fresh at https:\/\/crates\.io\/settings\/tokens/,
  );
  assert.match(failure.hint ?? "", /https:\/\/crates\.io\/crates\/fresh\/settings\/new-trusted/);
  assert.deepEqual(world.asked(), []);
});

test("a new crate beside crates that trust the job goes out by the token", async () => {
  await using world = await desk({ env: { CARGO_REGISTRY_TOKEN: ADA.secret } });
  assert.equal((await world.authorise("fresh")).kind, "token");
  assert.equal((await world.authorise("one")).kind, "oidc");
});

test("--oidc-only refuses a new crate even with a token", async () => {
  await using world = await desk({ env: { CARGO_REGISTRY_TOKEN: ADA.secret }, oidcOnly: true });
  const failure = await failureOf(world.authorise("fresh"));
  assert.equal(failure.code, "PIOT_OIDC_UNAVAILABLE");
  assert.match(failure.message, /fresh is new, and only a user's token can create a crate/);
});

const REFUSED = "Cannot publish crates by trusted publishing: crates.io answers 400 ";
const refusals: readonly {
  readonly name: string;
  readonly config?: PublisherConfig;
  readonly job?: JobIdentity;
  readonly how?: LocalReply;
  readonly words: string;
  readonly hint: RegExp;
}[] = [
  {
    name: "nothing on file",
    config: { ...JOB, repository: "ada/other" },
    words: "No Trusted Publishing config found for repository `ada/engine`.",
    hint:
      /^Register the trusted publisher at https:\/\/crates\.io\/crates\/CRATE\/settings\/new-trusted-publisher: repository "ada\/engine", workflow "release\.yml", environment empty$/,
  },
  {
    name: "another workflow",
    config: { ...JOB, workflow: "publish.yml" },
    words:
      "The Trusted Publishing config for repository `ada/engine` does not match the workflow filename `release.yml` in the JWT. Expected workflow filenames: `publish.yml`",
    hint: /^compare the claims with what the crate has on file/,
  },
  {
    name: "a reusable workflow",
    config: { ...JOB, workflow: "called.yml" },
    job: {
      ...JOB,
      extra: { job_workflow_ref: "ada/engine/.github/workflows/called.yml@refs/heads/main" },
    },
    words:
      "The Trusted Publishing config for repository `ada/engine` does not match the workflow filename `release.yml` in the JWT. Expected workflow filenames: `called.yml`",
    hint: /reusable workflow/,
  },
  {
    name: "an environment",
    config: { ...JOB, environment: "release" },
    words:
      "The Trusted Publishing config for repository `ada/engine` requires an environment, but the JWT does not specify one. Expected environments: `release`",
    hint: /^compare the claims/,
  },
  {
    name: "another owner",
    config: { ...JOB, ownerId: "1" },
    words:
      "The Trusted Publishing config for repository `ada/engine` does not match the repository owner ID (65) in the JWT. Expected owner IDs: 1, 1. Please recreate the Trusted Publishing config to update the repository owner ID.",
    hint: /^compare the claims/,
  },
  {
    name: "an event of strangers",
    job: { ...JOB, event: "workflow_run" },
    words:
      "Trusted Publishing does not support the `workflow_run` event trigger. Please use a different event trigger, such as `push`, `release`, or `workflow_dispatch`.",
    hint: /^Start the workflow by `push`/,
  },
  ...([
    ["Failed to decode JWT", /^The identity token has to be fresh, and made for the audience/],
    ["Unsupported JWT issuer: https://ghes.example", /^crates\.io trusts jobs of github\.com and/],
    ["JWT has already been used", /^On GitLab each identity token is good for one exchange/],
  ] as const).map(([words, hint]) => ({
    name: words,
    how: { status: 400, body: { errors: [{ detail: words }] } },
    words,
    hint,
  })),
];
for (const { name, config, job, how, words, hint } of refusals) {
  test(`a refused exchange is told in crates.io's words, with the claims: ${name}`, async () => {
    await using world = await desk({ ...(config && { config }), ...(job && { job }) });
    if (how !== undefined) world.server.breakNext({ matches: ({ path }) => path === TOKENS, how });
    const failure = await failureOf(world.authorise("one"));
    assert.equal(failure.code, "PIOT_OIDC_REFUSED");
    assert.ok(failure.message.startsWith(`${REFUSED}${words}`), failure.message);
    assert.match(failure.message, /\(the identity token says .*workflow_ref ".*release\.yml@/);
    assert.match(failure.hint ?? "", hint);
    assert.equal(await failureOf(world.authorise("two")), failure, "it is one failure");
    assert.deepEqual(world.asked(), ["POST"]);
  });
}

test("a token stands in for trusted publishing that was refused, and says so", async () => {
  const env = { CARGO_REGISTRY_TOKEN: ADA.secret };
  await using world = await desk({ env, config: { ...JOB, repository: "ada/other" } });
  const { kind, why, proofs } = await world.authorise("one", { trusted: true });
  assert.equal(kind, "token");
  assert.match(why, /^CARGO_REGISTRY_TOKEN; trusted publishing failed: crates\.io answers 400 No /);
  assert.match(proofs?.[0]?.whyNoMore ?? "", /^trusted publishing failed: /);
});

test("where trust_policy says that crates.io trusts the job, a token does not stand in for an answer that never came", async () => {
  const env = { CARGO_REGISTRY_TOKEN: ADA.secret };
  await using world = await desk({ env });
  const matches = ({ path }: { path: string }): boolean => path === TOKENS;
  world.server.breakNext({ matches, how: { status: 503, body: "busy" }, times: 4 });
  const failure = await failureOf(world.authorise("one", { trusted: true }));
  assert.equal(failure.code, "PIOT_REGISTRY_UNKNOWN");
  assert.match(failure.hint ?? "", /the token in CARGO_REGISTRY_TOKEN is left unused/);
  assert.deepEqual(world.asked(), ["POST", "POST", "POST", "POST"]);
});

test("an exchange that is not answered at first is tried again with a fresh identity token", async () => {
  await using world = await desk();
  const matches = ({ path }: { path: string }): boolean => path === TOKENS;
  world.server.breakNext({ matches, how: { status: 503, body: "busy" }, times: 2 });
  assert.equal((await world.authorise("one")).kind, "oidc");
  assert.equal(new Set(world.secrets).size, 4, "three identity tokens and a token");
});

test("a crate that takes trusted publishing alone refuses the token, and says why there was no other", async () => {
  const env = { CARGO_REGISTRY_TOKEN: ADA.secret };
  await using world = await desk({ env, isTrustpubOnly: true, hasIdentity: false });
  await assert.rejects(world.authorise("one"), (error: Failure) => {
    assert.equal(error.code, "PIOT_CRATES_TRUSTPUB_ONLY");
    assert.match(error.message, /from trusted publishing only, and there is no identity token: /);
    return true;
  });
});

test("a token is exchanged for again when it is 25 minutes old, and all are given back", async () => {
  await using world = await desk();
  let time = Date.now();
  const clock = { ...world.host.clock, now: () => new Date(time) };
  const tokens = createTrustedTokens({
    host: { ...world.host, clock },
    api: world.server.url,
    onSecret: () => {},
  });
  assert.equal(await tokens.young(), undefined);
  const first = await tokens.grant();
  assert.ok("secret" in first);
  time += 24 * 60_000;
  assert.equal(await tokens.young(), first.secret);
  time += 60_000;
  const second = await tokens.young();
  assert.notEqual(second, first.secret);
  assert.equal(await tokens.young(), second);
  await tokens.giveBack();
  assert.deepEqual(world.asked(), ["POST", "POST", "DELETE", "DELETE"]);
  assert.deepEqual(world.server.state.trusted, []);
});

test("a revocation that fails says that the token dies by itself", async () => {
  await using world = await desk();
  const { revoke } = await world.authorise("one");
  const matches = ({ method }: { method: string }): boolean => method === "DELETE";
  world.server.breakNext({ matches, how: { status: 401, body: "no" } });
  const failure = await failureOf(revoke!());
  assert.match(
    failure.message,
    /answers 401 to the revocation .* half an hour after it was given$/,
  );
});

/** A lone crate that is there at 0.1.0 and trusts the job, about to be released at 0.2.0. */
async function released(
  world: Awaited<ReturnType<typeof cratesWorld>>,
  identity: LocalIdentity,
): Promise<() => Promise<void>> {
  const { state } = world.server;
  state.identity = identity;
  hold(state, "lone", false);
  state.publishers.set("lone", [JOB]);
  const registry = world.registry({ env: { ...identity.env, CARGO_REGISTRY_TOKEN: "" } });
  const [ready] = await world.prepare(registry, [await world.release("lone", "1.1.0")]);
  const credential = await registry.authorise(ready!, await registry.look(ready!));
  assert.equal(credential.kind, "oidc");
  return async () => {
    await registry.upload(ready!, ready!.files[0]!, { credential });
    await credential.revoke?.();
  };
}

test(
  "cargo sends a crate with the token of trusted publishing; one that died meanwhile is exchanged for again",
  {
    skip: NO_CARGO,
  },
  async () => {
    await using world = await cratesWorld(LONE);
    await using identity = await serveIdentity({ job: JOB, clock: { now: () => new Date() } });
    const upload = await released(world, identity);
    const { state } = world.server;
    state.trusted.length = 0;
    await upload();
    assert.deepEqual(world.puts(), [403, 200]);
    const version = state.crates.get("lone")!.versions.at(-1)!;
    assert.deepEqual([version.version, version.publishedBy], ["1.1.0", undefined]);
    assert.equal(version.trustpubData?.["repository"], "ada/engine");
    assert.deepEqual(state.trusted, []);
  },
);

test(
  "a crate that does not have the job on file is refused with the form that is to be filled in",
  {
    skip: NO_CARGO,
  },
  async () => {
    await using world = await cratesWorld(LONE);
    await using identity = await serveIdentity({ job: JOB, clock: { now: () => new Date() } });
    const upload = await released(world, identity);
    const { state } = world.server;
    state.trusted[0] = { ...state.trusted[0]!, crates: ["other"] };
    const failure = await failureOf(upload());
    assert.equal(failure.code, "PIOT_AUTH_REFUSED");
    assert.match(failure.message, /The provided access token is not valid for crate `lone`/);
    assert.match(
      failure.hint ?? "",
      /crates\/lone\/settings\/new-trusted-publisher: repository "ada\/engine", workflow "release\.yml"/,
    );
    assert.deepEqual(world.puts(), [403]);
  },
);

test("limits of uploads are reckoned with for a token, and not for trusted publishing, which has none", async () => {
  await using world = await desk();
  const old = Array.from({ length: 38 }, (_, at) => `old${at}`);
  const fresh = Array.from({ length: 7 }, (_, at) => `fresh${at}`);
  assert.match(
    world.forecast("token", old)!,
    /: 38 crates: 30 now, 8 over 8 minutes, the last at about 2026-[-0-9]+ [0-9:]+ UTC$/,
  );
  assert.match(
    world.forecast("token", fresh)!,
    /: 7 crates \(7 new\): 5 now, 2 over 20 minutes, the last at /,
  );
  assert.equal(world.forecast("token", old.slice(8)), undefined);
  assert.equal(world.forecast("oidc", old), undefined);
});
