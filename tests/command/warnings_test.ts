/** What is weaker than it could be, or other than asked for, is told to people and in the one document of --json. */

import { test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { holdOnNpm, marks } from "../support/held_evidence.ts";
import { type CliRun, type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { writeTree } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const NPM = "@putitoutthere/pebble";

function warningsOf({ stdout }: CliRun): readonly string[] {
  return (JSON.parse(stdout) as { warnings?: readonly string[] }).warnings ?? [];
}

/** A world where npm holds a higher version than the one that is released. */
async function behind(): Promise<ReleaseWorld> {
  const world = await releaseWorld();
  holdOnNpm(world.services, { name: NPM, versions: { "0.0.1": marks(""), "1.0.0": marks("") } });
  await world.git.run(["tag", "pebble-js-v0.0.1", "HEAD"]);
  await world.commit("Change", { "js/pebble/index.js": "export const count = () => 2;\n" });
  return world;
}

const LATEST = /"latest" stays at 1\.0\.0: 0\.0\.2 is lower and gets "release-0\.0"/;

const CASES: readonly {
  readonly name: string;
  readonly arrange: () => Promise<ReleaseWorld>;
  readonly argv: readonly string[];
  readonly status: number;
  readonly says: RegExp;
}[] = [
  {
    name: "another dist-tag than the one that was asked for",
    arrange: behind,
    argv: ["--release", NPM],
    status: 0,
    says: LATEST,
  },
  {
    name: "what was found out before the run failed",
    arrange: async () => {
      const world = await behind();
      delete world.env["NODE_AUTH_TOKEN"];
      return world;
    },
    argv: ["--release", NPM],
    status: 1,
    says: LATEST,
  },
  {
    name: "what the plan warns of",
    arrange: async () => {
      const world = await releaseWorld();
      const config = await world.git.text(["show", "HEAD:putitoutthere.toml"]);
      const paths = 'paths = ["js/pebble/**"';
      await world.commit("Name a folder that is not there", {
        "putitoutthere.toml": config.replace(paths, `${paths}, "gone/**"`),
      });
      return world;
    },
    argv: ["--release", NPM],
    status: 0,
    says: /gone\/\*\*/,
  },
  {
    name: "attestations that were delivered and that PyPI will not show",
    arrange: async () => {
      const world = await releaseWorld();
      const name = "pebble-0.1.0.tar.gz.publish.attestation";
      await writeTree(join(world.artifacts, "pebble-sdist"), { [name]: "{}" });
      return world;
    },
    argv: ["--release", "pebble"],
    status: 0,
    says:
      /"pebble-sdist" brings an attestation of its files, which is left out: piot makes its own/,
  },
];

for (const { name, arrange, argv, status, says } of CASES) {
  test(`it is told to people and in --json: ${name}`, withGit, async () => {
    await using world = await arrange();
    const run = await world.piot("publish", "--json", ...argv);
    assert.equal(run.status, status, run.stderr);
    const told = warningsOf(run).filter((line) => says.test(line));
    assert.equal(told.length, 1, `${run.stdout}\n${run.stderr}`);
    assert.match(run.stderr, says);
  });
}
