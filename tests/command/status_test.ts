import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type {
  PackageStatusDocument,
  StatusDocument,
} from "../../src/core/status/status_document.ts";
import { heldPackage } from "../registry/npm/world.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";

/** What `status --check --json` says, as `name: state`, and its exit status. */
async function ask(
  world: ReleaseWorld,
  ...names: readonly string[]
): Promise<
  { readonly status: number; readonly states: readonly string[]; readonly document: StatusDocument }
> {
  const { status, stdout, stderr } = await world.piot("status", "--check", "--json", ...names);
  assert.notEqual(stdout, "", stderr);
  const document = JSON.parse(stdout) as StatusDocument;
  return {
    status,
    states: document.packages.map(({ name, state }) => `${name}: ${state}`),
    document,
  };
}

const ALL = ["pebble", "@putitoutthere/pebble", "pebble-cli"];
const each = (state: string): readonly string[] => ALL.map((name) => `${name}: ${state}`);

test("status follows packages from before their first release to the change after it", async () => {
  await using world = await releaseWorld({ targets: ["x86_64-unknown-linux-gnu"] });
  const before = await ask(world);
  assert.deepEqual([before.status, before.states], [0, each("never-released")]);

  await world.piot("publish");
  const writes = world.writes().length;
  const after = await ask(world);
  assert.deepEqual([after.status, after.states], [0, each("in-sync")]);
  const [wheel] = after.document.packages;
  assert.deepEqual(wheel, {
    name: "pebble",
    kind: "pypi",
    registry_name: "pebble",
    state: "in-sync",
    last: { version: "0.1.0", tag: "pebble-v0.1.0", commit: after.document.head },
    newest: { version: "0.1.0", evidence: [] },
    next: null,
    waiting: null,
    notes: [],
  });

  await world.commit("Change the wheel", { "python/pebble/new.py": "" });
  const changed = await ask(world, "pebble");
  assert.deepEqual([changed.status, changed.states], [0, ["pebble: changes-waiting"]]);
  assert.deepEqual(changed.document.packages[0]!.next, { version: "0.1.1", reason: "changed" });
  assert.equal(world.writes().length, writes);
});

test("status tells where tags and registries contradict each other, and --check ends with 1", async () => {
  await using world = await releaseWorld({ targets: ["x86_64-unknown-linux-gnu"] });
  await world.piot("publish");
  await world.git.run(["tag", "--delete", "pebble-v0.1.0"]);
  await world.git.run(["tag", "pebble-cli-v0.2.0"]);
  const { status, states, document: { packages, drift } } = await ask(world);
  assert.deepEqual([status, drift], [1, true]);
  assert.deepEqual(states, [
    "pebble: untagged",
    "@putitoutthere/pebble: in-sync",
    "pebble-cli: not-published",
  ]);
  assert.match(
    packages[0]!.notes.join("\n"),
    /^0\.1\.0 is on the registry, and no tag stands for it/,
  );
  assert.match(
    packages[2]!.notes.join("\n"),
    /^pebble-cli-v0\.2\.0 stands for 0\.2\.0, which the registry does not have\n.*--release pebble-cli@0\.2\.0/,
  );
  const { status: told, stderr } = await world.piot("status");
  assert.equal(told, 0);
  assert.match(
    stderr,
    /pebble +pypi +- +0\.1\.0 +0\.1\.0 +on the registry without a tag +none\n {4}0\.1\.0 is on/,
  );
});

test("a registry that gives no definite answer is one package's state, and the others have theirs", async () => {
  await using world = await releaseWorld();
  world.services.breakNext("npm", {
    matches: ({ method }) => method === "GET",
    how: { status: 200, body: "<html>Please log in</html>" },
    times: 9,
  });
  const { status, states, document: { packages } } = await ask(world);
  assert.deepEqual([status, states], [1, [
    "pebble: never-released",
    "@putitoutthere/pebble: unreachable",
  ]]);
  assert.match(packages[1]!.notes[0]!, /^Cannot tell what npm holds of "@putitoutthere\/pebble"/);
});

test("a version that a release branch has tagged is no drift on the main branch", async () => {
  await using world = await releaseWorld();
  await world.piot("publish");
  await world.git.run(["switch", "--quiet", "--create", "side"]);
  await world.commit("Change the wheel aside", { "python/pebble/aside.py": "" });
  await world.piot("publish", "--release", "pebble@0.2.0");
  await world.git.run(["switch", "--quiet", "-"]);
  const { status, states } = await ask(world, "pebble");
  assert.deepEqual([status, states], [0, ["pebble: in-sync"]]);
});

test("a plan that cannot be made is told, and status still says where packages stand", async () => {
  await using world = await releaseWorld();
  await world.piot("publish");
  await world.commit("Change\n\nrelease: mnor\n", { "python/pebble/new.py": "" });
  const { document: { notes }, states } = await ask(world, "pebble");
  assert.deepEqual(states, ["pebble: changes-waiting"]);
  assert.match(notes.join("\n"), /^What ships next cannot be planned: .*mnor/);
});

test("a release is whole by what was declared at its tag: a target that came since is none that it lacks", async () => {
  await using world = await releaseWorld();
  await world.piot("publish");
  const file = "putitoutthere.toml";
  const text = await readFile(join(world.root, file), "utf8");
  const path = 'path = "python/pebble"\n';
  assert.ok(text.includes(path));
  await world.commit("Build for a platform", {
    [file]: text.replace(
      path,
      `${path}build = "maturin"\ntargets = ["x86_64-unknown-linux-gnu"]\n`,
    ),
  });
  assert.deepEqual((await ask(world, "pebble")).states, ["pebble: in-sync"]);
});

test("status goes by the configuration that is named", async () => {
  await using world = await releaseWorld();
  const text = await readFile(join(world.root, "putitoutthere.toml"), "utf8");
  const other = text.replace('name = "pebble"', 'name = "gravel"\npypi = "pebble"');
  await world.commit("Add another", { "other.toml": other });
  const { stdout, stderr } = await world.piot("status", "--json", "--config", "other.toml");
  assert.notEqual(stdout, "", stderr);
  const { packages } = JSON.parse(stdout) as StatusDocument;
  assert.deepEqual(packages.map(({ name }) => name), ["gravel", "@putitoutthere/pebble"]);
});

test("a name that no package has is refused with the nearest one", async () => {
  await using world = await releaseWorld();
  const { status, stderr } = await world.piot("status", "pebble", "peble");
  assert.equal(status, 2);
  assert.match(stderr, /No package is called "peble"\n.*pebble/);
});

test("a version that waits for approval is staged, which is no drift, and nobody's secret is told", async () => {
  const job = { repository: "putitoutthere/pebble", workflow: "release.yml" };
  await using world = await releaseWorld({ job });
  const { npm } = world.services;
  const name = "@putitoutthere/pebble";
  npm.packages.set(name, heldPackage(name, { owner: "rehearsal" }));
  npm.trust.set(name, { ...job, permissions: ["createStagedPackage"] });
  await world.git.run(["tag", "pebble-js-v0.0.1", "HEAD"]);
  await world.commit("Count", { "js/pebble/index.js": "export const count = 1;\n" });
  const token = world.env["NODE_AUTH_TOKEN"]!;
  delete world.env["NODE_AUTH_TOKEN"];
  await world.piot("publish", "--release", name);
  const blind = await ask(world, name);
  assert.deepEqual(blind.states, [`${name}: changes-waiting`]);
  assert.equal(blind.document.packages[0]!.waiting, null);
  world.env["NODE_AUTH_TOKEN"] = token;
  const { status, states, document } = await ask(world, name);
  assert.deepEqual([status, states], [0, [`${name}: staged`]]);
  const [{ waiting, notes }] = document.packages as [PackageStatusDocument];
  assert.deepEqual(waiting, [{ name, version: "0.0.2" }]);
  assert.match(notes[0]!, /0\.0\.2 waits for a maintainer .* `npm stage approve [\w-]+`/);
  assert.equal(JSON.stringify(document).includes(token), false);
});
