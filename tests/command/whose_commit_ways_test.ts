/** By whatever way a run comes to what an earlier commit has published, the tag is made there, and every word of it is true. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { bundleDeadly, commandOf } from "../support/bundle.ts";
import { commitOfTag, headOf, publishes, publishUntagged } from "../support/older_release.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { tempFolder } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const program = await tempFolder();
after(() => program[Symbol.asyncDispose]());

const JS = "@putitoutthere/pebble";
const TAG = "pebble-js-v0.1.0";
const INSIDE = { "js/pebble/more.js": "export {};\n" };

/** Publishes in a process of its own, which is killed the moment it pushes a tag; gives the commit. */
async function killAtPush(world: ReleaseWorld): Promise<string> {
  const [command, ...words] = commandOf(bundleDeadly("deadly_cli", program.path));
  const child = spawn(command!, [
    ...words,
    "publish",
    "--artifacts",
    world.artifacts,
    "--release",
    `${JS}@0.1.0`,
  ], {
    cwd: world.root,
    env: world.env as Record<string, string>,
    stdio: "ignore",
    // git goes with it, as it does when a runner is taken away.
    detached: true,
  });
  let isOpen = true;
  world.services.breakNext("GitHub", {
    matches: ({ method, path }) => {
      const isPush = isOpen && method === "POST" && path.endsWith("/git-receive-pack");
      if (isPush && child.exitCode === null) process.kill(-child.pid!, "SIGKILL");
      return isPush;
    },
    how: "lost-before",
    times: Infinity,
  });
  const [, signal] = await once(child, "exit");
  isOpen = false;
  assert.equal(signal, "SIGKILL");
  return await headOf(world);
}

test(
  "what a run was killed before tagging is tagged at its commit by the run of a later one",
  withGit,
  async () => {
    await using world = await releaseWorld();
    const earlier = await killAtPush(world);
    assert.deepEqual(await world.tags(), []);
    const sent = (): number => world.writes().filter((line) => line.startsWith("npm")).length;
    assert.equal(sent(), 1);
    await world.commit("Go on", INSIDE);
    const { of, stderr } = await publishes(world);
    assert.deepEqual([of[JS]!.status, of[JS]!.commit], ["healed", earlier], stderr);
    assert.equal(sent(), 1);
    const again = await publishes(world);
    assert.equal(again.status, 0, again.stderr);
    assert.deepEqual(
      [again.of[JS]?.status, again.of[JS]?.version],
      ["published", "0.1.1"],
    );
    assert.equal(await commitOfTag(world, TAG), earlier);
    assert.equal(await commitOfTag(world, "pebble-js-v0.1.1"), await headOf(world));
    assert.equal(sent(), 2);
  },
);

test(
  "a commit that a merge brought in is in the history as well as one of the main line",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await world.git.run(["switch", "--quiet", "--create", "side"]);
    await world.commit("Aside", INSIDE);
    const earlier = await publishUntagged(world, "--release", `${JS}@0.1.0`);
    await world.git.run(["switch", "--quiet", "-"]);
    await world.commit("Meanwhile", { "python/pebble/more.py": "" });
    const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    await world.git.run([...who, "merge", "--quiet", "--no-ff", "--message", "Merge", "side"]);
    const { of, stderr } = await publishes(world);
    assert.deepEqual([of[JS]!.status, of[JS]!.commit], ["healed", earlier], stderr);
    assert.equal(await commitOfTag(world, TAG), earlier);
    assert.equal(of["pebble"]!.commit, await headOf(world));
  },
);

test(
  "a plan of the earlier commit is refused at the later one, and that one's own heals",
  withGit,
  async () => {
    await using world = await releaseWorld();
    const plan = join(program.path, "plan.json");
    await writeFile(plan, (await world.piot("plan", "--json")).stdout);
    const earlier = await publishUntagged(world);
    await world.commit("Go on", INSIDE);
    const refused = await world.piot("publish", "--plan", plan);
    assert.equal(refused.status, 2, refused.stderr);
    assert.match(refused.stderr, /PIOT_PLAN_STALE/);
    assert.deepEqual(await world.tags(), []);
    await writeFile(plan, (await world.piot("plan", "--json")).stdout);
    const { of, stderr } = await publishes(world, "--plan", plan);
    assert.deepEqual([of[JS]!.status, of[JS]!.commit], ["healed", earlier], stderr);
  },
);

test("by name, too, the version goes to the commit that made it", withGit, async () => {
  await using world = await releaseWorld();
  const earlier = await publishUntagged(world);
  await world.commit("Go on", INSIDE);
  const { of, stderr } = await publishes(world, "--release", `${JS}@0.1.0`);
  assert.deepEqual([of[JS]!.status, of[JS]!.commit], ["healed", earlier], stderr);
});

test(
  "the notes of a release that is tagged at an earlier commit end there, and the outputs name it",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await world.piot("publish");
    await world.commit("What the release is about", { "js/pebble/more.js": "1;\n" });
    const earlier = await publishUntagged(world);
    await world.commit("What came later", INSIDE);
    const output = join(program.path, "output");
    await writeFile(output, "");
    world.env["GITHUB_OUTPUT"] = output;
    const { of, stderr } = await publishes(world);
    assert.deepEqual([of[JS]!.status, of[JS]!.commit], ["healed", earlier], stderr);
    const body = await releaseBody(world, "pebble-js-v0.1.1");
    assert.match(body, /What the release is about/);
    assert.doesNotMatch(body, /What came later/);
    assert.match(await readFile(output, "utf8"), new RegExp(`"commit":"${earlier}"`));
  },
);

async function releaseBody({ env }: ReleaseWorld, tag: string): Promise<string> {
  const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN } = env;
  const answer = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/releases/tags/${tag}`, {
    headers: { authorization: `Bearer ${GITHUB_TOKEN}` },
  });
  return (await answer.json() as { body: string }).body;
}
