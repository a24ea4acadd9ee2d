/** Parts of one version that belong to different commits, and those of which nothing says where they are from. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { releaseWorld } from "../support/release_world.ts";
import {
  attestHeld,
  commitOfTag,
  headOf,
  publishes,
  publishUntagged,
} from "../support/older_release.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const WORKFLOW = { ".github/workflows/release.yml": "on: push\n" };

test(
  "records that are silent leave the same bytes to HEAD, and other bytes to nobody",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await publishUntagged(world, "--release", "pebble@0.1.0");
    await world.commit("Go on", WORKFLOW);
    const { of } = await publishes(world, "--release", "pebble@0.1.0");
    assert.equal(of["pebble"]!.commit, await headOf(world));
    assert.equal(await commitOfTag(world, "pebble-v0.1.0"), await headOf(world));
  },
);

test(
  "a part that is missing of what an earlier commit began fails, and says which commit completes it; there it is completed",
  withGit,
  async () => {
    await using world = await releaseWorld();
    const earlier = await publishUntagged(world, "--release", "pebble@0.1.0");
    attestHeld(world, earlier);
    world.services.pypi.files.delete("pebble-0.1.0.tar.gz");
    world.services.pypi.serial++;
    await world.commit("Go on", WORKFLOW);
    const later = await publishes(world);
    const { failure } = later.of["pebble"]!;
    assert.equal(failure?.code, "PIOT_RELEASE_HALF", later.stderr);
    for (
      const word of [earlier, "pebble-0.1.0-py3-none-any.whl", "pebble-0.1.0.tar.gz is missing"]
    ) {
      assert.ok(failure.message.includes(word), failure.message);
    }
    assert.equal(later.of["@putitoutthere/pebble"]!.status, "published");
    assert.deepEqual(await world.tags(), ["pebble-js-v0.1.0"]);
    await world.git.run(["checkout", "--quiet", earlier]);
    const asked = ["--release", "pebble@0.1.0"];
    const bare = await publishes(world, ...asked);
    assert.equal(
      bare.of["pebble"]!.failure?.code,
      "PIOT_TRUST_DOWNGRADE",
      "half of it is attested",
    );
    const there = await publishes(world, ...asked, "--allow-downgrade", "pebble");
    assert.equal(there.of["pebble"]!.status, "published", there.stderr);
    assert.equal(await commitOfTag(world, "pebble-v0.1.0"), earlier);
  },
);

test("parts of two commits are never tagged as one", withGit, async () => {
  await using world = await releaseWorld();
  const earlier = await publishUntagged(world, "--release", "pebble@0.1.0");
  await world.commit("Go on", WORKFLOW);
  const head = await headOf(world);
  const { pypi } = world.services;
  const sdist = pypi.files.get("pebble-0.1.0.tar.gz")!;
  pypi.files.delete(sdist.name);
  attestHeld(world, earlier);
  pypi.files.set(sdist.name, sdist);
  attestHeld(world, head);
  const { of } = await publishes(world, "--release", "pebble@0.1.0");
  const { failure } = of["pebble"]!;
  assert.equal(failure?.code, "PIOT_RELEASE_MIXED");
  assert.ok(failure.message.includes(`${earlier}: pebble-0.1.0-py3-none-any.whl (its attestation`));
  assert.ok(failure.message.includes(`${head}: pebble-0.1.0.tar.gz (its attestation`));
  assert.deepEqual(await world.tags(), []);
});

test(
  "of an npm family that an earlier commit published in part nothing of another commit is added",
  withGit,
  async () => {
    await using world = await releaseWorld({ targets: ["x86_64-unknown-linux-gnu"] });
    const earlier = await publishUntagged(world, "--release", "pebble-cli@0.1.0");
    const { packages } = world.services.npm;
    packages.delete("@putitoutthere/pebble-cli");
    await world.commit("Go on", WORKFLOW);
    const { of, stderr } = await publishes(world, "--release", "pebble-cli@0.1.0");
    const { failure } = of["pebble-cli"]!;
    assert.equal(failure?.code, "PIOT_RELEASE_HALF", stderr);
    assert.ok(failure.message.includes(`name ${earlier} for @putitoutthere/pebble-cli-`));
    assert.ok(failure.message.includes("@putitoutthere/pebble-cli@0.1.0 is missing"));
    assert.equal(packages.has("@putitoutthere/pebble-cli"), false);
  },
);
