import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { main } from "../../src/cli/main.ts";
import type { MatrixRow } from "../../src/core/model/plan.ts";
import { Failure } from "../../src/error.ts";
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

/** The outputs that the page lists for `plan`. */
async function documentedOutputs(): Promise<readonly string[]> {
  const page = await readFile("docs/github-outputs.md", "utf8");
  const [, section = ""] = page.split("## Outputs of `plan`");
  const [table = ""] = section.split("\nThe plan file");
  return [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name = ""]) => name);
}

const SMALL = `[putitoutthere]
version = 1

[[package]]
name = "@me/a"
kind = "npm"
path = "a"
paths = ["a/**", "::error::z|<b>/##[x]/**"]
`;

test("plan lets no file name, glob or commit message forge an output, a command or a cell", async () => {
  const odd = "a/\n::set-output name=x::y\nx<<EOF\n##[error]z|`<b>";
  await using repository = await repositoryOf([
    { commit: "Start" },
    { tag: "@me/a-v0.1.0" },
    { commit: "x\n\nrelease: ::error::z ##[error] | <b>\n\nx", write: { [odd]: "1" } },
  ], { files: { "putitoutthere.toml": SMALL } });
  await using temp = await tempFolder({ out: "", summary: "" });
  const at = (name: string): string => join(temp.path, name);
  const env = {
    GITHUB_ACTIONS: "true",
    GITHUB_OUTPUT: at("out"),
    GITHUB_STEP_SUMMARY: at("summary"),
    RUNNER_TEMP: temp.path,
  };
  const { status, stderr } = await plan(repository.path, { env });
  equal(status, 0, stderr);
  const outputs = readRunnerFile(await readFile(at("out"), "utf8"));
  deepEqual([...outputs.keys()], await documentedOutputs());
  const commands = stderr.split("\n").filter((line) => /^\s*::|##\[/.test(line));
  deepEqual(commands.map((line) => line.split("::")[1]), ["warning", "warning"]);
  const summary = await readFile(at("summary"), "utf8");
  doesNotMatch(summary, /<b>|##\[|\n::/);
  for (const row of summary.split("\n").filter((line) => line.startsWith("|"))) {
    equal(row.split("|").length, 7, row);
  }
  const { stdout } = await plan(repository.path, { argv: ["--explain", "@me/a"] });
  match(stdout, /because "a\/\\n::set-output/);
  doesNotMatch(stdout, /^\s*::/m);
});

test("plan leaves the rows as an output in the very bytes that --matrix prints", async () => {
  await using repository = await repositoryOf([{ commit: "Start" }], {
    files: { "putitoutthere.toml": SMALL, "a/x": "1" },
  });
  await using temp = await tempFolder({ out: "" });
  const GITHUB_OUTPUT = join(temp.path, "out");
  const printed = await plan(repository.path, { argv: ["--matrix"], env: { GITHUB_OUTPUT } });
  equal(printed.status, 0, printed.stderr);
  const { matrix } = Object.fromEntries(readRunnerFile(await readFile(GITHUB_OUTPUT, "utf8")));
  equal(`${matrix}\n`, printed.stdout);
  deepEqual(JSON.parse(matrix!).map(({ artifact_name }: MatrixRow) => artifact_name), [
    "@me__a-pkg",
  ]);
});

test("plan takes --dry-run, which changes nothing: it writes nothing anyway", async () => {
  await using repository = await repositoryOf([{ commit: "Start" }], {
    files: { "putitoutthere.toml": SMALL, "a/x": "1" },
  });
  const dry = await plan(repository.path, { argv: ["--dry-run", "--json"] });
  deepEqual(dry, await plan(repository.path, { argv: ["--json"] }));
  equal(dry.status, 0, dry.stderr);
});

test("plan tells a place as it is reached from here, and for GitHub from the workspace", async () => {
  await using folder = await tempFolder({
    "tool/release/piot.toml": "[putitoutthere]\nversion = 2",
  });
  const rows = [
    { cwd: "", config: "tool/release/piot.toml", here: "tool/release/piot.toml" },
    { cwd: "tool/release", config: "piot.toml", here: "piot.toml" },
    { cwd: "tool/other", config: "../release/piot.toml", here: "../release/piot.toml" },
  ];
  for (const { cwd, config, here } of rows) {
    const { status, stderr } = await plan(join(folder.path, cwd), {
      argv: ["--config", config],
      env: { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: folder.path },
    });
    equal(status, 2);
    ok(stderr.includes(` --> ${here}:2:11\n`), stderr);
    ok(stderr.includes("::error file=tool/release/piot.toml,line=2,col=11,"), stderr);
  }
});

const CRATE = `[putitoutthere]
version = 1

[[package]]
name = "a"
kind = "crates"
path = "old"
paths = ["old/**"]
`;

test("plan --at reads the configuration of that commit alone, also for what --release means", async () => {
  const moved = CRATE.replaceAll("old", "new");
  await using repository = await repositoryOf([
    { commit: "Start", write: { "old/lib.rs": "1" } },
    { tag: "a-v0.1.0" },
    { commit: "Change", write: { "old/lib.rs": "2" } },
    { commit: "Move", rename: { old: "new" }, write: { "putitoutthere.toml": moved } },
  ], { files: { "putitoutthere.toml": CRATE } });
  const release = JSON.stringify({ paths_released: '["old"]', "old--version": "0.2.0" });
  const argv = ["--at", "HEAD~1", "--release", release, "--json"];
  const { status, stdout, stderr } = await plan(repository.path, { argv });
  equal(status, 0, stderr);
  equal(JSON.parse(stdout).packages[0].version, "0.2.0");
  await rm(join(repository.path, "putitoutthere.toml"));
  equal((await plan(repository.path, { argv })).status, 0);
});

test("plan says where the configuration is when it stands in a folder above", async () => {
  await using folder = await tempFolder({
    "putitoutthere.toml": CRATE,
    "old/src/lib.rs": "1",
  });
  const { status, stderr } = await plan(join(folder.path, "old/src"));
  equal(status, 2);
  match(stderr, /PIOT_CONFIG_MISSING[^]*There is one in \.\.\/\.\.: run with `--cwd \.\.\/\.\.`/);
  const named = await plan(join(folder.path, "old"), { argv: ["--config", "other.toml"] });
  match(named.stderr, /PIOT_CONFIG_MISSING[^]*`--config`/);
});

test("plan refuses a --cwd that is no folder", async () => {
  await using folder = await tempFolder({ "putitoutthere.toml": CRATE });
  for (const name of ["nowhere", "putitoutthere.toml"]) {
    const cwd = join(folder.path, name);
    const { status, stderr } = await plan(cwd, { argv: ["--cwd", cwd] });
    equal(status, 2);
    match(stderr, /PIOT_USAGE\]: Cannot run in ".*": there is no such folder/);
  }
});

test("what an interruption breaks is told as the interruption", async () => {
  await using folder = await tempFolder({ "putitoutthere.toml": CRATE });
  const interruption = new AbortController();
  interruption.abort(new Failure("PIOT_INTERRUPTED", "Cannot go on: the run was interrupted"));
  const env = { ...GIT_ENV, GIT_CEILING_DIRECTORIES: folder.path };
  const host = testHost({ cwd: folder.path, env, signal: interruption.signal });
  equal(await main({ argv: ["plan"], makeHost: () => host, isTTY: false }), 130);
  match(host.written.stderr, /^error\[PIOT_INTERRUPTED\]/);
});

for (const variable of ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "RUNNER_TEMP"]) {
  test(`plan prints one JSON document when what ${variable} names cannot be written`, async () => {
    await using repository = await repositoryOf([{ commit: "Start" }], {
      files: { "putitoutthere.toml": CRATE },
    });
    const { status, stdout } = await plan(repository.path, {
      argv: ["--json"],
      env: { [variable]: join(repository.path, "no", "such") },
    });
    equal(status, 1);
    equal(JSON.parse(stdout).failure.code, "PIOT_RUNNER_FILE");
  });
}
