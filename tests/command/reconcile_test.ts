/** Tags that are missing are made where the registries' records prove a commit, and told where they do not. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReconcileDocument } from "../../src/core/status/reconcile_document.ts";
import { createGit } from "../../src/host/git.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import {
  attestHeld,
  bareOf,
  commitOfTag,
  headOf,
  publishUntagged,
} from "../support/older_release.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const withCargo = await needs("git", "cargo");

interface Reconciled {
  readonly status: number;
  readonly document: ReconcileDocument;
}

async function reconcile(world: ReleaseWorld, ...flags: readonly string[]): Promise<Reconciled> {
  const { status, stdout, stderr } = await world.piot("reconcile", "--json", ...flags);
  assert.notEqual(stdout, "", stderr);
  assert.doesNotMatch(stderr, /made at|no tag, for|Nothing to write/, "the document has it");
  return { status, document: JSON.parse(stdout) as ReconcileDocument };
}

test(
  "tags that all three registries' records prove are made at that commit, with their Releases",
  withCargo,
  async () => {
    await using world = await releaseWorld({ withCrate: true });
    const earlier = await publishUntagged(world);
    // The wheel waited for its crate.
    await publishUntagged(world, "--release", "pebble@0.1.0");
    attestHeld(world, earlier);
    await world.commit("Go on", { "rust/pebble-core/src/more.rs": "", "js/pebble/more.js": "" });
    const writes = world.writes().length;

    const dry = await reconcile(world, "--dry-run");
    assert.equal(dry.status, 0);
    assert.deepEqual(
      dry.document.tags.map(({ tag, state, commit, source }) => ({ tag, state, commit, source })),
      [
        { tag: "pebble-core-v0.1.0", source: "its vcs information" },
        { tag: "pebble-v0.1.0", source: "its attestation" },
        { tag: "pebble-js-v0.1.0", source: "its gitHead" },
      ].map((row) => ({ ...row, state: "would-make", commit: earlier })),
    );
    assert.deepEqual(
      dry.document.releases.map(({ state }) => state),
      Array(3).fill("would-create"),
    );
    assert.deepEqual(await world.tags(), []);
    assert.equal(world.writes().length, writes);

    const { status, document } = await reconcile(world);
    assert.equal(status, 0);
    assert.deepEqual(document.tags.map(({ state }) => state), ["made", "made", "made"]);
    assert.deepEqual(document.releases.map(({ state }) => state), Array(3).fill("created"));
    for (const tag of ["pebble-core-v0.1.0", "pebble-v0.1.0", "pebble-js-v0.1.0"]) {
      assert.equal(await commitOfTag(world, tag), earlier);
    }
    const again = await reconcile(world);
    assert.deepEqual([again.document.tags, again.document.releases.map(({ state }) => state)], [
      [],
      Array(3).fill("kept"),
    ]);
    // The next plan counts from there.
    const { stdout } = await world.piot("plan", "--json");
    const { packages } = JSON.parse(stdout) as { packages: { name: string; version: string }[] };
    assert.deepEqual(packages.map(({ name, version }) => `${name} ${version}`), [
      "pebble-core 0.1.1",
      "pebble 0.1.1",
      "@putitoutthere/pebble 0.1.1",
    ]);
  },
);

test(
  "what no record proves is left, with the command that somebody who knows would run",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await publishUntagged(world);
    // npm has its gitHead; PyPI's files went up with a token, and no attestation says anything.
    const { status, document: { tags } } = await reconcile(world, "pebble");
    assert.equal(status, 0);
    assert.deepEqual(tags.map(({ state, why, command }) => ({ state, why, command })), [{
      state: "left",
      why: "the registry's records name no commit",
      command: "git tag pebble-v0.1.0 COMMIT && git push origin refs/tags/pebble-v0.1.0",
    }]);
    assert.ok((tags[0]!.risk ?? "").length > 0);
    assert.deepEqual(await world.tags(), []);
    const { stderr } = await world.piot("reconcile", "pebble");
    assert.ok(stderr.includes(`    ${tags[0]!.risk}\n`), stderr);
    assert.match(
      stderr,
      /pebble 0\.1\.0: no tag, for the registry's records name no commit\n.*if you know better: git tag.*\n {4}\S/,
    );
  },
);

test("a commit that HEAD does not descend from is no place for a tag", withGit, async () => {
  await using world = await releaseWorld();
  await world.git.run(["switch", "--quiet", "--create", "side"]);
  await world.commit("Aside", { "js/pebble/aside.js": "" });
  const aside = await publishUntagged(world);
  await world.git.run(["switch", "--quiet", "-"]);
  const { document: { tags } } = await reconcile(world, "@putitoutthere/pebble");
  assert.equal(tags[0]!.state, "left");
  assert.equal(
    tags[0]!.why,
    `the registry's records name ${aside}, which HEAD does not descend from`,
  );
});

test(
  "a tag that stands elsewhere on the remote is told, and neither moved nor made here",
  withGit,
  async () => {
    await using world = await releaseWorld();
    const elsewhere = await headOf(world);
    await world.commit("Go on", { "js/pebble/more.js": "" });
    await publishUntagged(world);
    const bare = createGit({ cwd: bareOf(world), env: world.env });
    await bare.run(["tag", "pebble-js-v0.1.0", elsewhere]);
    const { status, document: { tags } } = await reconcile(world, "@putitoutthere/pebble");
    assert.equal(status, 1);
    assert.equal(tags[0]!.state, "failed");
    assert.match(tags[0]!.why!, /pebble-js-v0\.1\.0/);
    assert.equal(await commitOfTag(world, "pebble-js-v0.1.0"), elsewhere);
    assert.equal((await world.git.text(["tag", "--list"])).trim(), "");
  },
);

test(
  "a registry that gives no definite answer keeps its package's tags from being made, and no other's",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await publishUntagged(world);
    world.services.breakNext("PyPI", {
      matches: ({ method }) => method === "GET",
      how: { status: 503 },
      times: 20,
    });
    const { status, document: { tags, notes } } = await reconcile(world);
    assert.equal(status, 1);
    assert.deepEqual(tags.map(({ tag, state }) => `${tag}: ${state}`), ["pebble-js-v0.1.0: made"]);
    assert.match(notes.join("\n"), /^Nobody knows about pebble: /);
  },
);
