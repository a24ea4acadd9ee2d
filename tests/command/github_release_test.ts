/** Whole runs against the local GitHub: which releases are announced, and which of them is its latest. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { type ReleaseWorld, releaseWorld, replaceIn } from "../support/release_world.ts";
import { needs } from "../support/tools.ts";

interface Told {
  readonly packages: readonly {
    readonly name: string;
    readonly status: string;
    readonly github_release?: { readonly state: string; readonly latest?: boolean };
  }[];
}

/** Publishes, and gives what its document says of GitHub Releases, by package. */
async function published(
  world: ReleaseWorld,
  ...words: readonly string[]
): Promise<{ readonly told: Readonly<Record<string, unknown>>; readonly stderr: string }> {
  const { status, stdout, stderr } = await world.piot("publish", "--json", ...words);
  assert.equal(status, 0, stderr);
  const { packages } = JSON.parse(stdout) as Told;
  return {
    stderr,
    told: Object.fromEntries(packages.map(({ name, github_release }) => {
      const { state, latest } = github_release ?? {};
      return [name, latest === undefined ? state : `${state}, ${latest ? "latest" : "not latest"}`];
    })),
  };
}

/** The tag of what the local GitHub calls its latest release. */
async function latest({ env, services }: ReleaseWorld): Promise<string | undefined> {
  const url = `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/releases/latest`;
  const headers = { authorization: `Bearer ${env.GITHUB_TOKEN}` };
  const answer = await fetch(url, { headers });
  assert.ok(services !== undefined);
  const { tag_name } = await answer.json() as { tag_name?: string };
  return tag_name;
}

/** A world in which the wheel is tagged without a GitHub Release. */
async function quietWheel(): Promise<ReleaseWorld> {
  const world = await releaseWorld();
  const file = join(world.root, "putitoutthere.toml");
  const path = 'path = "python/pebble"\n';
  await writeFile(file, await replaceIn(file, path, `${path}github_release = false\n`));
  await world.commit("The wheel is not announced", {});
  return world;
}

const WHEEL = "pebble-v0.1.0";
const NPM = "pebble-js-v0.1.0";

test(
  "github_release = false tags alone, and people and --json are told",
  await needs("git"),
  async () => {
    await using world = await quietWheel();
    const { told, stderr } = await published(world);
    assert.deepEqual(told, { "pebble": "off", "@putitoutthere/pebble": "created, latest" });
    assert.deepEqual(await world.tags(), [NPM, WHEEL]);
    assert.deepEqual(world.services.releases(), [NPM]);
    assert.match(stderr, /Tagged without a GitHub Release \(github_release = false\): pebble$/m);
    // Nor does the next run of the commit make up for what nobody wants.
    assert.deepEqual((await published(world)).told, {});
    assert.deepEqual(world.services.releases(), [NPM]);
  },
);

test(
  "of several announced packages none is marked as GitHub's latest",
  await needs("git"),
  async () => {
    await using world = await releaseWorld();
    const { told } = await published(world);
    assert.deepEqual(told, {
      "pebble": "created, not latest",
      "@putitoutthere/pebble": "created, not latest",
    });
    assert.equal(await latest(world), undefined);
  },
);

test(
  "a backport is announced, and GitHub's latest stays where it was",
  await needs("git"),
  async () => {
    await using world = await quietWheel();
    await published(world);
    assert.equal(await latest(world), NPM);
    // The next line goes on elsewhere; its tag is on the remote alone.
    const url = new URL(world.services.remoteUrl);
    url.username = "ada";
    url.password = world.env.GITHUB_TOKEN!;
    await world.git.run(["push", "--quiet", url.href, "HEAD:refs/tags/pebble-js-v2.0.0"]);
    await world.commit("fix", { "js/pebble/more.js": "// more\n" });
    const { told } = await published(world, "--release", "@putitoutthere/pebble@0.1.1");
    assert.deepEqual(told, { "@putitoutthere/pebble": "created, not latest" });
    assert.equal(await latest(world), NPM);
    await world.commit("fix more", { "js/pebble/more.js": "// still more\n" });
    const next = await published(world, "--release", "@putitoutthere/pebble@2.0.1");
    assert.deepEqual(next.told, { "@putitoutthere/pebble": "created, latest" });
    assert.equal(await latest(world), "pebble-js-v2.0.1");
  },
);
