import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { parseFault } from "../../src/rehearsal/server/faults.ts";
import { makeBinary } from "../../src/rehearsal/synthesise/platform_artifact.ts";
import { releaseWorld, remove } from "../support/release_world.ts";
import { writeTree } from "../support/temp.ts";

const TARGETS = ["linux-x64-gnu", "linux-arm64-gnu", "darwin-arm64", "win32-x64-msvc"];

test("a target that is missing is told of together with everything else that is wrong", async () => {
  await using world = await releaseWorld({ targets: TARGETS });
  await remove(join(world.artifacts, "pebble-cli-win32-x64-msvc"));
  await writeTree(world.artifacts, {
    "pebble-cli-linux-x64-gnu/pebble-cli": makeBinary("linux-arm64-gnu", "program"),
    "pebble-cli-linux-arm64-gnu/pebble-cli": makeBinary("linux-x64-gnu", "program"),
    "pebble-cli-darwin-arm64/pebble-cli": "",
  });
  const { status, stderr } = await world.piot("publish");
  assert.equal(status, 1);
  assert.deepEqual(world.writes(), []);
  assert.equal(stderr.match(/pebble-cli-win32-x64-msvc"; there are/g)?.length, 1, stderr);
  assert.match(stderr, /is an ELF program for linux arm64 \(glibc\), and linux-x64-gnu needs/);
  assert.match(stderr, /is an ELF program for linux x64 \(glibc\), and linux-arm64-gnu needs/);
  assert.match(stderr, /"pebble-cli" in the artifact "pebble-cli-darwin-arm64" is empty/);
});

test("a family is published, tagged once, and left alone by the next run", async () => {
  await using world = await releaseWorld({ targets: TARGETS });
  const first = await world.piot("publish");
  assert.equal(first.status, 0, first.stderr);
  const published = world.writes().filter((line) => line.includes("pebble-cli"));
  assert.equal(published.length, TARGETS.length + 1);
  assert.equal(published.at(-1), "npm PUT /@putitoutthere%2fpebble-cli 200");
  assert.deepEqual((await world.tags()).filter((tag) => tag.startsWith("pebble-cli")), [
    "pebble-cli-v0.1.0",
  ]);
  const before = world.writes().length;
  const second = await world.piot("publish");
  assert.equal(second.status, 0, second.stderr);
  assert.equal(world.writes().length, before);
});

test("a family that lacks a platform package is not tagged, and its main package waits for it", async () => {
  await using world = await releaseWorld({ targets: TARGETS });
  const { fault } = parseFault("npm-upload=pebble-cli-darwin-arm64:500", {
    sleep: () => Promise.resolve(),
  });
  world.services.breakNext("npm", fault);
  const broken = await world.piot("publish");
  assert.equal(broken.status, 1);
  const isFamily = (line: string): boolean => line.includes("pebble-cli") && line.endsWith(" 200");
  const sent = world.writes().filter(isFamily);
  assert.equal(sent.length, TARGETS.length - 1);
  assert.ok(!sent.includes("npm PUT /@putitoutthere%2fpebble-cli 200"));
  assert.deepEqual((await world.tags()).filter((tag) => tag.startsWith("pebble-cli")), []);
  const mended = await world.piot("publish");
  assert.equal(mended.status, 0, mended.stderr);
  assert.deepEqual(world.writes().filter(isFamily).slice(sent.length), [
    "npm PUT /@putitoutthere%2fpebble-cli-darwin-arm64 200",
    "npm PUT /@putitoutthere%2fpebble-cli 200",
  ]);
  assert.deepEqual((await world.tags()).filter((tag) => tag.startsWith("pebble-cli")), [
    "pebble-cli-v0.1.0",
  ]);
});
