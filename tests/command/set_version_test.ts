import { deepEqual, equal, match } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { main } from "../../src/cli/main.ts";
import { GIT_ENV, type GitRepo, gitRepo } from "../support/git_repo.ts";
import type { CliRun } from "../support/release_world.ts";
import { tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";
import { needs, programEnv } from "../support/tools.ts";

/** git finds no settings of this machine, and cargo its toolchains. */
const ENV = { ...programEnv(), RUSTUP_HOME: join(homedir(), ".rustup"), ...GIT_ENV };

const withCargo = await needs("cargo", "git");

async function run(repo: GitRepo, ...argv: readonly string[]): Promise<CliRun> {
  const host = testHost({ cwd: repo.path, env: ENV });
  const makeHost = ({ cwd }: { cwd?: string | undefined }) =>
    cwd === undefined ? host : { ...host, cwd };
  const status = await main({ argv, makeHost, isTTY: false });
  return { status, ...host.written };
}

function declare(...packages: readonly string[]): string {
  return ["[putitoutthere]\nversion = 1", ...packages.map((text) => `[[package]]\n${text}`)]
    .join("\n\n");
}

const NPM = 'name = "web"\nkind = "npm"\npath = "web"\npaths = ["web/**"]';
const PYPI = 'name = "py"\nkind = "pypi"\npath = "py"\npaths = ["py/**"]\nbuild = "hatch"';
const LOW = 'name = "low"\nkind = "crates"\npath = "rs/low"\npaths = ["rs/low/**"]';
const HIGH =
  'name = "high"\nkind = "crates"\npath = "rs/high"\npaths = ["rs/high/**"]\ndepends_on = ["low"]';
const PLAIN = {
  "putitoutthere.toml": declare(NPM, PYPI),
  "web/package.json": '{\n    "name": "web",\n    "version": "0.0.0"\n}\n',
  "py/pyproject.toml": '[project]\nname = "py"\nversion = "0.0.0" # mine\n',
};
const RUST = {
  "putitoutthere.toml": declare(LOW, HIGH, NPM),
  "web/package.json": PLAIN["web/package.json"],
  "rs/Cargo.toml": '[workspace]\nmembers = ["low", "high"]\nresolver = "2"\n',
  "rs/Cargo.lock":
    'version = 4\n\n[[package]]\nname = "high"\nversion = "0.0.0"\ndependencies = [\n "low",\n]\n\n' +
    '[[package]]\nname = "low"\nversion = "0.0.0"\n',
  "rs/low/Cargo.toml": '[package]\nname = "low"\nversion = "0.0.0"\nedition = "2021"\n',
  "rs/low/src/lib.rs": "",
  "rs/high/Cargo.toml": '[package]\nname = "high"\nversion = "0.0.0"\nedition = "2021"\n\n' +
    '[dependencies]\nlow = { path = "../low", version = "0.0.0" }\n',
  "rs/high/src/lib.rs": "",
};

const read = (repo: GitRepo, path: string): Promise<string> =>
  readFile(join(repo.path, path), "utf8");

test("set-version writes one package's version and no other byte, in its registry's spelling", async () => {
  await using repo = await gitRepo(PLAIN);
  const web = await run(repo, "set-version", "web", "1.2.0-rc.1");
  equal(web.status, 0, web.stderr);
  equal(web.stdout, "");
  equal(web.stderr, "Wrote web 1.2.0-rc.1 into:\n  web/package.json\n");
  const text = PLAIN["web/package.json"].replace("0.0.0", "1.2.0-rc.1");
  equal(await read(repo, "web/package.json"), text);
  equal((await run(repo, "set-version", "py", "1.2.0-rc.1", "--quiet")).stderr, "");
  match(await read(repo, "py/pyproject.toml"), /version = "1\.2\.0rc1" # mine/);
  const again = await run(repo, "set-version", "web", "1.2.0-rc.1");
  equal(again.stderr, "Nothing to write: web 1.2.0-rc.1\n");
});

test("set-version takes a row of the matrix as it is, and the whole plan from a file or a pipe", async () => {
  await using repo = await gitRepo(PLAIN);
  const { stdout } = await run(repo, "plan", "--json");
  const row = JSON.stringify(JSON.parse(stdout).matrix[0]);
  const one = await run(repo, "set-version", "--row", row, "--json");
  deepEqual(JSON.parse(one.stdout), {
    schema: 1,
    packages: [{ name: "web", version: "0.1.0" }],
    files: ["web/package.json"],
    variables: {},
    warnings: [],
  });
  const all = await run(repo, "set-version", "--plan", stdout, "--json");
  deepEqual(JSON.parse(all.stdout).files, ["py/pyproject.toml"]);
  match(await read(repo, "py/pyproject.toml"), /version = "0\.1\.0"/);
});

test(
  "set-version by the plan has crates follow one another, and by name says what it leaves",
  withCargo,
  async () => {
    await using repo = await gitRepo(RUST);
    const { stdout } = await run(repo, "plan", "--json");
    const one = await run(repo, "set-version", "high", "0.1.0");
    equal(one.status, 0, one.stderr);
    match(one.stderr, /warning: Requirements of high on low stay as they are: .*--plan/);
    match(
      await read(repo, "rs/high/Cargo.toml"),
      /low = \{ path = "\.\.\/low", version = "0\.0\.0" \}/,
    );
    const all = await run(repo, "set-version", "--plan", stdout);
    equal(all.status, 0, all.stderr);
    equal(
      all.stderr.split("\n").slice(1).join("\n"),
      "  rs/Cargo.lock\n  rs/high/Cargo.toml\n  rs/low/Cargo.toml\n  web/package.json\n",
    );
    match(
      await read(repo, "rs/high/Cargo.toml"),
      /low = \{ path = "\.\.\/low", version = "0\.1\.0" \}/,
    );
    equal((await read(repo, "rs/Cargo.lock")).match(/version = "0\.1\.0"/g)?.length, 2);
  },
);

test("set-version writes nothing when one of several manifests cannot be written", async () => {
  await using repo = await gitRepo({ ...PLAIN, "py/pyproject.toml": "[project]\nname = 'py'\n" });
  const { stdout } = await run(repo, "plan", "--json");
  const result = await run(repo, "set-version", "--plan", stdout);
  equal(result.status, 2, result.stderr);
  match(result.stderr, /PIOT_PYPROJECT_INVALID/);
  equal(await read(repo, "web/package.json"), PLAIN["web/package.json"]);
});

test("set-version --kind writes packages of one kind of the plan, and leaves the others", async () => {
  await using repo = await gitRepo(PLAIN);
  const { stdout } = await run(repo, "plan", "--json");
  const { status, stderr } = await run(repo, "set-version", "--plan", stdout, "--kind", "pypi");
  equal(status, 0, stderr);
  equal(stderr, "Wrote py 0.1.0 into:\n  py/pyproject.toml\n");
  equal(await read(repo, "web/package.json"), PLAIN["web/package.json"]);
  const none = await run(repo, "set-version", "--plan", stdout, "--kind", "crates");
  equal(none.stderr, "Nothing ships in this plan, so no version is written\n");
  const unknown = await run(repo, "set-version", "--plan", stdout, "--kind", "crate");
  equal(unknown.status, 2);
  match(unknown.stderr, /of kind "crate": there is none\nhelp: Kinds are: crates, pypi, npm/);
});

test("set-version says where a version that is in no file comes from", async () => {
  const dynamic =
    '[build-system]\nrequires = ["hatchling", "hatch-vcs"]\nbuild-backend = "hatchling.build"\n' +
    '[project]\nname = "py"\ndynamic = ["version"]\n';
  await using repo = await gitRepo({ ...PLAIN, "py/pyproject.toml": dynamic });
  const { status, stderr } = await run(repo, "set-version", "py", "1.0.0");
  equal(status, 0, stderr);
  match(stderr, /dynamic in py\/pyproject\.toml.*SETUPTOOLS_SCM_PRETEND_VERSION=1\.0\.0/);
  match(stderr, /^ {2}export SETUPTOOLS_SCM_PRETEND_VERSION=1\.0\.0$/m);
});

test("set-version gives the variable to the steps behind it, in Python's spelling", async () => {
  const dynamic = '[project]\nname = "py"\ndynamic = ["version"]\n' +
    '[build-system]\nrequires = ["setuptools-scm"]\n';
  await using repo = await gitRepo({ ...PLAIN, "py/pyproject.toml": dynamic });
  await using runner = await tempFolder({ env: "BEFORE=1\n" });
  const file = join(runner.path, "env");
  const host = testHost({ cwd: repo.path, env: { ...GIT_ENV, GITHUB_ENV: file } });
  const argv = ["set-version", "py", "1.0.0-rc.1", "--json"];
  equal(await main({ argv, makeHost: () => host, isTTY: false }), 0, host.written.stderr);
  const document = JSON.parse(host.written.stdout) as { variables: unknown };
  deepEqual(document.variables, { SETUPTOOLS_SCM_PRETEND_VERSION: "1.0.0rc1" });
  equal(
    await readFile(file, "utf8"),
    "BEFORE=1\nSETUPTOOLS_SCM_PRETEND_VERSION=1.0.0rc1\n",
  );
});

describe("set-version refuses", () => {
  const rows: readonly [string, readonly string[], RegExp][] = [
    ["no words", [], /nothing is named/],
    ["a name alone", ["web"], /1 words instead of two/],
    ["three words", ["web", "1.0.0", "py"], /3 words/],
    ["a name and a row", ["web", "1.0.0", "--row", "{}"], /in two ways/],
    ["a package that is not declared", ["wbe", "1.0.0"], /no package is called so[^]*web, py/],
    ["what is no version", ["web", "1.0"], /"1\.0" is none/],
    ["a tag for a version", ["web", "v1.0.0"], /"v1\.0\.0" is none/],
    ["a row that is no JSON", ["--row", "web"], /it is no JSON/],
    ["a row without a version", ["--row", '{"name":"web"}'], /no "name" and "version"/],
    ["a row without a name", ["--row", '{"version":"1.0.0"}'], /no "name" and "version"/],
    ["a row that is null", ["--row", "null"], /no "name" and "version"/],
    ["a kind without a plan", ["web", "1.0.0", "--kind", "npm"], /--kind goes with --plan/],
    ["a plan that is not there", ["--plan", "nowhere.json"], /PIOT_PLAN_INVALID.*nowhere\.json/],
    ["a flag of another command", ["web", "1.0.0", "--artifacts", "x"], /unknown option/],
  ];
  for (const [name, words, said] of rows) {
    test(name, async () => {
      await using repo = await gitRepo(PLAIN);
      const result = await run(repo, "set-version", ...words);
      equal(result.status, 2, result.stderr);
      match(result.stderr, said);
      equal(await repo.git("status", "--porcelain"), "");
    });
  }

  test("a plan of another commit", async () => {
    await using repo = await gitRepo(PLAIN);
    const { stdout } = await run(repo, "plan", "--json");
    await repo.git("commit", "--quiet", "--allow-empty", "--message", "Go on");
    const { status, stderr } = await run(repo, "set-version", "--plan", stdout);
    equal(status, 2, stderr);
    match(stderr, /PIOT_PLAN_STALE/);
  });
});

test(
  "set-version in a work tree with CRLF, as autocrlf leaves it, changes versions and no line end",
  withCargo,
  async () => {
    const files = {
      ...RUST,
      ...{ "py/pyproject.toml": PLAIN["py/pyproject.toml"] },
      "putitoutthere.toml": declare(LOW, HIGH, NPM, PYPI),
    };
    const crlf = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, text.replaceAll("\n", "\r\n")]),
    );
    await using plain = await gitRepo(files);
    await using windows = await gitRepo(crlf);
    for (const repo of [plain, windows]) {
      const plan = await run(repo, "plan", "--json");
      const set = await run(repo, "set-version", "--plan", plan.stdout);
      equal(set.status, 0, set.stderr);
    }
    for (const path of Object.keys(files)) {
      equal(await read(windows, path), (await read(plain, path)).replaceAll("\n", "\r\n"), path);
    }
    match(await read(windows, "rs/high/Cargo.toml"), /version = "0\.1\.0" \}\r\n/);
  },
);
