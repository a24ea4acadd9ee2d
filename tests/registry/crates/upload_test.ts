/** What becomes of an upload that does not go well, with real cargo. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../../src/error.ts";
import type { CratesPrepared } from "../../../src/registry/crates/crates_work.ts";
import type { Look, Presence, Registry } from "../../../src/registry/registry.ts";
import type { LocalRequest } from "../../../src/rehearsal/server/messages.ts";
import {
  ADA,
  cargoUser,
  type CratesWorld,
  cratesWorld,
  EVE,
  LONE,
  NO_CARGO,
} from "./crates_world.ts";
import { writeTree } from "../../support/temp.ts";

const isPut = ({ method }: LocalRequest): boolean => method === "PUT";

interface Ready extends CratesWorld {
  readonly lone: CratesPrepared;
  readonly publisher: Registry<CratesPrepared>;
}

/** A world with one crate, prepared at 0.1.0. */
async function ready(): Promise<Ready> {
  const world = await cratesWorld(LONE);
  const publisher = world.registry();
  const [prepared] = await world.prepare(publisher, [await world.release("lone", "0.1.0")]);
  return { ...world, lone: prepared!, publisher };
}

function presence(look: Look): Presence | undefined {
  return [...look.files.values()][0];
}

async function upload({ publisher, lone }: Ready, secret = ADA.secret): Promise<void> {
  await publisher.upload(lone, lone.files[0]!, {
    credential: { kind: "token", secret, why: "a test" },
  });
}

test("an upload whose answer is lost is found by a fresh look, and sent no second time", {
  skip: NO_CARGO,
}, async () => {
  await using world = await ready();
  world.server.state.indexLag = Infinity;
  world.server.breakNext({ matches: isPut, how: "lost-after" });
  await assert.rejects(upload(world), { code: "PIOT_REGISTRY_UNKNOWN" });
  assert.deepEqual(world.puts(), [0]);
  assert.deepEqual(presence(await world.publisher.look(world.lone, { fresh: true })), {
    state: "same",
  });
});

test("an accepted upload ends cargo, which would wait a minute for an index that is behind", {
  skip: NO_CARGO,
}, async () => {
  await using world = await ready();
  world.server.state.indexLag = Infinity;
  await upload(world);
  const paths = world.server.log.map(({ method, path }) => `${method} ${path}`);
  const polls = paths.slice(paths.indexOf("PUT /api/v1/crates/new") + 1);
  assert.ok(polls.length <= 2, polls.join("\n"));
});

test("an upload that never arrives leaves nothing behind and can be sent again", {
  skip: NO_CARGO,
}, async () => {
  await using world = await ready();
  world.server.breakNext({ matches: isPut, how: "lost-before" });
  await assert.rejects(upload(world), { code: "PIOT_REGISTRY_UNKNOWN" });
  assert.deepEqual(presence(await world.publisher.look(world.lone, { fresh: true })), {
    state: "absent",
  });
  await upload(world);
  assert.deepEqual(presence(await world.publisher.look(world.lone)), { state: "same" });
});

test(
  "a service error during the upload is unknown, never a refusal",
  { skip: NO_CARGO },
  async () => {
    await using world = await ready();
    const busy = { status: 503, body: { errors: [{ detail: "Service unavailable" }] } };
    world.server.breakNext({ matches: isPut, how: busy });
    await assert.rejects(upload(world), {
      code: "PIOT_REGISTRY_UNKNOWN",
      message: "Cannot publish lone 0.1.0 to crates.io: Service unavailable",
    });
  },
);

test(
  "a token that crates.io does not know is refused in its words",
  { skip: NO_CARGO },
  async () => {
    await using world = await ready();
    await assert.rejects(upload(world, `cio${"x".repeat(32)}`), {
      code: "PIOT_AUTH_REFUSED",
      message: "Cannot publish lone 0.1.0 to crates.io: authentication failed",
    });
    assert.deepEqual(world.puts(), [403]);
  },
);

test("a token of somebody who does not own the crate is refused", { skip: NO_CARGO }, async () => {
  await using world = await ready();
  await upload(world);
  const [next] = await world.prepare(world.publisher, [await world.release("lone", "0.2.0")]);
  await assert.rejects(upload({ ...world, lone: next! }, EVE.secret), (error: Failure) => {
    assert.equal(error.code, "PIOT_AUTH_REFUSED");
    assert.match(error.message, /you don't seem to be an owner/);
    return true;
  });
});

test(
  "a rate limit with a date is waited for, and the wait is announced",
  { skip: NO_CARGO },
  async () => {
    await using world = await ready();
    const date = new Date(world.host.clock.now().getTime() + 10 * 60_000);
    const detail =
      `You have published too many new crates in a short period of time. Please try again after ${date.toUTCString()} and see https://crates.io/docs/rate-limits for more details.`;
    world.server.breakNext({
      matches: isPut,
      how: { status: 429, body: { errors: [{ detail }] } },
    });
    await upload(world);
    assert.deepEqual(world.puts(), [429, 200]);
    assert.deepEqual(world.waits.map(({ package: name, why }) => [name, why]), [["lone", detail]]);
    assert.ok(world.host.clock.now() >= date);
  },
);

test(
  "the daily limit of a crate, which has no date, ends the upload",
  { skip: NO_CARGO },
  async () => {
    await using world = await ready();
    const detail = "You have published too many versions of this crate in the last 24 hours";
    world.server.breakNext({
      matches: isPut,
      how: { status: 429, body: { errors: [{ detail }] } },
    });
    await assert.rejects(upload(world), { code: "PIOT_REGISTRY_BUSY" });
    assert.deepEqual(world.waits, []);
  },
);

const REASON = new Failure("PIOT_INTERRUPTED", "Cannot go on: the run was interrupted (SIGINT)");

test("an upload that comes after an interruption starts no cargo", { skip: NO_CARGO }, async () => {
  await using world = await ready();
  const publisher = world.registry({ signal: AbortSignal.abort(REASON) });
  const before = world.server.log.length;
  await assert.rejects(upload({ ...world, publisher }), { code: "PIOT_INTERRUPTED" });
  assert.equal(world.server.log.length, before);
});

test("an interruption while a rate limit is waited for ends the upload, which is not sent again", {
  skip: NO_CARGO,
}, async () => {
  await using world = await ready();
  const control = new AbortController();
  const date = new Date(world.host.clock.now().getTime() + 10 * 60_000);
  const detail = `Please try again after ${date.toUTCString()} and see the documentation`;
  world.server.breakNext({
    matches: (request) => {
      if (isPut(request)) control.abort(REASON);
      return isPut(request);
    },
    how: { status: 429, body: { errors: [{ detail }] } },
  });
  const publisher = world.registry({ signal: control.signal });
  await assert.rejects(upload({ ...world, publisher }), { code: "PIOT_INTERRUPTED" });
  assert.deepEqual(world.puts(), [429]);
});

test("an interruption while cargo sends is not the end of it", { skip: NO_CARGO }, async () => {
  await using world = await ready();
  const control = new AbortController();
  world.server.breakNext({
    matches: (request) => {
      if (isPut(request)) control.abort(REASON);
      return false;
    },
    how: { status: 500 },
  });
  await upload({ ...world, publisher: world.registry({ signal: control.signal }) });
  assert.deepEqual(world.puts(), [200]);
});

test("an interruption before cargo sends ends it, and nothing arrives", {
  skip: NO_CARGO,
}, async () => {
  await using world = await ready();
  const control = new AbortController();
  world.server.breakNext({
    matches: ({ path }) => {
      if (path === "/index/config.json") control.abort(REASON);
      return false;
    },
    how: { status: 500 },
  });
  const publisher = world.registry({ signal: control.signal });
  await assert.rejects(upload({ ...world, publisher }), { code: "PIOT_INTERRUPTED" });
  assert.deepEqual(world.puts(), []);
});

test("a version that appeared in between is said to be taken", { skip: NO_CARGO }, async () => {
  await using world = await ready();
  const manifest = LONE["lone/Cargo.toml"]!.replace("0.0.0", "0.1.0");
  await writeTree(world.repo.path, { "lone/Cargo.toml": manifest, "lone/src/other.rs": "" });
  const earlier = await cargoUser(
    { home: world.home.path, server: world.server, cwd: `${world.repo.path}/lone` },
    ["publish", "--no-verify", "--allow-dirty", "--target-dir", `${world.home.path}/target`],
    { CARGO_REGISTRY_TOKEN: ADA.secret },
  );
  assert.equal(earlier.code, 0, earlier.output);
  await assert.rejects(upload(world), { code: "PIOT_VERSION_TAKEN" });
});

test(
  "a crate that somebody else made in between is not one's own",
  { skip: NO_CARGO },
  async () => {
    await using world = await ready();
    const other = await cargoUser(
      { home: world.home.path, server: world.server, cwd: `${world.repo.path}/lone` },
      ["publish", "--no-verify", "--allow-dirty", "--target-dir", `${world.home.path}/target`],
      { CARGO_REGISTRY_TOKEN: EVE.secret },
    );
    assert.equal(other.code, 0, other.output);
    await assert.rejects(upload(world), { code: "PIOT_AUTH_REFUSED" });
  },
);

test("a version of another commit is other bytes of another commit; of this commit, of this one", {
  skip: NO_CARGO,
}, async () => {
  await using world = await ready();
  await upload(world);
  await world.undo();
  await world.repo.commit("Change", { "lone/src/lib.rs": "pub fn lone() { }\n" });
  const later = world.registry();
  const [second] = await world.prepare(later, [await world.release("lone", "0.1.0")]);
  const held = world.lone.files[0]!.digest;
  const look = await later.look(second!);
  assert.deepEqual(presence(look), { state: "other", held });
  const { commit } = world.lone.release;
  assert.notEqual(second!.release.commit, commit);
  assert.deepEqual(await later.records(second!, look), {
    commits: new Map([["lone-0.1.0.crate", { commit, source: "its vcs information" }]]),
    notes: [],
  });
});

test("a yanked version is there, which is told", { skip: NO_CARGO }, async () => {
  await using world = await ready();
  await upload(world);
  assert.equal((await world.publisher.look(world.lone)).notes, undefined);
  world.server.state.crates.get("lone")!.versions[0]!.yanked = true;
  const look = await world.publisher.look(world.lone);
  assert.deepEqual(presence(look), { state: "same" });
  assert.match(look.notes![0]!, /^lone 0\.1\.0 is on crates\.io and yanked/);
});

for (
  const { name, status, body } of [
    { name: "a server error", status: 500, body: "" },
    { name: "a block page", status: 403, body: "We are unable to process your request" },
    { name: "a page that is no index", status: 200, body: "<html></html>" },
  ]
) {
  test(`an index that answers with ${name} never means that a version is absent`, {
    skip: NO_CARGO,
  }, async () => {
    await using world = await ready();
    const matches = ({ path }: LocalRequest): boolean => path === "/index/lo/ne/lone";
    world.server.breakNext({ matches, how: { status, body }, times: 10 });
    await assert.rejects(world.publisher.look(world.lone), { code: "PIOT_REGISTRY_UNKNOWN" });
    assert.deepEqual(world.puts(), []);
  });
}
