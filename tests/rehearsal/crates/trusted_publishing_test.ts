/** The exchange of identity tokens on the local crates.io, in crates.io's words. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createCratesState,
  type PublisherConfig,
} from "../../../src/rehearsal/crates/crates_state.ts";
import { type LocalCrates, serveCrates } from "../../../src/rehearsal/crates/serve_crates.ts";
import type { JobIdentity } from "../../../src/rehearsal/identity/actions_job.ts";
import {
  type LocalIdentity,
  serveIdentity,
} from "../../../src/rehearsal/identity/serve_identity.ts";

const JOB: JobIdentity = { repository: "ada/engine", workflow: "release.yml" };
const AGENT = "tests/1.0 (+https://example.com)";

interface Desk extends AsyncDisposable {
  readonly server: LocalCrates;
  readonly identity: LocalIdentity;
  /** Moves the clock. */
  readonly pass: (minutes: number) => void;
  readonly exchange: (jwt: string) => Promise<[number, string]>;
  readonly mint: (job?: JobIdentity) => Promise<string>;
}

async function desk(config: PublisherConfig | undefined = JOB): Promise<Desk> {
  let time = Date.parse("2026-11-21T12:00:00Z");
  const now = (): Date => new Date(time);
  const identity = await serveIdentity({ job: JOB, clock: { now } });
  const state = createCratesState();
  state.identity = identity;
  if (config !== undefined) state.publishers.set("demo", [config]);
  const server = await serveCrates({ tokens: [], state, now });
  const audience = new URL(server.url).host;
  return {
    server,
    identity,
    pass: (minutes) => void (time += minutes * 60_000),
    exchange: async (jwt) => {
      const answer = await fetch(`${server.url}/api/v1/trusted_publishing/tokens`, {
        method: "POST",
        headers: { "user-agent": AGENT, "content-type": "application/json" },
        body: JSON.stringify({ jwt }),
      });
      const { token, errors } = await answer.json();
      return [answer.status, token ?? errors[0].detail];
    },
    mint: (job = JOB) => identity.mint(audience, job),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await identity[Symbol.asyncDispose]();
    },
  };
}

test("an identity token is exchanged once, for a token of crates.io's shape", async () => {
  await using world = await desk();
  const jwt = await world.mint();
  const [status, token] = await world.exchange(jwt);
  assert.equal(status, 200);
  assert.match(token, /^cio_tp_[A-Za-z0-9]{32}$/);
  assert.deepEqual(world.server.state.trusted.map(({ crates }) => crates), [["demo"]]);
  assert.deepEqual(await world.exchange(jwt), [400, "JWT has already been used"]);
  assert.equal((await world.exchange(await world.mint()))[0], 200);
});

const CONFIG = { repository: "Ada/Engine", workflow: "release.yml" };
const mismatch = "The Trusted Publishing config for repository `ada/engine`";
const refusals: {
  readonly name: string;
  readonly config?: PublisherConfig;
  readonly job?: JobIdentity;
  readonly detail: string;
}[] = [
  {
    name: "another repository",
    config: { ...CONFIG, repository: "ada/other" },
    detail: "No Trusted Publishing config found for repository `ada/engine`.",
  },
  {
    name: "an owner that was somebody else",
    config: { ...CONFIG, ownerId: "64" },
    detail:
      `${mismatch} does not match the repository owner ID (65) in the JWT. Expected owner IDs: 64. Please recreate the Trusted Publishing config to update the repository owner ID.`,
  },
  {
    name: "a workflow in another case",
    config: { ...CONFIG, workflow: "Release.yml" },
    detail:
      `${mismatch} does not match the workflow filename \`release.yml\` in the JWT. Expected workflow filenames: \`Release.yml\``,
  },
  {
    name: "no environment where one is asked for",
    config: { ...CONFIG, environment: "release" },
    detail:
      `${mismatch} requires an environment, but the JWT does not specify one. Expected environments: \`release\``,
  },
  {
    name: "another environment",
    config: { ...CONFIG, environment: "release" },
    job: { ...JOB, environment: "test" },
    detail:
      `${mismatch} does not match the environment \`test\` in the JWT. Expected environments: \`release\``,
  },
  {
    name: "an event that strangers may start",
    job: { ...JOB, event: "pull_request_target" },
    detail:
      "Trusted Publishing does not support the `pull_request_target` event trigger. Please use a different event trigger, such as `push`, `release`, or `workflow_dispatch`.",
  },
];
for (const { name, config = CONFIG, job, detail } of refusals) {
  test(`${name} is refused, and says what was expected`, async () => {
    await using world = await desk(config);
    assert.deepEqual(await world.exchange(await world.mint(job)), [400, detail]);
    assert.deepEqual(world.server.state.trusted, []);
  });
}

test("repositories and environments are the same in another case, and an environment nobody asks for is none's business", async () => {
  await using world = await desk({ ...CONFIG, environment: "Release" });
  const job = { ...JOB, environment: "rELEASE" };
  assert.equal((await world.exchange(await world.mint(job)))[0], 200);
  await using open = await desk(CONFIG);
  assert.equal((await open.exchange(await open.mint(job)))[0], 200);
});

test("what is no identity token for crates.io is not believed", async () => {
  await using world = await desk();
  assert.deepEqual(await world.exchange("no.jwt.here"), [400, "Failed to decode JWT"]);
  const elsewhere = await world.identity.mint("npm:registry.example");
  assert.deepEqual(await world.exchange(elsewhere), [400, "Failed to decode JWT"]);
  await using stranger = await serveIdentity({ job: JOB, clock: { now: () => new Date() } });
  const foreign = await stranger.mint(new URL(world.server.url).host);
  assert.deepEqual(await world.exchange(foreign), [400, "Invalid JWT key ID"]);
  await using other = await serveIdentity({
    ...{ job: JOB, clock: { now: () => new Date() } },
    issuer: "https://ghes.example",
  });
  const unknown = await other.mint(new URL(world.server.url).host);
  assert.deepEqual(await world.exchange(unknown), [
    400,
    "Unsupported JWT issuer: https://ghes.example",
  ]);
  const late = await world.mint();
  world.pass(7);
  assert.deepEqual(await world.exchange(late), [400, "Failed to decode JWT"]);
});

test("a token is dead after half an hour, and when it is given back", async () => {
  await using world = await desk();
  const [, token] = await world.exchange(await world.mint());
  const yank = async (): Promise<string> => {
    const headers = { "user-agent": AGENT, authorization: token };
    const url = `${world.server.url}/api/v1/crates/demo/1.0.0/yank`;
    const answer = await fetch(url, { method: "DELETE", headers });
    return (await answer.json()).errors[0].detail;
  };
  const revoke = async (authorization: string): Promise<number> => {
    const headers = { "user-agent": AGENT, authorization };
    const url = `${world.server.url}/api/v1/trusted_publishing/tokens`;
    const answer = await fetch(url, { method: "DELETE", headers });
    await answer.body?.cancel();
    return answer.status;
  };
  assert.equal(await yank(), "The provided access token is not valid for crate `demo`");
  world.pass(30);
  assert.equal(await yank(), "Invalid authentication token");
  world.pass(-1);
  assert.equal(await revoke(`Bearer ${token}`), 204);
  assert.equal(await yank(), "Invalid authentication token");
  assert.equal(await revoke(`Bearer ${token}`), 204);
  assert.equal(await revoke(`Bearer cio_tp_short`), 401);
  assert.equal(await revoke(""), 401);
});
