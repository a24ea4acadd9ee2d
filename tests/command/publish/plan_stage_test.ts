import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { planStage } from "../../../src/command/publish/plan_stage.ts";
import { planWithFacts } from "../../../src/command/plan.ts";
import { Failure } from "../../../src/error.ts";
import { REGISTRY_KINDS } from "../../../src/registry/kinds.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { repositoryOf, type Step } from "../../support/history.ts";
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
