/** Runs that did not succeed, and what becomes of them when somebody does to the letter what the end report says. */

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { gatherArtifacts } from "../../src/command/rehearse/provide_artifacts.ts";
import { plan } from "../../src/command/plan.ts";
import type { WayOut } from "../../src/report/ways_out.ts";
import { holdOnNpm, holdOnPypi } from "../support/held_evidence.ts";
import { commitOfTag, headOf, publishUntagged } from "../support/older_release.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { testHost } from "../support/test_host.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");

interface Ended {
  readonly status: number;
  readonly statuses: readonly string[];
  readonly ways: readonly WayOut[];
  readonly stderr: string;
}

async function publish(world: ReleaseWorld, ...words: readonly string[]): Promise<Ended> {
  const { status, stdout, stderr } = await world.piot("publish", "--json", ...words);
  const { packages = [], ways_out: ways } = JSON.parse(stdout) as {
    packages?: readonly { status: string }[];
    ways_out: readonly WayOut[];
  };
  return { status, statuses: packages.map((pkg) => pkg.status), ways, stderr };
}

/** Does what a way out says, once its first cause is mended: its commands for a shell, outside of Actions. */
async function follow(world: ReleaseWorld, way: WayOut): Promise<Ended> {
  let ended: Ended | undefined;
  for (const command of way.commands.filter((line) => !line.startsWith("gh "))) {
    const [program = "", verb = "", ...words] = command.split(" ");
    if (program === "git") await inShell(world, command);
    if (program === "putitoutthere" && verb === "publish") ended = await publish(world, ...words);
  }
  assert.ok(ended !== undefined, way.commands.join("; "));
  return ended;
}

/** A command as somebody types it, whose git may push. */
async function inShell({ root, env, services }: ReleaseWorld, command: string): Promise<void> {
  const { origin } = new URL(services.remoteUrl);
  const basic = btoa(`ada:${env.GITHUB_TOKEN}`);
  const allowed = {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${origin}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  };
  const [AUTHOR, MAIL] = ["Ada", "ada@example.com"];
  const who = { GIT_COMMITTER_NAME: AUTHOR, GIT_COMMITTER_EMAIL: MAIL };
  // The server that it pushes to answers from this very process.
  await promisify(execFile)("sh", ["-c", command], {
    cwd: root,
    env: { ...env, ...allowed, ...who },
  });
}

/** The only way out of a run that failed; people read it too. */
function onlyWay({ status, ways, stderr }: Ended, situation: string): WayOut {
  assert.equal(status, 1, stderr);
  assert.deepEqual(ways.map((way) => way.situation), [situation], stderr);
  assert.match(stderr, /\nWhat to do:\n/);
  assert.ok(stderr.includes(`recovery.md#${situation}`), stderr);
  return ways[0]!;
}

/** Builds what a release of that version needs. */
async function build(world: ReleaseWorld, release: readonly string[]): Promise<void> {
  await rm(world.artifacts, { recursive: true });
  const host = testHost({ cwd: world.root, env: world.env });
  const planned = await plan(host, { release });
  await gatherArtifacts(planned, { given: undefined, folder: world.artifacts });
}

const TAGS = ["pebble-js-v0.1.0", "pebble-v0.1.0"];

for (
  const { name, situation, service, matches, how } of [
    {
      name: "a registry that broke",
      situation: "run-again",
      service: "PyPI",
      matches: ({ method }: { method: string }) => method === "POST",
      how: { status: 400, body: { message: "Try another time" } },
    },
    {
      name: "a credential that was refused",
      situation: "credential",
      service: "npm",
      matches: ({ method }: { method: string }) => method === "PUT",
      how: { status: 401, body: { error: "Unauthorized" } },
    },
  ] as const
) {
  test(`${name} is mended outside, and the same commit ends released`, withGit, async () => {
    await using world = await releaseWorld();
    world.services.breakNext(service, { matches, how });
    const way = onlyWay(await publish(world), situation);
    const { status, stderr } = await follow(world, way);
    assert.equal(status, 0, stderr);
    assert.deepEqual(await world.tags(), TAGS);
  });
}

test(
  "artifacts that are gone are built again, and the same commit ends released",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await rm(join(world.artifacts, "pebble-sdist"), { recursive: true });
    const way = onlyWay(await publish(world), "artifacts");
    assert.deepEqual(
      way.commands[0],
      "gh run rerun RUN",
      "all jobs, since failed ones build nothing",
    );
    await build(world, []);
    const { status, stderr } = await follow(world, way);
    assert.equal(status, 0, stderr);
    assert.deepEqual(await world.tags(), TAGS);
  },
);

test("a version whose tag stands elsewhere is released as the higher one", withGit, async () => {
  await using world = await releaseWorld();
  const url = new URL(world.services.remoteUrl);
  url.username = "ada";
  url.password = world.env.GITHUB_TOKEN!;
  const before = (await world.git.text(["rev-parse", "HEAD"])).trim();
  await world.commit("Go on", { "js/pebble/more.js": "// more\n" });
  // The remote has it, and this clone does not: nobody could plan around it.
  await world.git.run(["push", "--quiet", url.href, `${before}:refs/tags/pebble-js-v0.1.0`]);
  const way = onlyWay(await publish(world), "tag-elsewhere");
  assert.deepEqual(way.packages, ["@putitoutthere/pebble"]);
  await build(world, ["@putitoutthere/pebble@0.1.1"]);
  const { status, statuses, stderr } = await follow(world, way);
  assert.equal(status, 0, stderr);
  assert.deepEqual(statuses, ["published"]);
  assert.ok((await world.tags()).includes("pebble-js-v0.1.1"));
});

test("what a registry does not show in time is looked for again, and tagged", withGit, async () => {
  await using world = await releaseWorld();
  world.env["PIOT_PATIENCE"] = "0";
  world.services.breakNext("npm", {
    matches: ({ method }) => method === "PUT",
    how: { status: 200, body: {} },
  });
  const way = onlyWay(await publish(world), "unconfirmed");
  const { status, stderr } = await follow(world, way);
  assert.equal(status, 0, stderr);
  assert.deepEqual(await world.tags(), TAGS);
});

test("what the commit cannot be released with is mended in the next one", withGit, async () => {
  await using world = await releaseWorld();
  const manifest = JSON.parse(
    execFileSync("cat", [join(world.root, "js/pebble/package.json")], { encoding: "utf8" }),
  );
  await world.commit("Broken", {
    "js/pebble/package.json": JSON.stringify({ ...manifest, private: true }),
  });
  const { status, ways, stderr } = await publish(world);
  assert.equal(status, 1, stderr);
  assert.deepEqual(ways.map(({ situation }) => situation), ["commit"]);
  await world.commit("Mended", { "js/pebble/package.json": JSON.stringify(manifest) });
  const again = await publish(world);
  assert.equal(again.status, 0, again.stderr);
  assert.deepEqual(again.ways, []);
  assert.deepEqual(await world.tags(), TAGS);
});

test("a run that is asked for what cannot be says so, people and --json", withGit, async () => {
  await using world = await releaseWorld();
  const { status, ways, stderr } = await publish(world, "--release", "nobody");
  assert.equal(status, 2);
  assert.deepEqual(ways.map(({ situation }) => situation), ["asked"]);
  assert.match(stderr, /recovery\.md#asked/);
});

test(
  "what an earlier commit began is finished there, and the user is led back",
  withGit,
  async () => {
    await using world = await releaseWorld({ targets: ["x86_64-unknown-linux-gnu"] });
    const earlier = await publishUntagged(world, "--release", "pebble-cli@0.1.0");
    world.services.npm.packages.delete("@putitoutthere/pebble-cli");
    await world.commit("Go on", { ".github/workflows/release.yml": "on: push\n" });
    const later = await headOf(world);
    const way = onlyWay(await publish(world, "--release", "pebble-cli@0.1.0"), "older-commit");
    assert.deepEqual(way.commands[0], `gh run list --commit ${earlier}`);
    const { status, statuses, stderr } = await follow(world, way);
    assert.deepEqual([status, statuses], [0, ["published"]], stderr);
    assert.equal(await commitOfTag(world, "pebble-cli-v0.1.0"), earlier);
    assert.equal(await headOf(world), later);
  },
);

test(
  "a version that nothing shows to be this one is released as a higher one",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await publishUntagged(world, "--release", "pebble@0.1.0");
    for (const [name, file] of world.services.pypi.files) {
      world.services.pypi.files.set(name, { ...file, sha256: "0".repeat(64) });
    }
    world.services.pypi.serial++;
    const way = onlyWay(await publish(world, "--release", "pebble@0.1.0"), "version-taken");
    const command = `putitoutthere publish --artifacts ${world.artifacts} --release pebble@0.1.1`;
    assert.equal(way.commands.at(-1), command);
    await build(world, ["pebble@0.1.1"]);
    const { status, statuses, stderr } = await follow(world, way);
    assert.deepEqual([status, statuses], [0, ["published"]], stderr);
    assert.deepEqual(await world.tags(), ["pebble-v0.1.1"]);
  },
);

test(
  "a history that no tag tells of goes on above it, once the last release is tagged",
  withGit,
  async () => {
    await using world = await releaseWorld();
    holdOnNpm(world.services, { name: "@putitoutthere/pebble", versions: { "0.3.0": [] } });
    const last = await headOf(world);
    await world.commit("Go on", { "js/pebble/index.js": "export const count = 2;\n" });
    const first = await publish(world, "--release", "@putitoutthere/pebble");
    const way = onlyWay(first, "untagged");
    for (const command of way.commands) await inShell(world, command.replace("COMMIT", last));
    await build(world, ["@putitoutthere/pebble"]);
    const again = await publish(world, "--release", "@putitoutthere/pebble");
    assert.deepEqual([again.status, again.statuses], [0, ["published"]], again.stderr);
    assert.deepEqual(await world.tags(), ["pebble-js-v0.3.0", "pebble-js-v0.3.1"]);
  },
);

test(
  "evidence that would fall passes by name, with the command that says so",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await holdOnPypi(world.services, {
      name: "pebble",
      version: "0.0.1",
      evidence: ["attestations"],
    });
    await world.git.run(["tag", "pebble-v0.0.1", "HEAD"]);
    await world.commit("Change", { "README.md": "more\n" });
    await build(world, ["pebble"]);
    const way = onlyWay(await publish(world, "--release", "pebble"), "proof");
    const { status, stderr } = await follow(world, way);
    assert.equal(status, 0, stderr);
    assert.ok((await world.tags()).includes("pebble-v0.0.2"));
  },
);

test(
  "a job without an identity is given one, and the same commit ends released",
  withGit,
  async () => {
    const job = { repository: "putitoutthere/pebble", workflow: "release.yml" };
    await using world = await releaseWorld({ job });
    world.services.pypi.pending.push({ project: "pebble", ...job });
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url } = world.env;
    delete world.env["ACTIONS_ID_TOKEN_REQUEST_URL"];
    const asked = ["--oidc-only", "--release", "pebble@0.1.0"];
    const way = onlyWay(await publish(world, ...asked), "workflow");
    assert.ok(way.commands.includes("git push"));
    world.env["ACTIONS_ID_TOKEN_REQUEST_URL"] = url;
    const { status, stderr } = await follow(world, { ...way, commands: way.commands.slice(1) });
    assert.equal(status, 0, stderr);
    assert.deepEqual(await world.tags(), ["pebble-v0.1.0"]);
  },
);
