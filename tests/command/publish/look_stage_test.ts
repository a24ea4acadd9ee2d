import assert from "node:assert/strict";
import { test } from "node:test";
import { lookStage } from "../../../src/command/publish/look_stage.ts";
import type { Checked } from "../../../src/command/publish/run.ts";
import { Failure } from "../../../src/error.ts";
import { declare, smallRegistry, type SmallRun, smallRun } from "./small_registry.ts";

async function checked(world: SmallRun): Promise<readonly Checked[]> {
  const ready = await world.ready();
  return ready.map(({ release, prepared }) => ({ release, prepared }));
}

test("both digests of a file with other bytes are told", async () => {
  const npm = smallRegistry();
  npm.held.set("b", "sha256-of-b").set("c", "sha256-c-0");
  npm.ours.add("b");
  const world = smallRun(declare({ a: [], b: [], c: [] }), { registries: { npm } });
  const judged = await lookStage(world.run, await checked(world));
  assert.deepEqual(judged.map(({ verdict }) => verdict.to), ["send", "send", "send"]);
  const ref = (name: string): object => ({ name, kind: "npm", version: "1.0.0" });
  const [a, b, c] = ["a", "b", "c"].map(ref);
  assert.deepEqual(world.events, [
    { type: "stage", stage: "look" },
    { type: "file-present", release: a, file: "a", state: "absent" },
    {
      type: "file-present",
      release: b,
      file: "b",
      state: "other",
      held: "sha256-of-b",
      built: "sha256-b-0",
    },
    {
      type: "warning",
      release: b,
      message: "b is on the registry with other bytes of this very commit: kept as it is there " +
        "(sha256-of-b there, sha256-b-0 here)",
    },
    { type: "file-present", release: c, file: "c", state: "same" },
  ]);
});

test("every registry that does not answer is told of, and no verdict is given", async () => {
  const npm = smallRegistry();
  const world = smallRun(declare({ a: [], b: [], c: [] }), { registries: { npm } });
  const releases = await checked(world);
  const unknown = (name: string): Failure => new Failure("PIOT_REGISTRY_UNKNOWN", `no ${name}`);
  npm.troubles.push(unknown("first"), unknown("second"));
  await assert.rejects(lookStage(world.run, releases), (error) => {
    assert.ok(error instanceof Failure);
    assert.deepEqual(error.problems.map(({ message }) => message), ["no first", "no second"]);
    return true;
  });
  assert.deepEqual(world.events.map(({ type }) => type), ["stage"]);
});

test("how an upload will differ from what was asked for is a warning: another dist-tag, a release that closes", async () => {
  const npm = smallRegistry();
  const notes = ['"latest" stays at 2.0.0: 1.0.0 is lower and gets "release-1.0"'];
  const look: typeof npm.look = async (prepared) => ({ ...await npm.look(prepared), notes });
  const world = smallRun(declare({ a: [] }), { registries: { npm: { ...npm, look } } });
  await lookStage(world.run, await checked(world));
  const warnings = world.events.flatMap((event) => event.type === "warning" ? [event] : []);
  assert.deepEqual(warnings, [{
    type: "warning",
    message: notes[0],
    release: { name: "a", kind: "npm", version: "1.0.0" },
  }]);
});
