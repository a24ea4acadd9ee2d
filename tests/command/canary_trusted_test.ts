/** What a job with an identity is told by a server that repeats secrets: the exchanges, staging, and what is asked around them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { holdEarlierRelease } from "../../src/rehearsal/pypi/earlier_release.ts";
import type { PlaceName } from "../../src/rehearsal/server/places.ts";
import { makeSdist } from "../../src/rehearsal/synthesise/python_distribution.ts";
import { heldPackage } from "../registry/npm/world.ts";
import {
  askAll,
  enterStep,
  SAID,
  type SinkName,
  type Telling,
  TOLD,
  wordsOf,
} from "../support/canary_world.ts";
import { holdOnCrates } from "../support/held_evidence.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const withCargo = await needs("git", "cargo");
const JOB = { repository: "putitoutthere/pebble", workflow: "release.yml" } as const;
const SCOPED = "@putitoutthere/pebble";
const CHANGED = { "README.md": "more\n", "js/pebble/index.js": "export const count = 1;\n" };

/** The worlds by what is released, each of a job that the registry trusts. */
const WORLDS = {
  async npm(): Promise<ReleaseWorld> {
    const world = await npmWorld();
    world.services.npm.trust.set(SCOPED, { ...JOB, permissions: ["createPackage"] });
    return world;
  },
  async staged(): Promise<ReleaseWorld> {
    const world = await npmWorld();
    world.services.npm.trust.set(SCOPED, { ...JOB, permissions: ["createStagedPackage"] });
    return world;
  },
  /** A version waits from a run before; this one has a user's token, which may ask for it. */
  async waiting(): Promise<ReleaseWorld> {
    const world = await WORLDS.staged();
    const run = await world.piot("publish", "--release", SCOPED);
    assert.match(run.stdout + run.stderr, /waits for a maintainer/);
    world.services.npm.trust.clear();
    world.env["NODE_AUTH_TOKEN"] = world.services.env["NODE_AUTH_TOKEN"];
    return world;
  },
  /** Strangers see nothing of the package. */
  async unseen(): Promise<ReleaseWorld> {
    const world = await releaseWorld({ job: JOB });
    await enterStep(world);
    return world;
  },
  async pypi(): Promise<ReleaseWorld> {
    const world = await releaseWorld({ job: JOB });
    const { pypi } = world.services;
    const sdist = await makeSdist({ name: "pebble", version: "0.0.1" });
    holdEarlierRelease(pypi, { name: "pebble", version: "0.0.1", owner: "rehearsal", sdist });
    pypi.publishers.push({ project: "pebble", ...JOB });
    return await released(world, "pebble");
  },
  async crates(): Promise<ReleaseWorld> {
    const world = await releaseWorld({ job: JOB, withCrate: true });
    const { crates } = world.services;
    holdOnCrates(world.services, {
      name: "pebble-core",
      version: "0.0.1",
      evidence: ["trusted-publisher"],
    });
    crates.publishers.set("pebble_core", [JOB]);
    return await released(world, "pebble-core");
  },
} as const;

async function npmWorld(): Promise<ReleaseWorld> {
  const world = await releaseWorld({ job: JOB });
  world.services.npm.packages.set(SCOPED, heldPackage(SCOPED, { owner: "rehearsal" }));
  return await released(world, "pebble-js");
}

/** Tags a release of long ago, and goes on in a step of the job; nothing but the identity is there to publish with. */
async function released(world: ReleaseWorld, tagged: string): Promise<ReleaseWorld> {
  await world.git.run(["tag", `${tagged}-v0.0.1`, "HEAD"]);
  await world.commit("Change", CHANGED);
  for (const name of ["NODE_AUTH_TOKEN", "PYPI_API_TOKEN", "CARGO_REGISTRY_TOKEN"]) {
    delete world.env[name];
  }
  await enterStep(world);
  return world;
}

const RELEASED = {
  npm: SCOPED,
  staged: SCOPED,
  waiting: SCOPED,
  unseen: `${SCOPED}@0.1.0`,
  pypi: "pebble@0.1.0",
  crates: "pebble-core@0.1.0",
} as const satisfies Readonly<Record<keyof typeof WORLDS, string>>;

const ROWS: readonly {
  readonly place: PlaceName;
  readonly world: keyof typeof WORLDS;
  readonly tell?: Telling;
  /** All when left out. Of a release that goes out whole there is one run. */
  readonly spellings?: readonly string[];
  /** Where the words are shown, at least; none of an identity token, which is longer than what is shown of any answer. */
  readonly sinks: readonly SinkName[];
}[] = [
  { place: "npm-exchange", world: "npm", tell: wordsOf(404), sinks: [] },
  { place: "npm-visibility", world: "unseen", spellings: ["as it is"], sinks: SAID },
  { place: "npm-stage", world: "staged", sinks: TOLD },
  { place: "npm-waiting", world: "waiting", tell: wordsOf(401), sinks: [] },
  { place: "pypi-audience", world: "pypi", sinks: [] },
  { place: "pypi-mint", world: "pypi", tell: wordsOf(422), sinks: [] },
  { place: "pypi-upload", world: "pypi", sinks: [] },
  { place: "crates-exchange", world: "crates", tell: wordsOf(400), sinks: [] },
  { place: "crates-read", world: "crates", sinks: [] },
  { place: "crates-upload", world: "crates", sinks: TOLD },
  { place: "crates-revoke", world: "crates", spellings: ["as it is"], sinks: [] },
];

for (const { place, world: kind, tell = wordsOf(403), sinks: expected, ...row } of ROWS) {
  test(
    `a job's server that tells the secret of ${place} tells nobody (${kind})`,
    kind === "crates" ? withCargo : withGit,
    async () => {
      await using world = await WORLDS[kind]();
      const hiding = await askAll(world, {
        ...{ place, tell },
        spellings: row.spellings ?? ["as it is", "base64 of user:token", "percent"],
        words: ["--release", RELEASED[kind]],
      });
      assert.deepEqual(
        expected.filter((sink) => !hiding.has(sink)),
        [],
        "nothing was hidden there",
      );
    },
  );
}
