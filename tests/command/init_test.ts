import { deepEqual, doesNotMatch, equal, match, notEqual, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { main } from "../../src/cli/main.ts";
import { exampleConfig } from "../../src/core/init/write_config.ts";
import { KIND_DRAFTS } from "../../src/registry/kind_drafts.ts";
import { SCHEMA_LINE } from "../../src/core/config/schema.ts";
import { GIT_ENV, gitRepo } from "../support/git_repo.ts";
import type { CliRun } from "../support/release_world.ts";
import { tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";
import { needs, programEnv } from "../support/tools.ts";

const withGit = await needs("git");
const withCargo = await needs("cargo");
const withDeno = await needs("deno", "git");

async function run(cwd: string, ...argv: readonly string[]): Promise<CliRun> {
  const host = testHost({ cwd, env: GIT_ENV });
  const makeHost = ({ cwd }: { cwd?: string | undefined }) =>
    cwd === undefined ? host : { ...host, cwd };
  const status = await main({ argv, makeHost, isTTY: false });
  return { status, ...host.written };
}

const FILES = {
  "rust/Cargo.toml": '[package]\nname = "demo-core"\nversion = "1.0.0"\n',
  "rust/src/lib.rs": "",
  "python/pyproject.toml": '[project]\nname = "demo"\nversion = "0.1.0"\n',
  "js/package.json": '{ "name": "@me/demo", "dependencies": { "@me/addon": "workspace:^" } }',
  "addon/package.json": '{ "name": "@me/addon", "napi": { "targets": ["x86_64-apple-darwin"] } }',
  "site/package.json": '{ "private": true }',
};

test("init writes once, refuses to write over what was changed, and with --force writes the same bytes", async () => {
  await using folder = await tempFolder(FILES);
  const path = join(folder.path, "putitoutthere.toml");
  const first = await run(folder.path, "init");
  equal(first.status, 0, first.stderr);
  equal(first.stdout, "");
  const text = await readFile(path, "utf8");
  equal(text.split("\n")[0], SCHEMA_LINE);

  equal((await run(folder.path, "init")).status, 0, "what says the same is up to date");
  await writeFile(path, `${text}# mine\n`);
  const second = await run(folder.path, "init");
  equal(second.status, 2);
  match(second.stderr, /error\[PIOT_CONFIG_EXISTS\]: .*putitoutthere\.toml[^]*help: .*--force/);
  equal(second.stderr.split("\n").length, 3, "nothing but the failure is told");
  equal(await readFile(path, "utf8"), `${text}# mine\n`);

  equal((await run(folder.path, "init", "--force")).status, 0);
  equal(await readFile(`${path}.bak`, "utf8"), `${text}# mine\n`);
  equal(await readFile(path, "utf8"), text);
});

test("init says what it declares, what it does not, and what to do next on each registry", async () => {
  await using folder = await tempFolder(FILES);
  const { stderr } = await run(folder.path, "init");
  match(stderr, /^Wrote putitoutthere\.toml: 4 packages\n {2}demo-core \(crates\) in rust\n/);
  match(stderr, /^ {2}@me\/demo \(npm\) in js, after @me\/addon$/m);
  match(stderr, /^Not declared:\n {2}site\/package\.json: it is private$/m);
  for (
    const words of [
      /crates\.io: .*CARGO_REGISTRY_TOKEN/,
      /PyPI: .*PYPI_API_TOKEN/,
      /npm: .*trusted publisher.*id-token: write.*NODE_AUTH_TOKEN/,
      /@me\/addon is a family.*: @me\/addon, @me\/addon-darwin-x64$/m,
      /Make the folder a git repository/,
      /Commit the file/,
      /`putitoutthere plan`/,
      /`putitoutthere rehearse`/,
    ]
  ) match(stderr, words);
});

test("init says nothing of registries that nothing goes to", async () => {
  await using folder = await tempFolder({ "package.json": '{ "name": "demo" }' });
  const { stderr } = await run(folder.path, "init");
  match(stderr, /npm: /);
  doesNotMatch(stderr, /crates\.io|PyPI|family/);
  const quiet = await run(folder.path, "init", "--force", "--quiet");
  deepEqual(quiet, { status: 0, stdout: "", stderr: "" });
});

test("init --json prints one document, and one when it fails", async () => {
  await using folder = await tempFolder({ ...FILES, "x/package.json": "{" });
  const { status, stdout } = await run(folder.path, "init", "--json");
  equal(status, 0);
  const document = JSON.parse(stdout);
  deepEqual(Object.keys(document), [
    "schema",
    "file",
    "dry_run",
    "files",
    "packages",
    "left_out",
    "notes",
    "commands",
    "warnings",
    "next",
  ]);
  equal(document.file, join(folder.path, "putitoutthere.toml"));
  deepEqual(document.packages.at(-1), {
    name: "@me/demo",
    kind: "npm",
    registry_name: "@me/demo",
    path: "js",
    depends_on: ["@me/addon"],
  });
  deepEqual(document.left_out, [
    { manifest: "site/package.json", name: null, reason: "it is private" },
  ]);
  deepEqual(document.warnings, ["x/package.json:1:2: Cannot read x/package.json as JSON"]);
  await writeFile(
    join(folder.path, "putitoutthere.toml"),
    `[putitoutthere]\nversion = 1\n[[package]]
name = "a"\nkind = "npm"\npath = "js"\npaths = ["js/**"]\n`,
  );
  await writeFile(join(folder.path, ".github/workflows/release.yml"), "mine");
  const again = await run(folder.path, "init", "--json");
  equal(again.status, 2);
  equal(JSON.parse(again.stdout).failure.code, "PIOT_CONFIG_EXISTS");
});

test("init warns of a manifest that cannot be read with its place, and goes on", async () => {
  await using folder = await tempFolder({
    "a/package.json": '{\n  "name": "a",\n}',
    "b/package.json": '{ "name": "b" }',
    "c/Cargo.toml": `# ${"x".repeat(1_000_000)}`,
  });
  const { status, stderr } = await run(folder.path, "init");
  equal(status, 0);
  match(stderr, /warning: Cannot read a\/package\.json as JSON\n --> a\/package\.json:3:1\n/);
  match(stderr, /warning: .*larger than 1000000 bytes\n --> c\/Cargo\.toml\n/);
  match(stderr, /1 package\n {2}b \(npm\) in b$/m);
});

test("init without a manifest writes examples, and plan says that nothing is declared yet", async () => {
  await using folder = await tempFolder({ "README.md": "" });
  const { status, stderr } = await run(folder.path, "init");
  equal(status, 0);
  match(stderr, /no package was found, so it holds examples/);
  match(stderr, /Declare your packages in it/);
  equal(
    await readFile(join(folder.path, "putitoutthere.toml"), "utf8"),
    exampleConfig(KIND_DRAFTS),
  );
  const planned = await run(folder.path, "plan");
  equal(planned.status, 2);
  match(planned.stderr, /PIOT_CONFIG_INVALID.*declares no package/);
});

test("init writes the file that --config names, with paths from where it runs, and says to use it", async () => {
  await using folder = await tempFolder({ "sub/js/package.json": '{ "name": "a" }' });
  const { status, stderr } = await run(folder.path, "init", "--config", "sub/mine.toml");
  equal(status, 0, stderr);
  match(stderr, /`putitoutthere plan --config sub\/mine\.toml`/);
  match(await readFile(join(folder.path, "sub/mine.toml"), "utf8"), /^path = "sub\/js"$/m);
  const cwd = join(folder.path, "sub");
  equal((await run("/", "init", "--cwd", cwd, "--config", "other one.toml")).status, 0);
  match(await readFile(join(cwd, "other one.toml"), "utf8"), /^path = "js"$/m);
});

test("init says what it cannot write", async () => {
  await using folder = await tempFolder({ "file": "" });
  await mkdir(join(folder.path, "folder"));
  for (
    const { argv, code } of [
      { argv: ["--config", "nowhere/x.toml"], code: "PIOT_FILE_UNWRITABLE" },
      { argv: ["--config", "file/x.toml"], code: "PIOT_FILE_UNWRITABLE" },
      { argv: ["--config", "folder"], code: "PIOT_CONFIG_EXISTS" },
      { argv: ["--config", "folder", "--force"], code: "PIOT_FILE_UNWRITABLE" },
    ]
  ) {
    const { status, stdout } = await run(folder.path, "init", "--json", ...argv);
    deepEqual([status, JSON.parse(stdout).failure?.code], [2, code], argv.join(" "));
  }
});

test("init follows no link", async () => {
  await using elsewhere = await tempFolder({ "package.json": '{ "name": "elsewhere" }' });
  await using folder = await tempFolder();
  await symlink(elsewhere.path, join(folder.path, "link"));
  await symlink(join(elsewhere.path, "package.json"), join(folder.path, "package.json"));
  const { stdout } = await run(folder.path, "init", "--json");
  deepEqual(JSON.parse(stdout).packages, []);
});

test("plan takes what init wrote, and finds a file for every glob", withGit, async () => {
  await using repository = await gitRepo({
    ...FILES,
    ".gitignore": "/ignored/\n",
    "package.json": '{ "name": "root" }',
    "lib/x.js": "",
    "ignored/package.json": '{ "name": "ignored" }',
    "app/(group)/{x}/package.json": '{ "name": "odd" }',
  });
  const { stdout } = await run(repository.path, "init", "--json");
  const { packages, next } = JSON.parse(stdout);
  ok(!next.includes("Make the folder a git repository: versions come from its tags"));
  const names = packages.map(({ name }: { name: string }) => name);
  deepEqual(names, ["demo-core", "demo", "root", "@me/addon", "@me/demo", "odd"]);
  await repository.commit("Declare the packages");
  const { status, stdout: planned, stderr } = await run(repository.path, "plan", "--json");
  equal(status, 0, stderr);
  const plan = JSON.parse(planned);
  deepEqual(plan.warnings, []);
  const versions = plan.packages.map((pkg: { name: string; version: string }) =>
    `${pkg.name} ${pkg.version}`
  );
  deepEqual(versions.sort(), [
    "@me/addon 0.1.0",
    "@me/demo 0.1.0",
    "demo 0.1.0",
    "demo-core 1.0.0",
    "odd 0.1.0",
    "root 0.1.0",
  ]);
});

test("a command without a configuration tells of init, which then helps", async () => {
  await using folder = await tempFolder(FILES);
  const before = await run(folder.path, "plan");
  equal(before.status, 2);
  match(before.stderr, /PIOT_CONFIG_MISSING[^]*help: Run `putitoutthere init` to write one/);
  equal((await run(folder.path, "init")).status, 0);
  doesNotMatch((await run(folder.path, "plan")).stderr, /PIOT_CONFIG/);
});

test("rehearse says that a configuration is not committed yet", withGit, async () => {
  await using repository = await gitRepo(FILES);
  equal((await run(repository.path, "init")).status, 0);
  const { status, stderr } = await run(repository.path, "rehearse");
  equal(status, 2);
  match(stderr, /Cannot find putitoutthere\.toml in the commit that is rehearsed\nhelp: Commit it/);
});

test("init takes those crates that cargo would publish", withCargo, async () => {
  const members: Readonly<Record<string, string>> = {
    a: "",
    b: "publish = false",
    c: "publish = []",
    d: 'publish = ["crates-io"]',
    e: "publish.workspace = true",
    f: 'publish = ["mine"]',
    g: "publish = true",
  };
  const manifests = Object.entries(members).map(([name, line]) => [
    `${name}/Cargo.toml`,
    `[package]\nname = "${name}"\nversion.workspace = true\nedition = "2021"\n${line}\n`,
  ]);
  await using folder = await tempFolder({
    "Cargo.toml": '[workspace]\nmembers = ["?", "h"]\nresolver = "2"\n' +
      '[workspace.package]\nversion = "0.2.0"\npublish = false\n',
    ...Object.fromEntries(manifests),
    "h/Cargo.toml": '[package]\nname = "h"\nedition = "2021"\n',
    ...Object.fromEntries([..."abcdefgh"].map((name) => [`${name}/src/lib.rs`, ""])),
  });
  const { stdout } = await run(folder.path, "init", "--json");
  const ours = JSON.parse(stdout).packages.map(({ name }: { name: string }) => name);
  const { stdout: metadata } = await start(
    "cargo",
    ["metadata", "--no-deps", "--format-version=1"],
    {
      cwd: folder.path,
    },
  );
  const theirs = JSON.parse(metadata).packages
    .filter(({ publish }: { publish: readonly string[] | null }) =>
      publish === null || publish.includes("crates-io")
    ).map(({ name }: { name: string }) => name);
  deepEqual(ours, theirs.sort());
});

/** Runs a program to its end. */
function start(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Record<string, string | undefined> },
): Promise<CliRun> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...programEnv(), ...env } };
    execFile(
      program,
      [...args],
      options,
      (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

test(
  "the process ends with 0 where init wrote, and with 2 where it did not",
  withDeno,
  async () => {
    await using folder = await tempFolder(FILES);
    const init = (): Promise<CliRun> =>
      start("deno", ["run", "-A", "cli.ts", "init", "--cwd", folder.path], { cwd: process.cwd() });
    const first = await init();
    deepEqual([first.status, first.stdout], [0, ""], first.stderr);
    await writeFile(join(folder.path, "putitoutthere.toml"), "[putitoutthere]\nversion = 2\n");
    const second = await init();
    deepEqual([second.status, second.stdout], [2, ""], second.stderr);
    notEqual(second.stderr, first.stderr);
  },
);
