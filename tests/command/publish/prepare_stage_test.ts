import assert from "node:assert/strict";
import { test } from "node:test";
import { prepareStage } from "../../../src/command/publish/prepare_stage.ts";
import type { Run } from "../../../src/command/publish/run.ts";
import type { Package } from "../../../src/core/model/package.ts";
import type { PlannedPackage } from "../../../src/core/model/plan.ts";
import { Failure } from "../../../src/error.ts";
import type { Prepared, Registry, Release } from "../../../src/registry/registry.ts";
import { crate } from "../../registry/crates/crates_world.ts";
import { tempFolder } from "../../support/temp.ts";
import { declare, smallRegistry, smallRun } from "./small_registry.ts";

const refusalOf = (name: string): Failure =>
  new Failure("PIOT_ARTIFACT_INVALID", `${name} is broken`);

function prepared(release: Release): Prepared {
  const { name } = release.package;
  const warnings = name === "odd" ? ["odd is odd"] : [];
  return { release, files: [{ name, size: 3, digest: `sha256-${name}-0` }], warnings };
}

/** A registry that refuses the packages of some names. */
function preparing({ refused = [] }: { readonly refused?: readonly string[] } = {}): Registry {
  return {
    ...smallRegistry(),
    prepare: (releases, _defer, { refuse } = {}) => {
      const passed = releases.filter((release) => {
        const { name } = release.package;
        if (refused.includes(name)) refuse!(release, refusalOf(name));
        return !refused.includes(name);
      });
      return Promise.resolve(passed.map(prepared));
    },
  };
}

test("packages are prepared in the plan's order, and told of with their warnings", async () => {
  const packages: readonly Package[] = [crate("late"), ...declare({ odd: [], a: [] })];
  const crates = { ...preparing(), changesTree: true };
  const world = smallRun(packages, { registries: { npm: preparing(), crates } });
  const checked = await prepareStage(world.run);
  assert.deepEqual(checked.map(({ release }) => release.package.name), ["late", "odd", "a"]);
  const ref = (name: string, kind: string): object => ({ name, kind, version: "1.0.0" });
  assert.deepEqual(world.events, [
    { type: "stage", stage: "prepare" },
    { type: "package-checked", release: ref("late", "crates"), files: 1, bytes: 3 },
    { type: "warning", message: "odd is odd", release: ref("odd", "npm") },
    { type: "package-checked", release: ref("odd", "npm"), files: 1, bytes: 3 },
    { type: "package-checked", release: ref("a", "npm"), files: 1, bytes: 3 },
  ]);
});

test("what is wrong with one package stops the run, so that none goes out beside it", async () => {
  const npm = preparing({ refused: ["b"] });
  const world = smallRun(declare({ a: [], b: [], c: ["b"], d: [] }), { registries: { npm } });
  await assert.rejects(prepareStage(world.run), { message: "b is broken" });
  assert.deepEqual(world.events, [{ type: "stage", stage: "prepare" }]);
});

test("all that is wrong with packages is told in one failure", async () => {
  const npm = preparing({ refused: ["a", "b"] });
  const world = smallRun(declare({ a: [], b: [] }), { registries: { npm } });
  await assert.rejects(prepareStage(world.run), (error) => {
    assert.ok(error instanceof Failure);
    assert.deepEqual(error.problems.map(({ message }) => message), ["a is broken", "b is broken"]);
    return true;
  });
});

test("what is wrong with the whole is told beside a package's own trouble", async () => {
  const npm = preparing({ refused: ["a"] });
  const crates = {
    ...smallRegistry(),
    prepare: () => Promise.reject(new Failure("PIOT_DIRTY_TREE", "the tree is dirty")),
  };
  const packages: readonly Package[] = [...declare({ a: [], b: [] }), crate("x")];
  const world = smallRun(packages, { registries: { npm, crates } });
  await assert.rejects(prepareStage(world.run), (error) => {
    assert.ok(error instanceof Failure);
    assert.deepEqual(error.problems.map(({ message }) => message), [
      "a is broken",
      "the tree is dirty",
    ]);
    return true;
  });
});

test("what changes the tree is prepared after everything that only reads it", async () => {
  const log: string[] = [];
  const logging = (name: string, changesTree: boolean): Registry => ({
    ...preparing(),
    changesTree,
    prepare: async (releases) => {
      log.push(`${name} begins`);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      log.push(`${name} ends`);
      return releases.map(prepared);
    },
  });
  const packages: readonly Package[] = [crate("x"), ...declare({ a: [] })];
  const registries = { crates: logging("crates", true), npm: logging("npm", false) };
  await prepareStage(smallRun(packages, { registries }).run);
  assert.deepEqual(log, ["npm begins", "npm ends", "crates begins", "crates ends"]);
});

test("an artifact that was not delivered is told, and the others are checked all the same", async () => {
  await using folder = await tempFolder({ "artifacts/b/dist.txt": "" });
  const seen: string[] = [];
  const npm: Registry = {
    ...smallRegistry(),
    prepare: (releases) => {
      seen.push(...releases.map((release) => release.package.name));
      return Promise.resolve(releases.map(prepared));
    },
  };
  const world = smallRun(declare({ a: [], b: [] }), { registries: { npm } });
  const packages: readonly PlannedPackage[] = world.run.plan.packages.map((planned) => ({
    ...planned,
    artifacts: [{
      target: "noarch",
      artifact_name: planned.name,
      required: true,
      artifact_path: "dist",
      runs_on: "ubuntu-latest",
    }],
  }));
  const run: Run = {
    ...world.run,
    artifacts: `${folder.path}/artifacts`,
    plan: { ...world.run.plan, packages },
  };
  await assert.rejects(prepareStage(run), { code: "PIOT_ARTIFACT_MISSING" });
  assert.deepEqual(seen, ["b"], "the other is not even handed over");
});

test("siblings that do not ship are told of at the versions of their last releases", async () => {
  let standing: readonly string[] = [];
  const npm: Registry = {
    ...smallRegistry(),
    prepare: (releases, _defer, options) => {
      standing = (options?.standing ?? []).map((one) => `${one.package.name} ${one.version}`);
      return Promise.resolve(releases.map(prepared));
    },
  };
  const world = smallRun(declare({ a: [], b: [], c: [] }), { registries: { npm }, names: ["a"] });
  const plan = {
    ...world.run.plan,
    left_out: [
      { name: "b", previous: "0.3.0", reason: "unchanged" } as const,
      { name: "c", previous: null, reason: "skipped" } as const,
    ],
  };
  await prepareStage({ ...world.run, plan });
  assert.deepEqual(standing, ["b 0.3.0"]);
});
