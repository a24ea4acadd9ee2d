import { test } from "node:test";
import assert from "node:assert/strict";
import type { Failure } from "../../../src/error.ts";
import type { FailureCode } from "../../../src/failure_codes.ts";
import type { NpmPackage, TrustPolicy } from "../../../src/core/model/package.ts";
import type { NpmPrepared } from "../../../src/registry/npm/publish_unit.ts";
import type { NpmCredential } from "../../../src/registry/npm/unit_credential.ts";
import type { TrustConfig } from "../../../src/rehearsal/npm/state.ts";
import type { LocalReply, LocalRequest } from "../../../src/rehearsal/server/messages.ts";
import {
  heldPackage,
  manifestText,
  npmRelease,
  npmWorld,
  TOKEN,
  tokenCredential,
  uploadAll,
  type World,
  type WorldOptions,
} from "./world.ts";

const JOB = { repository: "ada/engine", workflow: "release.yml" } as const;
const CONFIG: TrustConfig = {
  repository: "ada/engine",
  workflow: "release.yml",
  permissions: ["createPackage"],
};
const FILES = { "packages/demo/package.json": manifestText({ repository: "github:ada/engine" }) };

/** A world whose registry has `demo`, trusts the job with it, and has no token. */
async function trustedWorld(options: WorldOptions = {}): Promise<World> {
  const world = await npmWorld(FILES, { job: JOB, trust: { demo: CONFIG }, ...options });
  world.server.state.packages.set("demo", heldPackage("demo"));
  return world;
}

async function authorise(
  world: World,
  own: Partial<NpmPackage> = {},
): Promise<{ prepared: NpmPrepared; credential: NpmCredential }> {
  const prepared = await world.prepare(npmRelease({ package: own }));
  const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
  return { prepared, credential };
}

const isExchange = ({ path }: Pick<LocalRequest, "path">): boolean => path.includes("/oidc/");

test("authorise exchanges an identity token for the registry's audience, and tells of both secrets (exchange-granted)", async () => {
  await using world = await trustedWorld({ job: { ...JOB, environment: "release" }, trust: {} });
  world.server.state.trust.set("demo", { ...CONFIG, environment: "release" });
  const { credential } = await authorise(world);
  assert.equal(credential.kind, "oidc");
  assert.equal(
    credential.why,
    "trusted publishing of ada/engine, release.yml in environment release; with provenance",
  );
  assert.deepEqual(world.secrets, [...world.identity!.issued, credential.secret]);
  assert.equal(world.secrets.length, 2);
  const [asked] = world.server.log.filter(isExchange);
  assert.equal(asked?.method, "POST");
  assert.equal(asked?.size, 0);
  assert.equal(asked?.headers.get("content-type"), null);
  assert.equal(asked?.headers.get("authorization"), `Bearer ${world.identity!.issued[0]}`);
});

test("a token is no match for trusted publishing: beside it, it only asks what waits for approval", async () => {
  await using world = await trustedWorld({ env: { NODE_AUTH_TOKEN: TOKEN } });
  const { prepared, credential } = await authorise(world);
  assert.equal(credential.kind, "oidc");
  await world.npm.upload(prepared, prepared.files[0]!, { credential });
  const sent = world.server.log.filter(({ headers }) =>
    headers.get("authorization") === `Bearer ${TOKEN}`
  );
  assert.deepEqual(sent.map(({ method, path }) => `${method} ${path}`), ["GET /-/stage"]);
  const last = world.server.log.at(-1)?.headers.get("authorization");
  assert.equal(last, `Bearer ${credential.secret}`);
});

test("the name of a scoped package is escaped in the exchange as npm does it", async () => {
  await using world = await npmWorld(
    {
      "packages/demo/package.json": manifestText({ name: "@acme/demo", repository: "ada/engine" }),
    },
    { job: JOB, trust: { "@acme/demo": CONFIG } },
  );
  world.server.state.packages.set("@acme/demo", heldPackage("@acme/demo"));
  await world.publish(npmRelease({ package: { registryName: "@acme/demo" } }));
  const [asked] = world.server.log.filter(isExchange);
  assert.equal(asked?.path, "/-/npm/v1/oidc/token/exchange/package/@acme%2fdemo");
});

const REFUSALS: readonly {
  name: string;
  config?: Partial<TrustConfig>;
  job?: NonNullable<WorldOptions["job"]>;
  policy?: TrustPolicy;
  hint: RegExp;
}[] = [
  {
    name: "another workflow than the declared one",
    job: { ...JOB, workflow: "ci.yml" },
    policy: { workflow: "release.yml" },
    hint:
      /^The trust policy declares workflow "release.yml", the job's is "ci.yml"\. At .*\/package\/demo\/access register the trusted publisher: organization or user "ada", repository "engine", workflow filename "ci.yml", environment empty/,
  },
  {
    name: "an environment that the job lacks",
    config: { environment: "release" },
    policy: { workflow: "release.yml", environment: "release" },
    hint: /declares environment "release", the job has none/,
  },
  {
    name: "a configuration of another repository, with nothing declared",
    config: { repository: "ada/old-name" },
    hint: /^At .*organization or user "ada", repository "engine".*upper and lower case count$/,
  },
  {
    name: "a reusable workflow",
    config: { workflow: "publish.yml" },
    job: {
      ...JOB,
      extra: { job_workflow_ref: "ada/shared/.github/workflows/publish.yml@refs/heads/main" },
    },
    hint: /^The job is in a reusable workflow.*publish from the calling workflow itself/,
  },
  {
    name: "a repository whose sub has ids",
    config: { workflow: "other.yml" },
    job: { ...JOB, extra: { sub: "repo:ada@65/engine@74:ref:refs/heads/main" } },
    hint: /^The token's sub has the form with ids/,
  },
];

for (const { name, config, job = JOB, policy, hint } of REFUSALS) {
  test(`authorise prints npm's words, the claims and what does not fit for ${name} (exchange-unknown)`, async () => {
    await using world = await trustedWorld({ job, trust: { demo: { ...CONFIG, ...config } } });
    const own = policy === undefined ? {} : { trustPolicy: policy };
    await assert.rejects(authorise(world, own), (error: Failure) => {
      assert.equal(error.code, "PIOT_OIDC_REFUSED");
      assert.match(
        error.message,
        /^Cannot publish "demo" by trusted publishing: npm answers 404 OIDC token exchange error - package not found \(the identity token says aud "npm:127.0.0.1", repository "ada\/engine", workflow_ref "ada\/engine/,
      );
      assert.match(error.hint ?? "", hint);
      for (const secret of world.secrets) {
        assert.equal(`${error.message}${error.hint}`.includes(secret), false);
      }
      return true;
    });
    assert.equal(world.server.log.some(({ method }) => method === "PUT"), false);
  });
}

test("a first publish without a token says what to do by hand (exchange-new)", async () => {
  await using world = await trustedWorld();
  world.server.state.packages.clear();
  await assert.rejects(authorise(world), (error: Failure) => {
    assert.equal(error.code, "PIOT_OIDC_REFUSED");
    assert.match(
      error.hint ?? "",
      /publish it once with a granular access token .* in NODE_AUTH_TOKEN, without --oidc-only, then/,
    );
    assert.match(error.hint ?? "", /\/package\/demo\/access/);
    assert.match(error.hint ?? "", /workflow filename "release.yml", environment empty/);
    return true;
  });
});

test("a first publish falls back to the token, and the report says why", async () => {
  await using world = await trustedWorld({ env: { NPM_TOKEN: TOKEN } });
  world.server.state.packages.clear();
  const { prepared, credential } = await authorise(world);
  assert.equal(credential.kind, "token");
  assert.match(
    credential.why,
    /^NPM_TOKEN, a token of "ada", since trusted publishing failed: .*404 OIDC token exchange error/,
  );
  await world.npm.upload(prepared, prepared.files[0]!, { credential });
  assert.equal(world.server.state.packages.get("demo")?.versions.has("1.0.0"), true);
});

test("--oidc-only never falls back to a token: not after a refusal", async () => {
  await using world = await trustedWorld({
    trust: {},
    env: { NODE_AUTH_TOKEN: TOKEN },
    oidcOnly: true,
  });
  await assert.rejects(
    authorise(world),
    (error: Failure) => error.code === "PIOT_OIDC_REFUSED",
  );
});

test("--oidc-only never falls back to a token: not without an identity", async () => {
  await using world = await npmWorld(FILES, { env: { NODE_AUTH_TOKEN: TOKEN }, oidcOnly: true });
  await assert.rejects(authorise(world), (error: Failure) => {
    assert.equal(error.code, "PIOT_OIDC_UNAVAILABLE");
    assert.match(error.message, /with --oidc-only: this is no CI job/);
    return true;
  });
});

test("without identity and token the failure says what both would need", async () => {
  await using world = await npmWorld(FILES, { env: { GITHUB_ACTIONS: "true" } });
  await assert.rejects(authorise(world), (error: Failure) => {
    assert.equal(error.code, "PIOT_AUTH_MISSING");
    assert.match(error.message, /id-token: write.*NODE_AUTH_TOKEN and NPM_TOKEN are unset/);
    return true;
  });
});

test("an identity provider that gives nothing is told as such, or by-passed with a token", async () => {
  await using world = await trustedWorld();
  world.identity!.breakNext({ matches: () => true, how: { status: 403 }, times: 9 });
  await assert.rejects(
    authorise(world),
    (error: Failure) => error.code === "PIOT_OIDC_UNAVAILABLE",
  );
  await using other = await trustedWorld({ env: { NODE_AUTH_TOKEN: TOKEN } });
  other.identity!.breakNext({ matches: () => true, how: { status: 403 }, times: 9 });
  const { credential } = await authorise(other);
  assert.match(credential.why, /trusted publishing failed: Cannot get an identity token/);
});

const ANSWERS: readonly {
  id: string;
  name: string;
  how: LocalReply;
  code: FailureCode;
  words: RegExp;
  hint?: RegExp;
}[] = [
  {
    id: "exchange-malformed",
    name: "400",
    how: { status: 400, body: { message: "OIDC token exchange error - bad request" } },
    code: "PIOT_OIDC_REFUSED",
    words: /400 OIDC token exchange error - bad request/,
    hint: /^npm cannot read the exchange/,
  },
  {
    id: "exchange-identity",
    name: "401",
    how: { status: 401, body: { message: "OIDC token exchange error - invalid id token" } },
    code: "PIOT_OIDC_REFUSED",
    words: /401 .*invalid id token/,
    hint: /fresh identity tokens .*; this one is of "https:\/\/token\.actions\.githubuser/,
  },
  {
    id: "exchange-unsupported",
    name: "404 of a registry that knows no trusted publishing",
    how: { status: 404, body: "<html><title>Cannot POST</title></html>" },
    code: "PIOT_OIDC_REFUSED",
    words: /404 Cannot POST/,
    hint:
      /has no trusted publishing: check PIOT_NPM_URL, or .* NODE_AUTH_TOKEN, without --oidc-only$/,
  },
  {
    id: "exchange-blocked",
    name: "403 as the page of something that stands before npm",
    how: { status: 403, body: "<title>Attention Required!</title>" },
    code: "PIOT_REGISTRY_UNKNOWN",
    words: /403 Attention Required!$/,
    hint: /Something else than npm answers/,
  },
  {
    id: "exchange-blocked",
    name: "a redirect, which no token follows",
    how: { status: 308, headers: { location: "https://example.com/" } },
    code: "PIOT_REGISTRY_UNKNOWN",
    words: /308 .*\(to https:\/\/example\.com\/\)$/,
    hint: /Something else than npm answers/,
  },
  {
    id: "exchange-busy",
    name: "429 with a long wait",
    how: { status: 429, headers: { "retry-after": "1934" }, body: { message: "rate limited" } },
    code: "PIOT_REGISTRY_BUSY",
    words: /429 rate limited \(retry-after: 1934, 33 minutes\)/,
  },
  {
    id: "exchange-broken",
    name: "500 again and again",
    how: { status: 500, body: { message: "OIDC token exchange error - oops" } },
    code: "PIOT_REGISTRY_UNKNOWN",
    words: /500 OIDC token exchange error - oops/,
  },
  {
    id: "exchange-empty",
    name: "201 without a token",
    how: { status: 201, body: { token_type: "oidc" } },
    code: "PIOT_REGISTRY_UNKNOWN",
    words: /npm answers 201/,
  },
];

for (
  const body of [{ access_token: "npm_given" }, '{"token":"npm_given', {
    token: { x: "npm_given" },
  }]
) {
  test(`authorise does not show what came instead of a token: ${JSON.stringify(body)} (exchange-empty)`, async () => {
    await using world = await trustedWorld();
    world.server.breakNext({ matches: isExchange, how: { status: 201, body }, times: 9 });
    await assert.rejects(authorise(world), (error: Failure) => {
      assert.equal(error.code, "PIOT_REGISTRY_UNKNOWN");
      assert.equal(`${error.message}${error.hint}`.includes("npm_given"), false);
      return true;
    });
  });
}

for (const { id, name, how, code, words, hint = /./ } of ANSWERS) {
  test(`authorise fails when the exchange is answered ${name} (${id})`, async () => {
    await using world = await trustedWorld();
    world.server.breakNext({ matches: isExchange, how, times: 9 });
    await assert.rejects(authorise(world), (error: Failure) => {
      assert.equal(error.code, code);
      assert.match(error.message, words);
      assert.match(error.hint ?? "", hint);
      return true;
    });
    assert.equal(world.server.log.some(({ method }) => method === "PUT"), false);
  });
}

const GITLAB = {
  repository: undefined,
  workflow_ref: undefined,
  job_workflow_ref: undefined,
  project_path: "group/sub/engine",
  ci_config_ref_uri: "gitlab.com/group/sub/engine//ci/release.yml@refs/heads/main",
};

test("a job of GitLab is told what to type into the fields of GitLab's form", async () => {
  await using world = await trustedWorld({ trust: {} });
  const jwt = await world.identity!.mint("npm:127.0.0.1", { ...JOB, extra: GITLAB });
  const npm = world.again({ env: { GITLAB_CI: "true", NPM_ID_TOKEN: jwt } });
  const prepared = await world.prepare(npmRelease());
  const look = await npm.look(prepared);
  await assert.rejects(npm.authorise(prepared, look), (error: Failure) => {
    assert.equal(error.code, "PIOT_OIDC_REFUSED");
    assert.match(
      error.message,
      /project_path "group\/sub\/engine", ci_config_ref_uri "gitlab\.com/,
    );
    assert.match(
      error.hint ?? "",
      /: GitLab CI\/CD, namespace "group\/sub", project name "engine", top-level CI file path "ci\/release\.yml", environment empty/,
    );
    return true;
  });
});

test("an identity token for another audience is told the one that npm wants (exchange-identity)", async () => {
  await using world = await trustedWorld();
  const jwt = await world.identity!.mint("npm:example.com", { ...JOB, extra: GITLAB });
  const npm = world.again({ env: { GITLAB_CI: "true", NPM_ID_TOKEN: jwt } });
  const prepared = await world.prepare(npmRelease());
  const look = await npm.look(prepared);
  await assert.rejects(npm.authorise(prepared, look), (error: Failure) => {
    assert.equal(error.code, "PIOT_OIDC_REFUSED");
    assert.match(error.message, /401 .*invalid id token.*aud "npm:example\.com"/);
    assert.match(error.hint ?? "", /audience "npm:127\.0\.0\.1" \(on GitLab `aud` under/);
    return true;
  });
});

test("a job of GitLab without an identity is told how GitLab gives one", async () => {
  await using world = await npmWorld(FILES, { env: { GITLAB_CI: "true" } });
  await assert.rejects(authorise(world), (error: Failure) => {
    assert.equal(error.code, "PIOT_AUTH_MISSING");
    assert.match(error.message, /the job has no NPM_ID_TOKEN under `id_tokens`/);
    assert.match(error.hint ?? "", /`id_tokens: { NPM_ID_TOKEN: { aud: "npm:127\.0\.0\.1" } }`/);
    return true;
  });
});

for (const how of ["lost-before", "lost-after", { status: 503 }] as const) {
  test(`an exchange is repeated after ${JSON.stringify(how)}, each time with another identity token (exchange-silent)`, async () => {
    await using world = await trustedWorld();
    world.server.breakNext({ matches: isExchange, how, times: 2 });
    const { credential } = await authorise(world);
    assert.equal(credential.kind, "oidc");
    assert.equal(world.server.log.filter(isExchange).length, 3);
    assert.equal(new Set(world.identity!.issued).size, 3);
    assert.deepEqual(world.host.waits, [500, 2000]);
  });
}

for (const status of [408, 500, 503]) {
  test(`an exchange that is answered ${status} is asked three times more, each time with a fresh identity token (exchange-broken)`, async () => {
    await using world = await trustedWorld();
    world.server.breakNext({ matches: isExchange, how: { status }, times: 9 });
    await assert.rejects(
      authorise(world),
      (error: Failure) => error.code === "PIOT_REGISTRY_UNKNOWN",
    );
    const shown = world.server.log.filter(isExchange).map(({ headers }) =>
      headers.get("authorization")
    );
    assert.equal(shown.length, 4);
    assert.equal(new Set(shown).size, 4);
    assert.deepEqual(world.host.waits, [500, 2_000, 5_000]);
  });
}

test("an exchange that is never answered is a failure of the network (exchange-silent)", async () => {
  await using world = await trustedWorld();
  world.server.breakNext({ matches: isExchange, how: "lost-before", times: 20 });
  await assert.rejects(authorise(world), (error: Failure) => error.code === "PIOT_NETWORK");
  assert.equal(world.server.log.filter(isExchange).length, 4);
});

// The host's clock says 2026-01-01T00:00:00Z.
const WAITS: readonly (readonly [asked: string, waits: readonly number[]])[] = [
  ["20", [20_000]],
  ["0", [500]],
  ["Thu, 01 Jan 2026 00:00:20 GMT", [20_000]],
  ["Wed, 31 Dec 2025 00:00:00 GMT", [500]],
  ["soon", [500]],
  ["-20", [500]],
];

for (const [asked, waits] of WAITS) {
  test(`an exchange waits as a rate limit asks for with "${asked}"`, async () => {
    await using world = await trustedWorld();
    const how = { status: 429, headers: { "retry-after": asked } };
    world.server.breakNext({ matches: isExchange, how });
    await authorise(world);
    assert.deepEqual(world.host.waits, waits);
  });
}

for (const asked of ["61", "9".repeat(40), "Thu, 01 Jan 2099 00:00:00 GMT"]) {
  test(`an exchange that is to wait for "${asked}" is left to another run`, async () => {
    await using world = await trustedWorld();
    const how = { status: 429, headers: { "retry-after": asked } };
    world.server.breakNext({ matches: isExchange, how });
    await assert.rejects(authorise(world), (error: Failure) => {
      assert.equal(error.code, "PIOT_REGISTRY_BUSY");
      assert.ok(error.message.includes(`retry-after: ${asked}`), error.message);
      return true;
    });
    assert.deepEqual(world.host.waits, []);
  });
}

test("NPM_ID_TOKEN is exchanged, wherever it comes from", async () => {
  await using world = await trustedWorld();
  const extra = {
    repository: undefined,
    workflow_ref: undefined,
    job_workflow_ref: undefined,
    project_path: "group/engine",
    ci_config_ref_uri: "gitlab.com/group/engine//.gitlab-ci.yml@refs/heads/main",
  };
  const jwt = await world.identity!.mint("npm:127.0.0.1", { ...JOB, extra });
  world.server.state.trust.set("demo", {
    ...CONFIG,
    repository: "group/engine",
    workflow: ".gitlab-ci.yml",
  });
  const npm = world.again({ env: { GITLAB_CI: "true", NPM_ID_TOKEN: jwt } });
  const prepared = await world.prepare(npmRelease());
  const credential = await npm.authorise(prepared, await npm.look(prepared));
  assert.equal(
    credential.why,
    "trusted publishing of group/engine, .gitlab-ci.yml; " +
      "no provenance: piot makes it on GitHub Actions alone",
  );
  await npm.upload(prepared, prepared.files[0]!, { credential });
  assert.equal(world.server.state.packages.get("demo")?.versions.has("1.0.0"), true);
});

test("a token that has grown old is exchanged again before the upload, a young one is used", async () => {
  await using world = await trustedWorld();
  const { prepared, credential } = await authorise(world);
  await world.host.clock.sleep(49 * 60_000);
  await world.npm.upload(prepared, prepared.files[0]!, { credential });
  assert.equal(world.server.log.filter(isExchange).length, 1);

  const next = await world.prepare(npmRelease({ version: "1.0.1" }));
  const other = await world.npm.authorise(next, await world.npm.look(next));
  await world.host.clock.sleep(51 * 60_000);
  await world.npm.upload(next, next.files[0]!, { credential: other });
  assert.equal(world.server.log.filter(isExchange).length, 3);
  const put = world.server.log.filter(({ method }) => method === "PUT").at(-1);
  assert.notEqual(put?.headers.get("authorization"), `Bearer ${other.secret}`);
  assert.equal(put?.status, 200);
});

for (const options of [{ job: JOB, trust: { "@acme/demo": CONFIG } }, {}]) {
  const way = "job" in options ? "trusted publishing" : "a token";
  test(`a package that is restricted on npm is not made public by a release with ${way}`, async () => {
    await using world = await npmWorld(
      {
        "packages/demo/package.json": manifestText({
          name: "@acme/demo",
          repository: "ada/engine",
        }),
      },
      options,
    );
    const held = heldPackage("@acme/demo", { access: "restricted" });
    world.server.state.packages.set("@acme/demo", held);
    await assert.rejects(
      authorise(world, { registryName: "@acme/demo" }),
      (error: Failure) => {
        assert.equal(error.code, "PIOT_NPM_ACCESS");
        assert.match(error.hint ?? "", /access = "restricted"/);
        return true;
      },
    );
  });
}

test("a restricted package is read with a token of trusted publishing, so that a second run finds it", async () => {
  const own = { registryName: "@acme/demo", access: "restricted" } as const;
  await using world = await npmWorld(
    { "packages/demo/package.json": manifestText({ name: "@acme/demo" }) },
    { job: JOB, trust: { "@acme/demo": CONFIG } },
  );
  const held = heldPackage("@acme/demo", { access: "restricted" });
  world.server.state.packages.set("@acme/demo", held);
  const prepared = await world.publish(npmRelease({ package: own }));
  const look = await world.again().look(prepared);
  assert.equal(look.files.get("@acme/demo@1.0.0")?.state, "same");
});

/** A release of several names at once, as a platform family is. */
async function family(world: World): Promise<NpmPrepared> {
  const names = ["@acme/demo-linux-x64-gnu", "@acme/demo-darwin-arm64", "demo"];
  const parts = await Promise.all(names.map((name) => {
    const path = `packages/${name.replace(/^@acme\//, "")}`;
    return world.prepare(npmRelease({ package: { name, registryName: name, path } }));
  }));
  const main = parts.at(-1)!;
  return {
    ...main,
    units: parts.flatMap(({ units }) => units),
    files: parts.flatMap(({ files }) => files),
  };
}

const FAMILY_FILES = Object.fromEntries(
  ["@acme/demo-linux-x64-gnu", "@acme/demo-darwin-arm64", "demo"].map((name) => [
    `packages/${name.replace(/^@acme\//, "")}/package.json`,
    manifestText({ name, repository: "github:ada/engine" }),
  ]),
);

test("a family is authorised name by name, with one token each that fits no other", async () => {
  const names = ["@acme/demo-linux-x64-gnu", "@acme/demo-darwin-arm64", "demo"];
  const trust = Object.fromEntries(names.map((name) => [name, CONFIG]));
  await using world = await npmWorld(FAMILY_FILES, { job: JOB, trust });
  for (const name of names) world.server.state.packages.set(name, heldPackage(name));
  const prepared = await family(world);
  const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
  assert.equal(credential.kind, "oidc");
  assert.equal(
    credential.why,
    "trusted publishing of ada/engine, release.yml; with provenance",
  );
  await uploadAll(world.npm, prepared, { credential });
  const puts = world.server.log.filter(({ method }) => method === "PUT");
  assert.deepEqual(puts.map(({ status }) => status), [200, 200, 200]);
  assert.equal(new Set(puts.map(({ headers }) => headers.get("authorization"))).size, 3);
});

test("of a family, only the name that npm does not know yet needs the token", async () => {
  const trust = { "@acme/demo-linux-x64-gnu": CONFIG, demo: CONFIG };
  await using world = await npmWorld(FAMILY_FILES, {
    job: JOB,
    trust,
    env: { NODE_AUTH_TOKEN: TOKEN },
  });
  for (const name of Object.keys(trust)) {
    world.server.state.packages.set(name, heldPackage(name));
  }
  const prepared = await family(world);
  const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
  assert.equal(credential.kind, "token");
  assert.match(
    credential.why,
    /trusted publishing of ada\/engine, release.yml \(for @acme\/demo-linux-x64-gnu, demo\)/,
  );
  assert.match(credential.why, /NODE_AUTH_TOKEN, .* \(for @acme\/demo-darwin-arm64\)/);
  await uploadAll(world.npm, prepared, { credential });
  const owners = [...world.server.state.packages.values()].map(({ versions }) =>
    versions.has("1.0.0")
  );
  assert.deepEqual(owners, [true, true, true]);
});

test("of a new family, the report tells once why its packages go out by the token", async () => {
  const env = { NODE_AUTH_TOKEN: TOKEN };
  await using world = await npmWorld(FAMILY_FILES, { job: JOB, env });
  const prepared = await family(world);
  const { why } = await world.npm.authorise(prepared, await world.npm.look(prepared));
  assert.match(
    why,
    /^NODE_AUTH_TOKEN, a token of "ada", since trusted publishing failed: npm answers 404 OIDC token exchange error - package not found \(the identity token says .*\); no provenance: /,
  );
  assert.equal(why.match(/NODE_AUTH_TOKEN/g)?.length, 1);
});

test("of a family, every name that is not trusted is told of in one go", async () => {
  await using world = await npmWorld(FAMILY_FILES, { job: JOB, trust: { demo: CONFIG } });
  world.server.state.packages.set("demo", heldPackage("demo"));
  const prepared = await family(world);
  const look = await world.npm.look(prepared);
  await assert.rejects(world.npm.authorise(prepared, look), (error: Failure) => {
    assert.equal(error.code, "PIOT_SEVERAL_PROBLEMS");
    assert.deepEqual(error.problems.map(({ code }) => code), [
      "PIOT_OIDC_REFUSED",
      "PIOT_OIDC_REFUSED",
    ]);
    return true;
  });
});

for (
  const [env, code] of [
    [{}, "PIOT_AUTH_MISSING"],
    [{ NODE_AUTH_TOKEN: "npm_never_made" }, "PIOT_AUTH_REFUSED"],
  ] as const
) {
  test(`of a family, one failure says what ${JSON.stringify(env)} lacks`, async () => {
    await using world = await npmWorld(FAMILY_FILES, { env });
    const prepared = await family(world);
    const look = await world.npm.look(prepared);
    await assert.rejects(world.npm.authorise(prepared, look), (error: Failure) => {
      assert.equal(error.code, code);
      assert.equal(error.problems.length, 1);
      return true;
    });
  });
}

test("what is there already needs no right of its own", async () => {
  const trust = { demo: CONFIG };
  await using world = await npmWorld(FAMILY_FILES, {
    job: JOB,
    trust,
    env: { NODE_AUTH_TOKEN: TOKEN },
  });
  world.server.state.packages.set("demo", heldPackage("demo"));
  const prepared = await family(world);
  await uploadAll(world.npm, prepared, {
    credential: tokenCredential(prepared),
    files: prepared.files.slice(0, 2),
  });
  const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
  assert.equal(credential.kind, "oidc");
  assert.equal(world.server.log.filter(isExchange).length, 1);
});

const isVisibility = ({ path }: Pick<LocalRequest, "path">): boolean =>
  path.endsWith("/visibility");

for (
  const how of ["lost-before", { status: 429 }, { status: 500 }, {
    status: 503,
    body: "<p>",
  }] as const
) {
  const what = typeof how === "string" ? how : how.status;
  test(`a package that may be restricted is not published as public while npm does not tell: ${what}`, async () => {
    await using world = await npmWorld(
      { "packages/demo/package.json": manifestText({ name: "@acme/demo" }) },
      { env: { NODE_AUTH_TOKEN: TOKEN } },
    );
    const held = heldPackage("@acme/demo", { access: "restricted" });
    world.server.state.packages.set("@acme/demo", held);
    world.server.breakNext({ matches: isVisibility, how, times: 9 });
    await assert.rejects(authorise(world, { registryName: "@acme/demo" }), (error: Failure) => {
      assert.ok(["PIOT_NETWORK", "PIOT_REGISTRY_UNKNOWN"].includes(error.code), error.code);
      return true;
    });
  });
}

for (
  const { says, how, doubts } of [
    { says: "that it is public", how: { status: 200, body: { public: true } }, doubts: 0 },
    { says: "nothing of it", how: { status: 200, body: {} }, doubts: 1 },
    {
      says: "that it is not public, in a refusal",
      how: { status: 403, body: { public: false } },
      doubts: 1,
    },
  ]
) {
  test(`a package that strangers do not see is published as public where npm says ${says}`, async () => {
    await using world = await npmWorld(
      { "packages/demo/package.json": manifestText({ name: "@acme/demo" }) },
      { env: { NODE_AUTH_TOKEN: TOKEN } },
    );
    world.server.breakNext({ matches: isVisibility, how, times: 9 });
    const { credential } = await authorise(world, { registryName: "@acme/demo" });
    const warnings = (credential.warnings ?? []).filter((line) => /may|whether/.test(line));
    assert.equal(warnings.length, doubts, warnings.join());
  });
}

for (const status of [401, 403, 404, 405, 501]) {
  test(`a registry that has no page for who may read a package is published to: ${status}`, async () => {
    await using world = await npmWorld(
      { "packages/demo/package.json": manifestText({ name: "@acme/demo" }) },
      { env: { NODE_AUTH_TOKEN: TOKEN } },
    );
    world.server.breakNext({ matches: isVisibility, how: { status }, times: 9 });
    const { credential } = await authorise(world, { registryName: "@acme/demo" });
    assert.equal(credential.kind, "token");
    // A name that npm does not know is new; every other refusal leaves a doubt, which is told.
    const doubt =
      "@acme/demo: npm shows no version of it to strangers and does not tell whether it is restricted";
    const warnings = (credential.warnings ?? []).filter((line) => line.startsWith(doubt));
    assert.equal(warnings.length, status === 404 ? 0 : 1);
  });
}

test("a package that gave its trusted publisher a token is no new one: what is not told of it is a doubt", async () => {
  const name = "@acme/demo";
  await using world = await npmWorld(
    { "packages/demo/package.json": manifestText({ name, repository: "github:ada/engine" }) },
    { job: JOB, trust: { [name]: CONFIG } },
  );
  world.server.state.packages.set(name, heldPackage(name, { access: "restricted" }));
  world.server.breakNext({ matches: isVisibility, how: { status: 404 }, times: 9 });
  const { credential } = await authorise(world, { registryName: name });
  assert.equal(credential.kind, "oidc");
  assert.match(
    credential.warnings?.[0] ?? "",
    /does not tell whether it is restricted \(.*404.*\); it is published as public$/,
  );
});

const DECLARED = { trustPolicy: { workflow: "release.yml" } } as const;

for (const how of ["lost-before", { status: 429 }, { status: 500 }] as const) {
  const what = typeof how === "string" ? how : how.status;
  test(`what npm trusts by its trust_policy waits for trusted publishing, a token beside it: exchange ${what}`, async () => {
    await using world = await trustedWorld({ env: { NODE_AUTH_TOKEN: TOKEN } });
    world.server.breakNext({ matches: isExchange, how, times: 9 });
    await assert.rejects(authorise(world, DECLARED), (error: Failure) => {
      assert.match(error.code, /^PIOT_(NETWORK|REGISTRY_BUSY|REGISTRY_UNKNOWN)$/);
      assert.match(error.hint ?? "", /NODE_AUTH_TOKEN is left unused, since `trust_policy` says/);
      return true;
    });
  });

  test(`what npm trusts by its trust_policy waits for trusted publishing, a token beside it: identity ${what}`, async () => {
    await using world = await trustedWorld({ env: { NODE_AUTH_TOKEN: TOKEN } });
    world.identity!.breakNext({ matches: () => true, how, times: 99 });
    await assert.rejects(authorise(world, DECLARED), (error: Failure) => {
      assert.match(error.code, /^PIOT_(NETWORK|OIDC_UNAVAILABLE)$/);
      assert.match(error.hint ?? "", /NODE_AUTH_TOKEN is left unused, since `trust_policy` says/);
      return true;
    });
  });

  test(`without a trust_policy a token stands in for an exchange that fails: ${what}`, async () => {
    await using world = await trustedWorld({ env: { NODE_AUTH_TOKEN: TOKEN } });
    world.server.breakNext({ matches: isExchange, how, times: 9 });
    const { credential } = await authorise(world);
    assert.equal(credential.kind, "token");
  });
}

test("a trust_policy holds no token back where npm says no, where a package is new, nor outside of CI", async () => {
  await using refused = await trustedWorld({ trust: {}, env: { NODE_AUTH_TOKEN: TOKEN } });
  assert.equal((await authorise(refused, DECLARED)).credential.kind, "token");

  await using fresh = await trustedWorld({ env: { NODE_AUTH_TOKEN: TOKEN } });
  fresh.server.state.packages.clear();
  fresh.server.breakNext({ matches: isExchange, how: { status: 500 }, times: 9 });
  assert.equal((await authorise(fresh, DECLARED)).credential.kind, "token");

  await using local = await npmWorld(FILES, { env: { NODE_AUTH_TOKEN: TOKEN } });
  local.server.state.packages.set("demo", heldPackage("demo"));
  assert.equal((await authorise(local, DECLARED)).credential.kind, "token");
});
