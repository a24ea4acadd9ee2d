/** What is wrong with one package is its own: the others are released, and what depends on it waits. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { join } from "node:path";
import { createGit } from "../../src/host/git.ts";
import type { OutcomeDocument } from "../../src/report/documents.ts";
import { type CliRun, type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const withCargo = await needs("git", "cargo");

function packagesOf({ stdout, stderr }: CliRun): Readonly<Record<string, OutcomeDocument>> {
  const { packages } = JSON.parse(stdout) as { packages?: readonly OutcomeDocument[] };
  assert.ok(packages !== undefined, stderr);
  return Object.fromEntries(packages.map((outcome) => [outcome.name, outcome]));
}

/** Puts a tag onto the remote alone, on a commit that this clone does not have. */
async function tagElsewhere(world: ReleaseWorld, tag: string): Promise<string> {
  const git = createGit({ cwd: join(world.root, "../remote.git"), env: world.env });
  const tree = (await git.text(["rev-parse", "HEAD^{tree}"])).trim();
  const who = { NAME: "Eve", EMAIL: "eve@example.com" };
  const env = Object.fromEntries(
    ["AUTHOR", "COMMITTER"].flatMap((role) =>
      Object.entries(who).map(([key, value]) => [`GIT_${role}_${key}`, value])
    ),
  );
  const commit = (await git.text(["commit-tree", "-m", "Elsewhere", tree], { env })).trim();
  await git.run(["tag", tag, commit]);
  return commit;
}

test(
  "a tag that stands elsewhere fails its package alone, of which nothing is sent",
  withGit,
  async () => {
    await using world = await releaseWorld();
    const commit = await tagElsewhere(world, "pebble-js-v0.1.0");
    const run = await world.piot("publish", "--json");
    assert.equal(run.status, 1, run.stderr);
    const { pebble, "@putitoutthere/pebble": js } = packagesOf(run);
    assert.equal(pebble?.status, "published");
    assert.equal(js?.failure?.code, "PIOT_TAG_ELSEWHERE");
    assert.ok(js.failure.message.includes(commit), js.failure.message);
    assert.ok(!world.writes().some((line) => line.startsWith("npm")));
    assert.deepEqual(await world.tags(), ["pebble-js-v0.1.0", "pebble-v0.1.0"]);
  },
);

test("what depends on a package whose tag stands elsewhere waits", withCargo, async () => {
  await using world = await releaseWorld({ withCrate: true });
  await tagElsewhere(world, "pebble-core-v0.1.0");
  const run = await world.piot("publish", "--json");
  assert.equal(run.status, 1, run.stderr);
  const found = packagesOf(run);
  assert.equal(found["pebble-core"]?.failure?.code, "PIOT_TAG_ELSEWHERE");
  assert.deepEqual(found["pebble"]?.blocked_by, ["pebble-core"]);
  assert.equal(found["@putitoutthere/pebble"]?.status, "published");
});

test("a package whose tag stands elsewhere needs no credential", withGit, async () => {
  await using world = await releaseWorld();
  await tagElsewhere(world, "pebble-js-v0.1.0");
  world.env["NODE_AUTH_TOKEN"] = "";
  const { pebble } = packagesOf(await world.piot("publish", "--json"));
  assert.equal(pebble?.status, "published");
});

test("a dry run tells of a tag that stands elsewhere, and checks the others", withGit, async () => {
  await using world = await releaseWorld();
  await tagElsewhere(world, "pebble-js-v0.1.0");
  const run = await world.piot("publish", "--json", "--dry-run");
  assert.equal(run.status, 1);
  const { pebble, "@putitoutthere/pebble": js } = packagesOf(run);
  assert.deepEqual([pebble?.status, js?.failure?.code], ["checked", "PIOT_TAG_ELSEWHERE"]);
});

const REFUSED: readonly {
  readonly name: string;
  readonly arrange: (world: ReleaseWorld) => unknown;
  readonly package: string;
  readonly other: string;
  readonly code: string;
}[] = [
  {
    name: "a number that was unpublished from npm",
    arrange: ({ services: { npm } }) => {
      npm.packages.set("@putitoutthere/pebble", {
        name: "@putitoutthere/pebble",
        owner: "rehearsal",
        access: "public",
        distTags: new Map(),
        versions: new Map(),
        time: new Map([["0.1.0", "2025-01-01T00:00:00.000Z"]]),
        unpublished: { time: "2025-01-01T00:00:00.000Z", versions: ["0.1.0"] },
        revision: 1,
      });
    },
    package: "@putitoutthere/pebble",
    other: "pebble",
    code: "PIOT_NPM_UNPUBLISHED",
  },
  {
    name: "a project that PyPI has archived",
    arrange: ({ services: { pypi } }) => {
      pypi.projects.set("pebble", {
        name: "pebble",
        displayName: "pebble",
        status: "archived",
        owners: new Set(["rehearsal"]),
        releases: [],
      });
      pypi.serial++;
      pypi.files.set("pebble-0.0.1.tar.gz", {
        name: "pebble-0.0.1.tar.gz",
        project: "pebble",
        version: "0.0.1",
        kind: "sdist",
        pyversion: "source",
        requiresPython: undefined,
        bytes: new Uint8Array(),
        sha256: "00",
        uploaded: new Date(0),
        serial: pypi.serial,
        userAgent: undefined,
      });
    },
    package: "pebble",
    other: "@putitoutthere/pebble",
    code: "PIOT_PROJECT_CLOSED",
  },
];

for (const { name, arrange, package: own, other, code } of REFUSED) {
  test(`${name} fails its package alone`, withGit, async () => {
    await using world = await releaseWorld();
    await arrange(world);
    const run = await world.piot("publish", "--json");
    assert.equal(run.status, 1, run.stderr);
    const found = packagesOf(run);
    assert.equal(found[own]?.failure?.code, code, run.stderr);
    assert.equal(found[other]?.status, "published");
    const registry = own === "pebble" ? "PyPI" : "npm";
    assert.ok(!world.writes().some((line) => line.startsWith(registry)), "nothing of it is sent");
    assert.equal((await world.tags()).length, 1);
  });
}

test(
  "an index that does not answer for one package stops the run before anything is written",
  withGit,
  async () => {
    await using world = await releaseWorld();
    world.services.breakNext("npm", {
      matches: ({ place }) => place === "npm-read",
      how: { status: 503, body: "down" },
      times: Infinity,
    });
    const run = await world.piot("publish", "--json");
    assert.equal(JSON.parse(run.stdout).failure.code, "PIOT_REGISTRY_UNKNOWN");
    assert.deepEqual(world.writes(), []);
  },
);

test(
  "what crates.io would not take of one crate stops the run before anything is sent",
  withCargo,
  async () => {
    await using world = await releaseWorld({ withCrate: true });
    const path = "rust/pebble-core/Cargo.toml";
    const text = await readFile(join(world.root, path), "utf8");
    await world.commit("Say nothing", { [path]: text.replace(/^description.*$/m, "") });
    const run = await world.piot("publish", "--json");
    assert.equal(run.status, 1, run.stderr);
    assert.equal(JSON.parse(run.stdout).failure.code, "PIOT_CRATES_UNPUBLISHABLE");
    assert.deepEqual(world.writes(), []);
  },
);

test(
  "a token of trusted publishing cannot create a crate: that crate fails alone",
  withCargo,
  async () => {
    await using world = await releaseWorld({ withCrate: true });
    world.env["CARGO_REGISTRY_TOKEN"] = `cio_tp_${"a".repeat(32)}`;
    const found = packagesOf(await world.piot("publish", "--json"));
    assert.equal(found["pebble-core"]?.failure?.code, "PIOT_AUTH_REFUSED");
    assert.deepEqual(found["pebble"]?.blocked_by, ["pebble-core"]);
    assert.equal(found["@putitoutthere/pebble"]?.status, "published");
  },
);
