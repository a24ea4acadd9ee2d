import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { appendRunnerFile, writeRunnerTemp } from "../../src/host/runner_file.ts";
import type { Env } from "../../src/host/host.ts";
import { type SealedHost, sealHost } from "../../src/host/seal_host.ts";
import { tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";

function hostOf(env: Env): SealedHost {
  return sealHost(testHost({ env }));
}

test("appendRunnerFile() appends to what other steps wrote", async () => {
  await using folder = await tempFolder({ "output": "a=1\n" });
  const env = { GITHUB_OUTPUT: join(folder.path, "output") };
  for (const text of ["b=2\n", "c=日本\n"]) {
    assert.equal(await appendRunnerFile(hostOf(env), { file: "GITHUB_OUTPUT", text }), true);
  }
  assert.equal(await readFile(env.GITHUB_OUTPUT, "utf8"), "a=1\nb=2\nc=日本\n");
});

test("appendRunnerFile() says when there is no such file", async () => {
  for (const env of [{}, { GITHUB_STEP_SUMMARY: "" }, { GITHUB_OUTPUT: "/elsewhere" }]) {
    assert.equal(
      await appendRunnerFile(hostOf(env), { file: "GITHUB_STEP_SUMMARY", text: "x" }),
      false,
    );
  }
});

test("appendRunnerFile() fails when the file cannot be written", async () => {
  await using folder = await tempFolder();
  const env = { GITHUB_OUTPUT: join(folder.path, "no", "such", "folder") };
  await assert.rejects(
    appendRunnerFile(hostOf(env), { file: "GITHUB_OUTPUT", text: "x" }),
    (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_RUNNER_FILE");
      assert.ok(error.message.startsWith(`Cannot write to ${env.GITHUB_OUTPUT}: `));
      assert.equal(error.hint, "Run inside a step of a workflow, or unset GITHUB_OUTPUT");
      return true;
    },
  );
});

test("writeRunnerTemp() gives each step a file of its own", async () => {
  await using folder = await tempFolder();
  const env = { RUNNER_TEMP: folder.path };
  const first = await writeRunnerTemp(hostOf(env), { name: "plan.json", text: "1" });
  const second = await writeRunnerTemp(hostOf(env), { name: "plan.json", text: "日本" });
  assert.equal(await readFile(first ?? "", "utf8"), "1");
  assert.equal(await readFile(second ?? "", "utf8"), "日本");
  for (const path of [first, second]) assert.match(path ?? "", /plan\.json$/);
  assert.equal(
    await writeRunnerTemp(hostOf({ RUNNER_TEMP: "" }), { name: "x", text: "" }),
    undefined,
  );
});

test("writeRunnerTemp() fails when the folder is not there", async () => {
  await using folder = await tempFolder();
  const env = { RUNNER_TEMP: join(folder.path, "no", "such", "folder") };
  await assert.rejects(writeRunnerTemp(hostOf(env), { name: "x", text: "" }), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_RUNNER_FILE");
    assert.equal(error.hint, "Run inside a step of a workflow, or unset RUNNER_TEMP");
    return true;
  });
});
