import { deepEqual, equal, match, ok } from "node:assert/strict";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { main } from "../../src/cli/main.ts";
import { kindOfPath, walkFiles } from "../../src/host/files.ts";
import { GIT_ENV, gitRepo } from "../support/git_repo.ts";
import type { CliRun } from "../support/release_world.ts";
import { tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const RELEASE = ".github/workflows/release.yml";
const CHECK = ".github/workflows/putitoutthere-check.yml";
const CONFIG = "putitoutthere.toml";
const JS = { "js/package.json": '{ "name": "demo" }' };

async function init(cwd: string, ...argv: readonly string[]): Promise<CliRun> {
  const host = testHost({ cwd, env: GIT_ENV });
  const status = await main({ argv: ["init", ...argv], makeHost: () => host, isTTY: false });
  return { status, ...host.written };
}

function fatesIn({ stdout }: CliRun): Record<string, string> {
  const { files } = JSON.parse(stdout);
  return Object.fromEntries(
    files.map(({ file, fate }: { file: string; fate: string }) => [file, fate]),
  );
}

test("init writes three files, and once more says that they are up to date, also with other line ends", async () => {
  await using folder = await tempFolder(JS);
  deepEqual(fatesIn(await init(folder.path, "--json")), {
    [CONFIG]: "written",
    [RELEASE]: "written",
    [CHECK]: "written",
  });
  const path = join(folder.path, RELEASE);
  await writeFile(path, (await readFile(path, "utf8")).replaceAll("\n", "\r\n"));
  const again = await init(folder.path, "--json");
  equal(again.status, 0);
  deepEqual(Object.values(fatesIn(again)), ["up-to-date", "up-to-date", "up-to-date"]);
});

test("init keeps what was changed, says so, and writes what is missing for what is declared there", async () => {
  await using folder = await tempFolder(JS);
  await init(folder.path);
  const config = `[putitoutthere]\nversion = 1\ncadence = "scheduled"\n[[package]]
name = "core"\nkind = "crates"\npath = "core"\npaths = ["core/**"]\n`;
  await writeFile(join(folder.path, CONFIG), config);
  await rm(join(folder.path, RELEASE));
  const { status, stderr } = await init(folder.path);
  equal(status, 0, stderr);
  match(
    stderr,
    /^Kept putitoutthere\.toml, which says something else than would be written \(.*\.bak\): 1 package\n {2}core \(crates\)/,
  );
  match(stderr, /^Wrote \.github\/workflows\/release\.yml$/m);
  equal(await readFile(join(folder.path, CONFIG), "utf8"), config);
  const release = await readFile(join(folder.path, RELEASE), "utf8");
  match(release, /cargo package/);
  match(release, /^ {2}schedule:$/m);
});

test("init --force keeps each file that says something else beside, and never over one that it kept before", async () => {
  await using folder = await tempFolder({ ...JS, [RELEASE]: "first" });
  equal((await init(folder.path, "--force")).status, 0);
  await writeFile(join(folder.path, RELEASE), "second");
  const { files } = JSON.parse((await init(folder.path, "--force", "--json")).stdout);
  deepEqual(files[1], { file: RELEASE, fate: "replaced", backup: `${RELEASE}.bak2` });
  equal(await readFile(join(folder.path, `${RELEASE}.bak`), "utf8"), "first");
  equal(await readFile(join(folder.path, `${RELEASE}.bak2`), "utf8"), "second");
});

test("init --dry-run says what it would write, and writes nothing", async () => {
  await using folder = await tempFolder({ ...JS, [RELEASE]: "mine" });
  const before = await walkFiles(folder.path);
  const { status, stderr } = await init(folder.path, "--dry-run", "--force");
  equal(status, 0);
  match(stderr, /^Would write putitoutthere\.toml: 1 package$/m);
  match(
    stderr,
    /^Would write \.github\/workflows\/release\.yml anew, with what it said in .*\.bak$/m,
  );
  deepEqual(await walkFiles(folder.path), before);
});

test("init --cadence is written into both files, and a configuration that says otherwise is told of", async () => {
  await using folder = await tempFolder(JS);
  await init(folder.path, "--cadence", "scheduled");
  match(await readFile(join(folder.path, CONFIG), "utf8"), /^version = 1\ncadence = "scheduled"$/m);
  match(await readFile(join(folder.path, RELEASE), "utf8"), /^ {2}schedule:$/m);
  await rm(join(folder.path, RELEASE));
  const { status, stderr } = await init(folder.path, "--cadence", "immediate");
  equal(status, 0, stderr);
  match(
    stderr,
    /warning: putitoutthere\.toml says cadence = "scheduled", and the workflow is written for "immediate"/,
  );
  const wrong = await init(folder.path, "--cadence", "sheduled");
  equal(wrong.status, 2);
  match(wrong.stderr, /scheduled/);
});

test(
  "init in a folder of a repository writes workflows at its root, for that folder and the main branch",
  withGit,
  async () => {
    await using repository = await gitRepo({ "sub/js/package.json": '{ "name": "demo" }' });
    const { status, stderr } = await init(join(repository.path, "sub"));
    equal(status, 0, stderr);
    match(stderr, /^Wrote \.\.\/\.github\/workflows\/release\.yml$/m);
    const release = await readFile(join(repository.path, RELEASE), "utf8");
    match(release, /^ {4}working-directory: sub$/m);
    match(release, /working_directory: sub$/m);
    match(release, /working-directory: sub\/\$\{\{ matrix\.path \}\}/);
    equal(await kindOfPath(join(repository.path, "sub/putitoutthere.toml")), "file");
  },
);

test("init writes nothing at all where one of its files cannot be written", async () => {
  await using folder = await tempFolder({ ...JS, ".github": "a file" });
  const { status, stdout } = await init(folder.path, "--json");
  equal(status, 2);
  equal(JSON.parse(stdout).failure.code, "PIOT_FILE_UNWRITABLE");
  equal(await kindOfPath(join(folder.path, CONFIG)), undefined);
});

test("init brings back what it put aside where a later file cannot be written", {
  skip: process.getuid?.() === 0 ? "root may write everywhere" : false,
}, async () => {
  await using folder = await tempFolder({ ...JS, [CONFIG]: "mine" });
  await mkdir(join(folder.path, ".github/workflows"), { recursive: true });
  await chmod(join(folder.path, ".github/workflows"), 0o555);
  const { status } = await init(folder.path, "--force");
  equal(status, 2);
  equal(await readFile(join(folder.path, CONFIG), "utf8"), "mine");
  await chmod(join(folder.path, ".github/workflows"), 0o755);
});

test("init puts aside and brings back where a folder is in the way of the last file", async () => {
  await using folder = await tempFolder({ ...JS, [CONFIG]: "mine", [`${CHECK}/x`]: "" });
  const { status } = await init(folder.path, "--force");
  equal(status, 2);
  equal(await readFile(join(folder.path, CONFIG), "utf8"), "mine");
  ok(!(await walkFiles(folder.path)).some((path) => path.endsWith(".bak")));
});

test("init says that locked actions have to be locked anew", async () => {
  await using folder = await tempFolder({ ...JS, ".github/workflows/actions.lock": "" });
  const { stderr } = await init(folder.path);
  match(stderr, /warning: \.github\/workflows\/actions\.lock locks .*`gh actions-lock`/);
});

test("what installs packages is told by the lock file that they have, not by one of another folder", async () => {
  const demo = '{ "name": "demo" }';
  const rows: readonly (readonly [string, Record<string, string>, string])[] = [
    ["none", { "js/package.json": demo }, "npm install"],
    [
      "beside the package",
      { "js/package.json": demo, "js/pnpm-lock.yaml": "" },
      "pnpm install --frozen-lockfile",
    ],
    [
      "above the package",
      { "a/js/package.json": demo, "a/yarn.lock": "" },
      "yarn install --immutable",
    ],
    ["at the root of a workspace", {
      "package.json": '{ "private": true, "workspaces": ["js"] }',
      "package-lock.json": "",
      "js/package.json": demo,
    }, "npm ci"],
    ["of another folder", {
      "js/package.json": demo,
      "tool/package.json": '{ "private": true }',
      "tool/package-lock.json": "",
    }, "npm install"],
    ["below a root that is where the step runs", {
      "package.json": '{ "private": true }',
      "js/package.json": demo,
      "js/package-lock.json": "",
    }, "npm install"],
  ];
  for (const [name, files, words] of rows) {
    await using folder = await tempFolder(files);
    equal((await init(folder.path)).status, 0, name);
    const text = await readFile(join(folder.path, RELEASE), "utf8");
    ok(new RegExp(`^ +(?:corepack enable && )?${words}$`, "m").test(text), `${name}: ${words}`);
  }
});
