import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { planStage } from "../../../src/command/publish/plan_stage.ts";
import { plan, planWithFacts } from "../../../src/command/plan.ts";
import type { Plan, PlannedPackage } from "../../../src/core/model/plan.ts";
import { Failure } from "../../../src/error.ts";
import { REGISTRY_KINDS } from "../../../src/registry/kinds.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { git, repositoryOf, type Step } from "../../support/history.ts";
import { tempFolder } from "../../support/temp.ts";
import { testHost } from "../../support/test_host.ts";

const FILES = {
  "putitoutthere.toml":
    '[putitoutthere]\nversion = 1\n\n[[package]]\nname = "a"\nkind = "crates"\npath = "a"\npaths = ["a/**"]\n',
  "a/lib.rs": "1",
};
const HISTORY: readonly Step[] = [{ commit: "Start" }, { tag: "a-v0.1.0" }];
const emit = (): void => {};

test("planStage() does without git in a folder without history, and for nothing else", async () => {
  await using folder = await tempFolder(FILES);
  const env = { ...GIT_ENV, GIT_CEILING_DIRECTORIES: folder.path };
  const host = testHost({ cwd: folder.path, env });
  const work = await planStage(host, { emit, kinds: REGISTRY_KINDS, release: ["a@1.0.0"] });
  equal(work.git, undefined);
  deepEqual(work.plan.packages.map(({ tag }) => tag), ["a-v1.0.0"]);
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  // git's own tests use this variable to make it believe so. Nothing could be tagged there.
  const foreign = { ...GIT_ENV, GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" };
  const elsewhere = testHost({ cwd: repository.path, env: foreign });
  await rejects(
    planStage(elsewhere, { emit, kinds: REGISTRY_KINDS, release: ["a@1.0.0"] }),
    (error: unknown) => {
      ok(error instanceof Failure);
      equal(error.code, "PIOT_GIT");
      match(error.message, /dubious ownership/);
      return true;
    },
  );
});

test("planStage() holds the packages against each other in a folder without history, too", async () => {
  const config = FILES["putitoutthere.toml"];
  const other = config.slice(config.indexOf("\n[[package]]")).replaceAll('"a', '"b');
  const twice = other.replace('kind = "crates"', 'kind = "crates"\ncrate = "a"');
  await using folder = await tempFolder({ ...FILES, "putitoutthere.toml": config + twice });
  const env = { ...GIT_ENV, GIT_CEILING_DIRECTORIES: folder.path };
  const host = testHost({ cwd: folder.path, env });
  await rejects(planStage(host, { emit, kinds: REGISTRY_KINDS, release: ["a@1.0.0"] }), {
    code: "PIOT_CONFIG_INVALID",
  });
});

/** Reads a plan that was given, in a clone with this history; gives the failure, or nothing when it is taken. */
async function refusalOf(
  cwd: string,
  plan: unknown,
): Promise<Failure | undefined> {
  const host = testHost({ cwd, env: GIT_ENV });
  try {
    await planStage(host, { emit, kinds: REGISTRY_KINDS, plan: JSON.stringify(plan) });
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

async function planIn(cwd: string, ...release: string[]): Promise<Plan> {
  return await plan(testHost({ cwd, env: GIT_ENV }), { release });
}

test("planStage() takes a plan that was given, again after a run that got as far as the tag", async () => {
  await using repository = await repositoryOf([...HISTORY, {
    commit: "Change",
    write: { "a/lib.rs": "2" },
  }], {
    files: FILES,
  });
  for (const release of [[], ["a@0.3.0"], ["a@minor"]]) {
    const given = await planIn(repository.path, ...release);
    equal(await refusalOf(repository.path, given), undefined);
    const [{ tag }] = given.packages as [PlannedPackage];
    await git(repository.path, ["tag", tag]);
    equal(await refusalOf(repository.path, given), undefined);
    await git(repository.path, ["tag", "--delete", tag]);
  }
});

test("planStage() refuses a plan whose last release is not the one that the tags tell", async () => {
  await using repository = await repositoryOf([...HISTORY, {
    commit: "Change",
    write: { "a/lib.rs": "2" },
  }], {
    files: FILES,
  });
  const given = await planIn(repository.path, "a@0.3.0");
  const [planned] = given.packages;
  for (const previous of [null, "0.0.9", "0.3.0"]) {
    const lie = { ...given, packages: [{ ...planned, previous }] };
    const failure = await refusalOf(repository.path, lie);
    equal(failure?.code, "PIOT_PLAN_INVALID");
    equal(
      failure?.message,
      `Cannot use the plan: previous of package "a" is ${
        JSON.stringify(previous)
      }, and has to be "0.1.0"`,
    );
  }
});

test("planStage() takes a plan in a clone whose history is cut, and still no lie about its tag", async () => {
  await using repository = await repositoryOf([...HISTORY, {
    commit: "Change",
    write: { "a/lib.rs": "2" },
  }], {
    files: FILES,
  });
  const given = await planIn(repository.path);
  await using folder = await tempFolder();
  const shallow = join(folder.path, "clone");
  await git(folder.path, ["clone", "--quiet", "--depth=1", `file://${repository.path}`, shallow]);
  equal(await refusalOf(shallow, given), undefined);
  for (const tag of ["v9.9.9-lie", "--force", "x:refs/heads/main"]) {
    const failure = await refusalOf(shallow, {
      ...given,
      packages: [{ ...given.packages[0], tag }],
    });
    equal(failure?.code, "PIOT_PLAN_INVALID");
    equal(failure?.exitCode, 2);
  }
});

test("planStage() holds a plan against the configuration in a folder without history, too", async () => {
  await using folder = await tempFolder(FILES);
  const env = { ...GIT_ENV, GIT_CEILING_DIRECTORIES: folder.path };
  const host = testHost({ cwd: folder.path, env });
  const { plan: given } = await planStage(host, {
    ...{ emit, kinds: REGISTRY_KINDS },
    release: ["a@1.0.0"],
  });
  const stage = (plan: unknown): Promise<unknown> =>
    planStage(host, { emit, kinds: REGISTRY_KINDS, plan: JSON.stringify(plan) });
  await stage(given);
  const lie = { ...given, packages: [{ ...given.packages[0], tag: "--force" }] };
  await rejects(stage(lie), { code: "PIOT_PLAN_INVALID" });
});

test("planStage() hands on what it read: another plan asks neither standard input nor the file again", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  const inputs = ["a@0.2.0"];
  const stdin = (): Promise<string> => Promise.resolve(inputs.shift() ?? "");
  const host = { ...testHost({ cwd: repository.path, env: GIT_ENV }), stdin };
  const { plan, workspace, question } = await planStage(host, {
    emit,
    kinds: REGISTRY_KINDS,
    release: ["-"],
  });
  await writeFile(join(repository.path, "putitoutthere.toml"), "oops");
  const again = await planWithFacts(workspace, { ...question, beforeRelease: true });
  for (const { packages } of [plan, again.plan]) {
    deepEqual(packages.map(({ tag, reason }) => [tag, reason]), [["a-v0.2.0", "requested"]]);
  }
});
