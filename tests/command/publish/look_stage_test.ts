import assert from "node:assert/strict";
import { test } from "node:test";
import { lookStage } from "../../../src/command/publish/look_stage.ts";
import type { Checked, Run } from "../../../src/command/publish/run.ts";
import { Failure } from "../../../src/error.ts";
import { createGit } from "../../../src/host/git.ts";
import { ReleaseRefused } from "../../../src/registry/registry.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { git, repositoryOf } from "../../support/history.ts";
import { needs } from "../../support/tools.ts";
import { declare, smallRegistry, type SmallRun, smallRun } from "./small_registry.ts";

const withGit = await needs("git");

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

test(
  "what an earlier commit of this history made is told, and belongs to that one",
  withGit,
  async () => {
    await using folder = await repositoryOf([{ commit: "Earlier" }, { commit: "Head" }]);
    const idOf = async (rev: string): Promise<string> =>
      (await git(folder.path, ["rev-parse", rev])).trim();
    const [earlier, head] = [await idOf("HEAD~"), await idOf("HEAD")];
    const npm = smallRegistry();
    npm.held.set("a", "sha256-a-0");
    npm.named.set("a", earlier);
    const world = smallRun(declare({ a: [], b: [] }), { registries: { npm } });
    const run: Run = {
      ...world.run,
      plan: { ...world.run.plan, head },
      repository: {
        git: createGit({ cwd: folder.path, env: GIT_ENV }),
        github: () => Promise.resolve({ why: "there is none" }),
      },
    };
    const releases = (await checked(world)).map(({ prepared }) => {
      const release = { ...prepared.release, commit: head };
      return { release, prepared: { ...prepared, release } };
    });
    const [a, b] = await lookStage(run, releases);
    assert.deepEqual([a!.release.commit, b!.release.commit], [earlier, head]);
    const warnings = world.events.flatMap((event) =>
      event.type === "warning" ? [`${event.release?.name}: ${event.message}`] : []
    );
    assert.deepEqual(warnings, [
      `a: a 1.0.0 was made from an earlier commit: the registry's records name ${earlier} for a (its record); ` +
      `it is tagged there, not at ${head}`,
    ]);
  },
);

test("without a commit no records are asked for, and the same bytes are enough", async () => {
  const npm = smallRegistry();
  npm.held.set("a", "sha256-a-0");
  npm.named.set("a", "a".repeat(40));
  const world = smallRun(declare({ a: [] }), { registries: { npm } });
  const releases = (await checked(world)).map(({ prepared }) => {
    const release = { ...prepared.release, commit: undefined };
    return { release, prepared: { ...prepared, release } };
  });
  const [a] = await lookStage(world.run, releases);
  assert.deepEqual([a!.verdict.to, a!.release.commit], ["send", undefined]);
});

test("what a registry would take nothing of is that release's own trouble, and others are looked at", async () => {
  const npm = smallRegistry();
  const refusal = new ReleaseRefused("PIOT_REGISTRY_REFUSED", "the project is archived");
  const look: typeof npm.look = (prepared) =>
    prepared.release.package.name === "a" ? Promise.reject(refusal) : npm.look(prepared);
  const world = smallRun(declare({ a: [], b: [] }), { registries: { npm } });
  const releases = await checked(world);
  const run: Run = { ...world.run, registries: { ...world.run.registries, npm: { ...npm, look } } };
  const [a, b] = await lookStage(run, releases);
  assert.deepEqual(a!.verdict, { to: "refuse", failure: refusal });
  assert.equal(b!.verdict.to, "send");
});

test("after an interruption nobody is looked at, and nothing is told", async () => {
  const control = new AbortController();
  const npm = smallRegistry();
  const world = smallRun(declare({ a: [], b: [] }), {
    registries: { npm },
    signal: control.signal,
  });
  const releases = await checked(world);
  npm.log.length = 0;
  control.abort(new Failure("PIOT_INTERRUPTED", "stopped"));
  await assert.rejects(lookStage(world.run, releases), { code: "PIOT_INTERRUPTED" });
  assert.deepEqual([npm.log, world.events], [[], []]);
});
