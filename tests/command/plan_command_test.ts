import { deepEqual, equal, match } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { main } from "../../cli.ts";
import { GIT_ENV } from "../support/git_repo.ts";
import { repositoryOf } from "../support/history.ts";
import type { CliRun } from "../support/release_world.ts";
import { readRunnerFile } from "../support/runner.ts";
import { tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";

async function plan(
  cwd: string,
  options: { readonly argv?: readonly string[]; readonly env?: Record<string, string> } = {},
): Promise<CliRun> {
  const host = testHost({ cwd, env: { ...GIT_ENV, ...options.env } });
  const argv = ["plan", ...options.argv ?? []];
  const status = await main({ argv, makeHost: () => host, isTTY: false });
  return { status, ...host.written };
}

/** More rows than all outputs of a job have room for. */
const LARGE = `[putitoutthere]\nversion = 1\n${
  Array.from({ length: 1_000 }, (_, at) =>
    `[[package]]
name = "package-number-${at}"
kind = "pypi"
path = "all/of/the/packages/stand/in/this/folder/package-number-${at}"
paths = ["**"]
`).join("\n")
}`;

test("plan prints any number of rows where there are no outputs to bound them", async () => {
  await using repository = await repositoryOf([{ commit: "Start" }], {
    files: { "putitoutthere.toml": LARGE },
  });
  const { status, stdout } = await plan(repository.path, { argv: ["--json"] });
  equal(status, 0);
  equal(JSON.parse(stdout).matrix.length, 2_000);
});

test("plan prints one JSON document when its rows do not fit into the outputs of a job", async () => {
  await using repository = await repositoryOf([{ commit: "Start" }], {
    files: { "putitoutthere.toml": LARGE },
  });
  await using temp = await tempFolder({ out: "" });
  const GITHUB_OUTPUT = join(temp.path, "out");
  const { status, stdout, stderr } = await plan(repository.path, {
    argv: ["--json"],
    env: { GITHUB_OUTPUT },
  });
  equal(status, 1);
  equal(JSON.parse(stdout).failure.code, "PIOT_OUTPUTS_TOO_LARGE");
  match(stderr, /--release/);
  equal(await readFile(GITHUB_OUTPUT, "utf8"), "");
});
