import assert from "node:assert/strict";
import { test } from "node:test";
import { mendReleases } from "../../../src/command/publish/announce.ts";
import type { Run } from "../../../src/command/publish/run.ts";
import { openWorkspace } from "../../../src/command/workspace.ts";
import { Failure } from "../../../src/error.ts";
import { createGit } from "../../../src/host/git.ts";
import { declare, smallRun } from "./small_registry.ts";

test("what stands against looking for missing announcements is a warning: what the run did is told", async () => {
  const world = smallRun(declare({ a: [] }), { registries: {} });
  const { host } = world;
  const run: Run = {
    ...world.run,
    plan: {
      ...world.run.plan,
      left_out: [{ name: "a", previous: "1.0.0", reason: "released" }],
    },
    repository: {
      git: createGit({ cwd: "/nowhere", env: {} }),
      github: () => Promise.resolve({ why: "there is none" }),
    },
  };
  const broken = new Failure("PIOT_GIT", "Cannot run git: the disk is full");
  const workspace = {
    ...openWorkspace(host),
    config: () => Promise.reject(broken),
    repository: () => Promise.reject(broken),
  };
  assert.deepEqual(await mendReleases(run, { workspace, question: {} }), []);
  assert.deepEqual(world.events, [{
    type: "warning",
    message: "Cannot look for GitHub Releases that are missing: Cannot run git: the disk is full",
  }]);
});
