import assert from "node:assert/strict";
import { test } from "node:test";
import { heldPackage } from "../registry/npm/world.ts";
import { enterStep, leaksOf, sinksOf } from "../support/canary_world.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const withCargo = await needs("git", "cargo");
const NAME = "@putitoutthere/pebble";
const JOB = { repository: "putitoutthere/pebble", workflow: "release.yml" } as const;

interface Case {
  readonly variable: string;
  readonly world: () => Promise<ReleaseWorld>;
  readonly code: string;
  readonly skip: { skip: string | false };
}

const CASES: readonly Case[] = [
  {
    variable: "NODE_AUTH_TOKEN",
    world: () => releaseWorld(),
    code: "PIOT_AUTH_REFUSED",
    skip: withGit,
  },
  {
    variable: "PYPI_API_TOKEN",
    world: () => releaseWorld(),
    code: "PIOT_AUTH_REFUSED",
    skip: withGit,
  },
  {
    variable: "CARGO_REGISTRY_TOKEN",
    world: () => releaseWorld({ withCrate: true }),
    code: "PIOT_AUTH_REFUSED",
    skip: withCargo,
  },
  {
    variable: "GITHUB_TOKEN",
    world: () => releaseWorld(),
    code: "PIOT_GITHUB_CREDENTIAL",
    skip: withGit,
  },
  {
    variable: "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    world: trustedWorld,
    code: "PIOT_OIDC_UNAVAILABLE",
    skip: withGit,
  },
];

/** A job that npm trusts, and that has no other token. */
async function trustedWorld(): Promise<ReleaseWorld> {
  const world = await releaseWorld({ job: JOB });
  const { npm } = world.services;
  npm.packages.set(NAME, heldPackage(NAME, { owner: "rehearsal" }));
  npm.trust.set(NAME, { ...JOB, permissions: ["createPackage"] });
  await world.git.run(["tag", "pebble-js-v0.0.1", "HEAD"]);
  await world.commit("Count", { "js/pebble/index.js": "export const count = 1;\n" });
  delete world.env["NODE_AUTH_TOKEN"];
  return world;
}

const SPOILT: readonly { readonly name: string; readonly spoil: (token: string) => string }[] = [
  { name: "a line break", spoil: (token) => `${token.slice(0, 12)}\n${token.slice(12)}` },
  {
    name: "a line break of Windows",
    spoil: (token) => `${token.slice(0, 12)}\r\n${token.slice(12)}`,
  },
  { name: "a blank", spoil: (token) => `${token.slice(0, 12)} ${token.slice(12)}` },
  { name: "a header of its own", spoil: (token) => `${token}\r\nX-Other: 1` },
  { name: "a letter beyond ASCII", spoil: (token) => `${token}é` },
  {
    name: "an invisible character",
    spoil: (token) => `${token.slice(0, 12)}\u200b${token.slice(12)}`,
  },
  { name: "a tab", spoil: (token) => `${token.slice(0, 12)}\t${token.slice(12)}` },
];

for (const { variable, world: open, code, skip } of CASES) {
  for (const { name, spoil } of SPOILT) {
    test(
      `a token with ${name} in ${variable} is refused by name, and nothing is sent`,
      skip,
      async () => {
        await using world = await open();
        await enterStep(world);
        const token = world.env[variable]!;
        world.env[variable] = spoil(token);
        const before = world.writes();
        const run = await world.piot("publish", "--json", "--verbose");
        const sinks = await sinksOf(world, run);
        assert.equal(run.status, 1, run.stderr);
        assert.match(run.stderr, new RegExp(`${code}[^]*${variable}`));
        assert.doesNotMatch(run.stderr, /bug/);
        assert.deepEqual(world.writes(), before);
        assert.deepEqual(leaksOf(sinks, [token, spoil(token)]), []);
      },
    );
  }
  test(`a token in ${variable} is taken without what stands around it`, skip, async () => {
    await using world = await open();
    world.env[variable] = `\ufeff \t${world.env[variable]!}\r\n\n`;
    const run = await world.piot("publish");
    assert.equal(run.status, 0, run.stderr);
  });
}
