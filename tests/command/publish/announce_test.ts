import assert from "node:assert/strict";
import { test } from "node:test";
import { mendReleases, openAnnouncing } from "../../../src/command/publish/announce.ts";
import { releaseOf, type Repository, type Run } from "../../../src/command/publish/run.ts";
import { openWorkspace } from "../../../src/command/workspace.ts";
import { Failure } from "../../../src/error.ts";
import { createGit } from "../../../src/host/git.ts";
import { openGitHub } from "../../../src/host/github.ts";
import { type LocalGitHub, serveGitHub } from "../../../src/rehearsal/github/serve_github.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { git, repositoryOf } from "../../support/history.ts";
import type { Env } from "../../../src/host/host.ts";
import type { Event } from "../../../src/report/report.ts";
import { testHost } from "../../support/test_host.ts";
import { needs } from "../../support/tools.ts";
import { declare, smallRun } from "./small_registry.ts";

test("what stands against looking for missing announcements is a warning: what the run did is told", async () => {
  const world = smallRun(declare({ a: [] }), { registries: {} });
  const { host } = world;
  const run: Run = {
    ...world.run,
    plan: {
      ...world.run.plan,
      left_out: [{ name: "a", previous: "1.0.0", reason: "released" }],
    },
    repository: {
      git: createGit({ cwd: "/nowhere", env: {} }),
      github: () => Promise.resolve({ why: "there is none" }),
    },
  };
  const broken = new Failure("PIOT_GIT", "Cannot run git: the disk is full");
  const workspace = {
    ...openWorkspace(host),
    config: () => Promise.reject(broken),
    repository: () => Promise.reject(broken),
  };
  assert.deepEqual(await mendReleases(run, { workspace, question: {} }), []);
  assert.deepEqual(world.events, [{
    type: "warning",
    message: "Cannot look for GitHub Releases that are missing: Cannot run git: the disk is full",
  }]);
});

const withGit = await needs("git");

interface Announced {
  readonly releases: LocalGitHub["releases"];
  readonly latest: string | undefined;
  /** Whether it was made now. */
  readonly made: boolean;
  readonly events: readonly Event[];
}

/**
 * Announces `a`, whose last release is 0.9.0, at this version: after that one commit touched it, one touched `b` and one
 * both. `again` announces it a second time.
 */
async function announceA(
  options: {
    readonly version?: string;
    readonly packages?: readonly string[];
    readonly env?: Env;
    readonly again?: boolean;
    readonly withoutTag?: boolean;
  } = {},
): Promise<Announced> {
  const { version = "1.0.0", packages = ["a"], env = {}, again = false } = options;
  await using folder = await repositoryOf([
    { commit: "Before", write: { "a/0": "" } },
    { tag: "a-v0.9.0" },
    { commit: "Mend a", write: { "a/1": "" } },
    { commit: "Touch only b", write: { "b/1": "" } },
    { commit: "Touch the two", write: { "a/2": "", "b/2": "" } },
    ...(options.withoutTag === true ? [] : [{ tag: `a-v${version}` }]),
  ]);
  const { clock } = testHost();
  const token = "ghs_of-the-job";
  await using server = await serveGitHub({
    ...{
      repository: "ada/engine",
      git: createGit({ cwd: folder.path, env: GIT_ENV }),
      token,
      clock,
    },
  });
  const world = smallRun(declare(Object.fromEntries(packages.map((name) => [name, []]))), {
    registries: {},
    names: ["a"],
  });
  const host = testHost({ cwd: folder.path, env: { ...server.env, ...env } });
  const access = openGitHub(host, "ada/engine");
  const repository: Repository = {
    git: createGit({ cwd: folder.path, env: GIT_ENV }),
    github: () => Promise.resolve(access),
  };
  const [first] = world.run.plan.packages;
  const planned = { ...first!, version, previous: "0.9.0", tag: `a-v${version}` };
  const head = (await git(folder.path, ["rev-parse", "HEAD"])).trim();
  const plan = { ...world.run.plan, head, packages: [planned] };
  const run: Run = { ...world.run, host, repository, plan };
  const release = releaseOf(run, { planned, artifacts: [] });
  const announce = openAnnouncing(run, repository);
  if (again) await announce(release);
  const made = (await announce(release)).state === "created";
  const { releases } = server;
  return { releases, latest: server.latest(), made, events: world.events };
}

test(
  "a release's notes list the commits that touched its package, and no others",
  withGit,
  async () => {
    const { releases: [release, ...others], made, events } = await announceA();
    assert.deepEqual(others, []);
    assert.ok(made);
    const { tag_name, name, body = "", html_url: url } = release!;
    assert.deepEqual([tag_name, name], ["a-v1.0.0", "a 1.0.0"]);
    const listed = ["Before", "Mend a", "Touch only b", "Touch the two"].filter((subject) =>
      body.split("\n").some((line) => line.includes(subject))
    );
    assert.deepEqual(listed, ["Mend a", "Touch the two"]);
    assert.ok(body.includes("https://small.example/a/1.0.0"), body);
    assert.match(body, /ada\/engine\/compare\/a-v0\.9\.0\.\.\.a-v1\.0\.0/);
    const told = { name: "a", kind: "npm", version: "1.0.0" } as const;
    assert.deepEqual(events, [{ type: "github-release", release: told, done: "created", url }]);
  },
);

for (
  const { name, options, latest, prerelease = false } of [
    { name: "of the only package is the latest", options: {}, latest: "a-v1.0.0" },
    {
      name: "of one package among several is not the latest",
      options: { packages: ["a", "b"] },
      latest: undefined,
    },
    {
      name: "of the only package that is a pre-release is not the latest",
      options: { version: "1.0.0-rc.1" },
      latest: undefined,
      prerelease: true,
    },
  ]
) {
  test(`a release ${name}`, withGit, async () => {
    const announced = await announceA(options);
    assert.equal(announced.latest, latest);
    assert.deepEqual(announced.releases.map((release) => release.prerelease), [prerelease]);
  });
}

test("a release that stands is kept, and is nothing that was made", withGit, async () => {
  const { releases, made, events } = await announceA({ again: true });
  assert.equal(releases.length, 1);
  assert.ok(!made);
  assert.deepEqual(
    events.map((event) => event.type === "github-release" ? event.done : event.type),
    ["created", "kept"],
  );
});

test("what GitHub refuses is a warning: the release is complete without it", withGit, async () => {
  const { releases, made, events } = await announceA({ withoutTag: true });
  assert.deepEqual([releases.length, made], [0, false]);
  assert.deepEqual(events, [{
    type: "warning",
    message:
      'No GitHub Release for a-v1.0.0: Cannot make the GitHub Release "a-v1.0.0": ada/engine has no such tag',
    release: { name: "a", kind: "npm", version: "1.0.0" },
  }]);
});

for (
  const { name, env, warnings } of [
    { name: "on a laptop is nothing to speak of", env: {}, warnings: [] },
    {
      name: "in a workflow is a warning that says why",
      env: { GITHUB_ACTIONS: "true" },
      warnings: ["No GitHub Release for a-v1.0.0: there is no GITHUB_TOKEN or GH_TOKEN"],
    },
  ]
) {
  test(`no way to GitHub ${name}`, withGit, async () => {
    const { releases, made, events } = await announceA({ env: { GITHUB_TOKEN: "", ...env } });
    assert.deepEqual([releases.length, made], [0, false]);
    assert.deepEqual(
      events.map((event) => event.type === "warning" ? event.message : event.type),
      warnings,
    );
  });
}
