import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { awaitShown } from "../../../src/command/publish/confirm.ts";
import type { Ready, Run } from "../../../src/command/publish/run.ts";
import { Failure } from "../../../src/error.ts";
import {
  declare,
  type SmallRegistry,
  smallRegistry,
  type SmallRun,
  smallRun,
} from "./small_registry.ts";

interface Desk {
  readonly npm: SmallRegistry;
  readonly world: SmallRun;
  readonly ready: Ready;
  readonly wait: () => ReturnType<typeof awaitShown>;
}

/** A release `a` of so many files, all of them sent. */
async function desk(
  count: number,
  options: { readonly signal?: AbortSignal; readonly patience?: number } = {},
): Promise<Desk> {
  const npm = smallRegistry();
  const world = smallRun(declare({ a: [] }), { registries: { npm }, ...options });
  const [ready] = await world.ready({ a: Array<number>(count).fill(0) });
  npm.log.length = 0;
  const { files } = ready!.prepared;
  return { npm, world, ready: ready!, wait: () => awaitShown(world.run, ready!, { files }) };
}

test("arrival is waited for until the registry shows the file, and told once", async () => {
  const { npm, world, ready } = await desk(1);
  const { files } = ready.prepared;
  const look: typeof npm.look = async (prepared, options) => {
    const found = await npm.look(prepared, options);
    assert.equal(options?.fresh, true);
    if (npm.log.length === 3) npm.held.set("a", files[0]!.digest);
    return found;
  };
  const run = { ...world.run, registries: { ...world.run.registries, npm: { ...npm, look } } };
  assert.equal((await awaitShown(run, ready, { files })).isShown, true);
  assert.deepEqual(world.host.waits, [500, 1000, 2000]);
  assert.deepEqual(world.events, [{
    type: "waiting",
    release: { name: "a", kind: "npm", version: "1.0.0" },
    reason: "until the registry shows what it accepted",
    milliseconds: 600_000,
  }]);
});

test("arrival is given up after the patience, with a last look at its end", async () => {
  for (const patience of [600_000, 90_000, 700]) {
    const { npm, world, wait } = await desk(1, { patience });
    assert.deepEqual(await wait(), {
      isShown: false,
      unseen: ["a"],
      why: `npm does not show it after ${patience / 1000} s`,
    });
    assert.equal(world.host.waits.reduce((sum, one) => sum + one, 0), patience);
    assert.equal(npm.log.length, world.host.waits.length + 1);
  }
});

test("nobody looks again before the pause is over", async () => {
  const { npm, world, ready } = await desk(1, { patience: 3000 });
  const { clock } = world.host;
  let isPausing = false;
  const sleep: typeof clock.sleep = async (milliseconds, signal) => {
    isPausing = true;
    await clock.sleep(milliseconds, signal);
    await setImmediate();
    isPausing = false;
  };
  const look: typeof npm.look = (prepared, options) => {
    assert.ok(!isPausing, "it is looked while the pause lasts");
    return npm.look(prepared, options);
  };
  const run: Run = {
    ...world.run,
    host: { ...world.run.host, clock: { ...clock, sleep } },
    registries: { ...world.run.registries, npm: { ...npm, look } },
  };
  assert.equal((await awaitShown(run, ready, { files: ready.prepared.files })).isShown, false);
  assert.ok(npm.log.length > 1);
});

test("without patience it is looked once", async () => {
  const { npm, world, wait } = await desk(1, { patience: 0 });
  assert.equal((await wait()).isShown, false);
  assert.deepEqual([npm.log, world.host.waits, world.events], [["look"], [], []]);
});

test("other bytes are told at once, with both digests", async () => {
  const { npm, world, wait } = await desk(2);
  npm.held.set("a", "sha256-of-another");
  await assert.rejects(wait(), {
    code: "PIOT_VERSION_TAKEN",
    message: /publish a: .*\(sha256-of-another there, sha256-a-0 here\)/,
  });
  assert.deepEqual(world.host.waits, []);
});

test("other bytes that come while it is waited end the waiting", async () => {
  const { npm, world, ready } = await desk(1);
  const { files } = ready.prepared;
  const look: typeof npm.look = (prepared, options) => {
    if (npm.log.length === 2) npm.held.set("a", "sha256-of-another");
    return npm.look(prepared, options);
  };
  const run = { ...world.run, registries: { ...world.run.registries, npm: { ...npm, look } } };
  await assert.rejects(awaitShown(run, ready, { files }), { code: "PIOT_VERSION_TAKEN" });
  assert.deepEqual(world.host.waits, [500, 1000]);
});

test("one look has to show all of the files: what flickers is not shown", async () => {
  const { npm, world, ready } = await desk(2, { patience: 2000 });
  const { files } = ready.prepared;
  const look: typeof npm.look = (prepared, options) => {
    // Edges of a network that take turns: each knows of one file alone.
    const [here, there] = npm.log.length % 2 === 0 ? [0, 1] : [1, 0];
    npm.held.set(files[here]!.name, files[here]!.digest);
    npm.held.delete(files[there]!.name);
    return npm.look(prepared, options);
  };
  const run = { ...world.run, registries: { ...world.run.registries, npm: { ...npm, look } } };
  assert.equal((await awaitShown(run, ready, { files })).isShown, false);
});

test("a registry that does not answer is asked again, and its last words are told in the end", async () => {
  const down = (): Failure => new Failure("PIOT_REGISTRY_UNKNOWN", "Cannot tell: 503");
  const { npm, wait } = await desk(1);
  npm.troubles.push(down(), down());
  npm.held.set("a", "sha256-a-0");
  assert.equal((await wait()).isShown, true);

  const silent = await desk(1, { patience: 1000 });
  silent.npm.troubles.push(...Array.from({ length: 9 }, down));
  const shown = await silent.wait();
  assert.ok(!shown.isShown);
  assert.equal(shown.why, "npm does not show it after 1 s; Cannot tell: 503");
});

test("an interruption ends the waiting: what is not shown by then is unconfirmed", async () => {
  const control = new AbortController();
  const { npm, world, ready } = await desk(1, { signal: control.signal });
  const { files } = ready.prepared;
  const look: typeof npm.look = (prepared, options) => {
    if (npm.log.length === 1) control.abort(new Failure("PIOT_INTERRUPTED", "Cannot go on"));
    return npm.look(prepared, options);
  };
  const run = { ...world.run, registries: { ...world.run.registries, npm: { ...npm, look } } };
  assert.deepEqual(await awaitShown(run, ready, { files }), {
    isShown: false,
    unseen: ["a"],
    why: "the run was interrupted before npm showed it",
  });
  assert.deepEqual(world.host.waits, [500]);
});

test("after an interruption it is looked once, and what is shown then counts", async () => {
  const control = new AbortController();
  control.abort(new Failure("PIOT_INTERRUPTED", "Cannot go on"));
  const { npm, wait } = await desk(1, { signal: control.signal });
  npm.held.set("a", "sha256-a-0");
  assert.equal((await wait()).isShown, true);
  assert.deepEqual(npm.log, ["look"]);
});
