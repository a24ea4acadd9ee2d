import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ARCHIVE_LIMITS } from "../../src/artifact/archive/archive_guard.ts";
import { readTarGz } from "../../src/artifact/archive/tarball.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { writeTree } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

test("a tracked file that changed is not packed under the commit's name: nothing is sent, nothing tagged", async () => {
  await using world = await releaseWorld();
  await writeTree(world.root, { "js/pebble/index.js": "export const count = () => 42;\n" });
  const { status, stdout, stderr } = await world.piot("publish", "--json");
  assert.equal(status, 1, stderr);
  const { failure } = JSON.parse(stdout) as { failure: { code: string; message: string } };
  assert.deepEqual([failure.code, failure.message], [
    "PIOT_DIRTY_TREE",
    'Cannot pack "@putitoutthere/pebble": the work tree differs from the commit in "js/pebble/index.js" (changed)',
  ]);
  assert.ok(stderr.includes(failure.message), stderr);
  assert.deepEqual(world.writes(), []);
  assert.deepEqual(await world.tags(), []);

  await world.git.run(["checkout", "--", "js/pebble/index.js"]);
  assert.equal((await world.piot("publish")).status, 0);
});

test("a version that was written before publishing is none of the changes", async () => {
  await using world = await releaseWorld();
  const path = join(world.root, "js/pebble/package.json");
  const text = await readFile(path, "utf8");
  await writeTree(world.root, { "js/pebble/package.json": text.replace("0.0.0", "0.1.0") });
  const { status, stderr } = await world.piot("publish");
  assert.equal(status, 0, stderr);
});

test("a rehearsal goes by the commit, whatever the work tree holds", async () => {
  await using world = await releaseWorld();
  await writeTree(world.root, { "js/pebble/index.js": "changed\n" });
  const { status, stderr } = await world.piot("rehearse");
  assert.equal(status, 0, stderr);
  assert.match(stderr, /changes that are not committed are not part of the rehearsal/);
});

/** What a package on the rehearsed npm holds, by path. */
async function published(world: ReleaseWorld, name: string): Promise<Record<string, string>> {
  const registry = world.env.PIOT_NPM_URL!;
  const document = await (await fetch(`${registry}/${name.replace("/", "%2f")}`)).json();
  const { tarball } = document.versions[document["dist-tags"].latest].dist;
  const bytes = new Uint8Array(await (await fetch(tarball)).arrayBuffer());
  const files: Record<string, string> = {};
  await readTarGz(bytes, ARCHIVE_LIMITS, async (entry) => {
    files[entry.path.replace("package/", "")] = await entry.text();
  });
  return files;
}

test(
  "a crate and an npm package in one folder: what the one writes for a while, the other does not pack",
  await needs("git", "cargo"),
  async () => {
    await using world = await releaseWorld({ withCrate: true });
    const config = await readFile(join(world.root, "putitoutthere.toml"), "utf8");
    const folder = "rust/pebble-core";
    await world.commit("Add an npm package", {
      "putitoutthere.toml": `${config}
[[package]]
name = "pebble-native"
kind = "npm"
npm = "@putitoutthere/pebble-native"
path = "${folder}"
paths = ["${folder}/**"]
`,
      [`${folder}/package.json`]: `{
  "name": "@putitoutthere/pebble-native",
  "version": "0.0.0",
  "description": "Counts",
  "license": "MIT",
  "repository": { "type": "git", "url": "git+https://github.com/putitoutthere/pebble.git" }
}
`,
    });
    const committed = await readFile(join(world.root, folder, "Cargo.toml"), "utf8");
    const { status, stderr } = await world.piot("publish");
    assert.equal(status, 0, stderr);
    const files = await published(world, "@putitoutthere/pebble-native");
    assert.equal(files["Cargo.toml"], committed);
    assert.deepEqual(Object.keys(files).sort(), ["Cargo.toml", "package.json", "src/lib.rs"]);
    assert.equal(await world.git.text(["status", "--porcelain"]), "");
  },
);
