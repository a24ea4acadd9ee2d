import { deepEqual, equal, match } from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { main } from "../../src/cli/main.ts";
import type { StoredRun } from "../../src/rehearsal/github/github_state.ts";
import { serveGitHub } from "../../src/rehearsal/github/serve_github.ts";
import { GIT_ENV } from "../support/git_repo.ts";
import { type RemoteRepo, remoteRepo } from "../support/remote_repo.ts";
import type { CliRun } from "../support/release_world.ts";
import { tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");

const FILES = {
  "putitoutthere.toml": `[putitoutthere]
version = 1
[[package]]
name = "demo"
kind = "npm"
path = "."
paths = ["**"]
`,
  "package.json": '{ "name": "demo", "version": "0.0.0" }',
};

interface World extends AsyncDisposable {
  readonly repo: RemoteRepo;
  readonly earlier: string;
  readonly outputs: () => Promise<string>;
  readonly run: (...argv: readonly string[]) => Promise<CliRun>;
}

const FLAWS: Readonly<Record<string, Partial<StoredRun>>> = {
  "it is of a fork": { head_repository: { full_name: "mallory/engine" } },
  "its repository is gone": { head_repository: null },
  "a pull request started it": { event: "pull_request" },
  "a pull request's base started it": { event: "pull_request_target" },
  "it is of another workflow": { path: ".github/workflows/test.yml" },
};

/** A repository with two commits; the first was run 7, and the runs after it have one flaw each. */
async function openWorld(): Promise<World> {
  const repo = await remoteRepo(FILES);
  const earlier = (await repo.git("rev-parse", "HEAD")).trim();
  await writeFile(join(repo.path, "later.txt"), "");
  await repo.commit("Later");
  const later = (await repo.git("rev-parse", "HEAD")).trim();
  const good: StoredRun = {
    id: 7,
    head_sha: earlier,
    path: ".github/workflows/release.yml@refs/heads/main",
    event: "push",
    head_repository: { full_name: "ada/engine" },
  };
  const runs = [
    good,
    ...Object.values(FLAWS).map((flaw, at) => ({ ...good, id: 100 + at, ...flaw })),
  ];
  const { clock } = testHost();
  const server = await serveGitHub({
    ...{ repository: "ada/engine", git: repo.bare, token: "ghs_x", clock, runs },
  });
  const folder = await tempFolder({ outputs: "", summary: "" });
  const files = { outputs: join(folder.path, "outputs"), summary: join(folder.path, "summary") };
  return {
    ...{ repo, earlier },
    outputs: () => readFile(files.outputs, "utf8"),
    run: async (...argv) => {
      const env = {
        ...GIT_ENV,
        ...server.env,
        GITHUB_WORKFLOW_REF: "ada/engine/.github/workflows/release.yml@refs/heads/main",
        GITHUB_SHA: later,
        GITHUB_OUTPUT: files.outputs,
        GITHUB_STEP_SUMMARY: files.summary,
      };
      const host = testHost({ cwd: repo.path, env });
      const status = await main({ argv, makeHost: () => host, isTTY: false });
      return { status, ...host.written };
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
      await repo[Symbol.asyncDispose]();
    },
  };
}

test(
  "plan --recover plans the commit of the earlier run, and leaves nothing to build",
  withGit,
  async () => {
    await using world = await openWorld();
    const { status, stdout, stderr } = await world.run("plan", "--recover", "7", "--json");
    equal(status, 0, stderr);
    equal(JSON.parse(stdout).head, world.earlier);
    const outputs = await world.outputs();
    for (
      const [name, value] of [["head", world.earlier], ["matrix", "[]"], ["has_rows", "false"], [
        "has_release",
        "true",
      ]]
    ) {
      match(outputs, new RegExp(`^${name}<<.*\\n${value!.replace(/[[\]]/g, "\\$&")}\\n`, "m"));
    }
  },
);

test(
  "a run that is not this workflow's own work is refused by plan and by publish",
  withGit,
  async () => {
    await using world = await openWorld();
    for (const command of ["plan", "publish"]) {
      for (const [at, flaw] of Object.keys(FLAWS).entries()) {
        const { status, stdout } = await world.run(command, "--recover", `${100 + at}`, "--json");
        deepEqual([status, JSON.parse(stdout).failure?.code], [2, "PIOT_RECOVER_REFUSED"], flaw);
      }
      const none = await world.run(command, "--recover", "8", "--json");
      equal(JSON.parse(none.stdout).failure.code, "PIOT_RECOVER_REFUSED");
      for (const words of ["0", "-7", "7.5", "seven", "7/artifacts", "99999999999999999999"]) {
        const wrong = await world.run(command, `--recover=${words}`, "--json");
        deepEqual([wrong.status, JSON.parse(wrong.stdout).failure?.code], [2, "PIOT_USAGE"], words);
      }
    }
  },
);

test(
  "publish --recover wants the commit of that run, and says what records cannot tell",
  withGit,
  async () => {
    await using world = await openWorld();
    const wrong = await world.run("publish", "--recover", "7", "--dry-run", "--json");
    deepEqual([wrong.status, JSON.parse(wrong.stdout).failure?.code], [2, "PIOT_RECOVER_REFUSED"]);
    await world.repo.git("checkout", "--quiet", world.earlier);
    const { stderr } = await world.run("publish", "--recover", "7", "--dry-run");
    match(
      stderr,
      /warning: What is published was built by run 7 from commit .*: provenance .* name this run/,
    );
  },
);
