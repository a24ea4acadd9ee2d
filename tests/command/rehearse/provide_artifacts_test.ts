import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gatherArtifacts } from "../../../src/command/rehearse/provide_artifacts.ts";
import type { Plan, PlannedPackage } from "../../../src/core/model/plan.ts";
import { walkFiles } from "../../../src/host/files.ts";
import { gitRepo } from "../../support/git_repo.ts";
import { needs } from "../../support/tools.ts";
import { tempFolder } from "../../support/temp.ts";

const withGit = await needs("git");

const artifact = (target: string) => ({
  ...{ target, artifact_name: `demo-${target}`, artifact_path: "dist", runs_on: "ubuntu" },
  required: true,
});
const wheel: PlannedPackage = {
  ...{ name: "demo", kind: "pypi", registry_name: "demo", path: "demo", version: "1.0.0" },
  ...{ previous: null, bump: null, tag: "demo-v1.0.0", depends_on: [], reason: "requested" },
  artifacts: [artifact("any"), artifact("sdist")],
};
const plain: PlannedPackage = {
  ...wheel,
  ...{ name: "js", kind: "npm", registry_name: "js" },
  artifacts: [{ ...artifact("noarch"), artifact_name: "js-pkg", required: false }],
};
const PLAN: Plan = {
  ...{ schema: 1, head: null, packages: [wheel, plain], left_out: [], warnings: [], matrix: [] },
};

test("what is missing is made up to the contract, whole by the time that it is told", async () => {
  await using temp = await tempFolder();
  const folder = join(temp.path, "artifacts");
  const gathered = await gatherArtifacts(PLAN, { given: undefined, folder });
  assert.deepEqual(await walkFiles(folder), [
    "demo-any/demo-1.0.0-py3-none-any.whl",
    "demo-sdist/demo-1.0.0.tar.gz",
  ]);
  assert.deepEqual(gathered, [
    { name: "demo-any", package: "demo", from: "synthesised" },
    { name: "demo-sdist", package: "demo", from: "synthesised" },
    { name: "js-pkg", package: "js", from: "checkout" },
  ]);
});

test("nothing is told to be made up before it lies there", async () => {
  await using temp = await tempFolder();
  const plan = { ...PLAN, packages: [{ ...wheel, artifacts: [artifact("any")] }] };
  await gatherArtifacts(plan, { given: undefined, folder: temp.path });
  const path = join(temp.path, "demo-any/demo-1.0.0-py3-none-any.whl");
  assert.ok(existsSync(path));
});

test("wheels in a folder that a job named itself stand in for the row without a platform", async () => {
  await using temp = await tempFolder({ "given/demo-wheels-linux/own.whl": "built" });
  const [given, folder] = [join(temp.path, "given"), join(temp.path, "artifacts")];
  const gathered = await gatherArtifacts(PLAN, { given, folder });
  assert.deepEqual(gathered.map(({ name, from }) => `${name} ${from}`), [
    ...["demo-any given", "demo-sdist synthesised", "js-pkg checkout"],
  ]);
});

test("what was built is taken as it was built, and stays where it was", async () => {
  await using temp = await tempFolder({ "given/demo-any/own.whl": "built" });
  const [given, folder] = [join(temp.path, "given"), join(temp.path, "artifacts")];
  const gathered = await gatherArtifacts(PLAN, { given, folder });
  assert.deepEqual(gathered.map(({ name, from }) => `${name} ${from}`), [
    "demo-any given",
    "demo-sdist synthesised",
    "js-pkg checkout",
  ]);
  assert.deepEqual(await walkFiles(folder), ["demo-any/own.whl", "demo-sdist/demo-1.0.0.tar.gz"]);
  assert.deepEqual(await walkFiles(given), ["demo-any/own.whl"]);
});

test(
  "what a build would have left in the checkout is made up there, and git looks past it",
  withGit,
  async () => {
    const manifest = JSON.stringify({ name: "js", version: "0.0.0", main: "dist/index.js" });
    await using repository = await gitRepo({ "sub/demo/package.json": manifest });
    await using temp = await tempFolder();
    const copy = { root: join(repository.path, "sub"), checkout: repository.path };
    const plan = { ...PLAN, packages: [plain] };
    const gathered = await gatherArtifacts(plan, { given: undefined, folder: temp.path, copy });
    assert.deepEqual(gathered, [
      { name: "js-pkg", package: "js", from: "synthesised", made: ["dist/index.js"] },
    ]);
    assert.ok(existsSync(join(repository.path, "sub/demo/dist/index.js")));
    assert.equal(await repository.git("status", "--porcelain"), "");
    // Nothing is made up where it lies there already.
    const [again] = await gatherArtifacts(plan, { given: undefined, folder: temp.path, copy });
    assert.deepEqual(again, { name: "js-pkg", package: "js", from: "checkout" });
  },
);
