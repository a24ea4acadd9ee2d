import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { publish, type PublishResult } from "../../src/command/publish.ts";
import { Failure } from "../../src/error.ts";
import type { Event } from "../../src/report/report.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { testHost } from "../support/test_host.ts";
import { needs } from "../support/tools.ts";

const withCargo = await needs("git", "cargo");

/** Publishes, and is interrupted at the first event that fits. */
async function interrupted(
  world: ReleaseWorld,
  at: (event: Event) => boolean,
): Promise<PublishResult> {
  const control = new AbortController();
  const reason = new Failure("PIOT_INTERRUPTED", "Cannot go on: the run was interrupted (SIGINT)");
  const host = testHost({ cwd: world.root, env: world.env, signal: control.signal });
  return await publish(host, {
    artifacts: world.artifacts,
    onEvent: (event) => {
      if (at(event)) control.abort(reason);
    },
  });
}

test(
  "an interrupted run finishes what is in flight, starts nothing new, and the next run completes it",
  withCargo,
  async () => {
    await using world = await releaseWorld({ withCrate: true });
    const { outcomes } = await interrupted(world, ({ type }) => type === "upload-started");
    const statuses = new Map(outcomes.map(({ name, status }) => [name, status]));
    assert.equal(
      statuses.get("pebble"),
      "blocked",
      "it depends on a crate that was not confirmed, or not sent",
    );
    const published = outcomes.filter(({ status }) => status === "published");
    assert.ok(published.length > 0, "what was being sent is finished");
    assert.deepEqual(await world.tags(), published.map(({ tag }) => tag).sort(), "and tagged");

    const again = await world.piot("publish");
    assert.equal(again.status, 0, again.stderr);
    assert.deepEqual(await world.tags(), [
      "pebble-core-v0.1.0",
      "pebble-js-v0.1.0",
      "pebble-v0.1.0",
    ]);
  },
);

test(
  "a run that is interrupted before its uploads uploads nothing and puts every manifest back",
  withCargo,
  async () => {
    await using world = await releaseWorld({ withCrate: true });
    const manifest = join(world.root, "rust/pebble-core/Cargo.toml");
    const before = await readFile(manifest, "utf8");
    const { outcomes } = await interrupted(
      world,
      (event) => event.type === "stage" && event.stage === "upload",
    );
    assert.deepEqual(outcomes.map(({ status }) => status), ["blocked", "blocked", "blocked"]);
    assert.deepEqual(world.writes(), []);
    assert.deepEqual(await world.tags(), []);
    assert.equal(await readFile(manifest, "utf8"), before);
    assert.equal(await world.git.text(["status", "--porcelain"]), "");
  },
);
