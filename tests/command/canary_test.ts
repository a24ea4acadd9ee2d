import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlaceName } from "../../src/rehearsal/server/places.ts";
import { heldPackage } from "../registry/npm/world.ts";
import {
  askAll,
  enterStep,
  leaksOf,
  SAID,
  secretsOf,
  type SinkName,
  sinksOf,
  type Telling,
  tellOn,
  TOLD,
  wordsOf,
} from "../support/canary_world.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { SPELLINGS } from "../support/spelled.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const withCargo = await needs("git", "cargo");
const JOB = { repository: "putitoutthere/pebble", workflow: "release.yml" } as const;
const NAME = "@putitoutthere/pebble";

type WorldKind = "tokens" | "job" | "crate";

/** A world in which a release gets as far as to the place that tells. */
async function openWorld(kind: WorldKind): Promise<ReleaseWorld> {
  const world = await releaseWorld(kind === "job" ? { job: JOB } : { withCrate: kind === "crate" });
  if (kind === "job") {
    const { npm } = world.services;
    npm.packages.set(NAME, heldPackage(NAME, { owner: "rehearsal" }));
    npm.trust.set(NAME, { ...JOB, permissions: ["createPackage"] });
    await world.git.run(["tag", "pebble-js-v0.0.1", "HEAD"]);
    await world.commit("Count", { "js/pebble/index.js": "export const count = 1;\n" });
    delete world.env["NODE_AUTH_TOKEN"];
  }
  await enterStep(world);
  return world;
}

/** What git shows of an answer. */
const plain: Telling = (words) => ({
  status: 403,
  headers: { "content-type": "text/plain" },
  body: words,
});

const ALL = Object.keys(SPELLINGS);
const SOME = ["as it is", "in capitals", "base64 of user:token", "HTML, decimal", "over lines"];

interface Row {
  readonly place: PlaceName;
  readonly world?: WorldKind;
  readonly tell?: Telling;
  readonly spellings?: readonly string[];
  /** Where the words of the answer are shown, at least; none where a run shows no words of such an answer. */
  readonly sinks: readonly SinkName[];
}

const ROWS: readonly Row[] = [
  { place: "npm-whoami", tell: wordsOf(401), spellings: ALL, sinks: SAID },
  { place: "npm-upload", spellings: ALL, sinks: TOLD },
  { place: "pypi-upload", spellings: ALL, sinks: TOLD },
  { place: "tag-read", tell: plain, spellings: ALL, sinks: SAID },
  { place: "tag-push-start", tell: plain, sinks: TOLD },
  { place: "tag-push", tell: plain, sinks: [] },
  { place: "release-read", sinks: SAID },
  { place: "release", spellings: ALL, sinks: SAID },
  { place: "github-read", sinks: SAID },
  { place: "npm-read", sinks: [] },
  { place: "pypi-read", sinks: [] },
  { place: "identity-token", world: "job", sinks: [] },
  { place: "npm-exchange", world: "job", spellings: ALL, sinks: SAID },
  { place: "fulcio-certificate", world: "job", spellings: ALL, sinks: TOLD },
  { place: "rekor-entry", world: "job", sinks: [] },
  { place: "npm-upload", world: "job", sinks: TOLD },
  { place: "crates-upload", world: "crate", sinks: TOLD },
  { place: "crates-config", world: "crate", spellings: ["as it is"], sinks: [] },
];

for (const { place, world: kind = "tokens", tell = wordsOf(403), ...row } of ROWS) {
  test(
    `a server that tells the secret of ${place} tells nobody (${kind})`,
    kind === "crate" ? withCargo : withGit,
    async () => {
      await using world = await openWorld(kind);
      const hiding = await askAll(world, { place, tell, spellings: row.spellings ?? SOME });
      assert.deepEqual(
        row.sinks.filter((sink) => !hiding.has(sink)),
        [],
        "nothing was hidden there",
      );
    },
  );
}

for (
  const { name, place, tell } of [
    {
      name: "a page",
      place: "npm-whoami",
      tell: (words) => ({ status: 401, body: `<html><title>${words}</title>` }),
    },
    {
      name: "a page without a title",
      place: "npm-whoami",
      tell: (words) => ({ status: 401, body: `<p>See <b>${words}</b>` }),
    },
    {
      name: "a text",
      place: "pypi-upload",
      tell: (words) => ({ status: 400, body: `See ${words}.\n` }),
    },
    {
      name: "a page of PyPI's",
      place: "pypi-upload",
      tell: (words) => ({ status: 403, body: `<html><body><h1>403</h1>${words}</body>` }),
    },
    {
      name: "a notice in a header",
      place: "npm-whoami",
      tell: (words) => ({
        status: 401,
        headers: { "npm-notice": `See ${words.replace(/[^\x21-\x7e]+/g, " ")}` },
        body: {},
      }),
    },
    {
      name: "the way to somewhere else",
      place: "npm-upload",
      tell: (words) => ({
        status: 307,
        headers: { location: `https://h.example/${encodeURIComponent(words)}/x` },
      }),
    },
    {
      name: "a success that is none",
      place: "npm-upload",
      tell: (words) => ({ status: 200, body: { error: words } }),
    },
    {
      name: "an error of the server's",
      place: "pypi-upload",
      tell: (words) => ({ status: 503, body: words }),
    },
    {
      name: "a rate limit",
      place: "release",
      tell: (words) => ({
        status: 403,
        headers: { "retry-after": "70" },
        body: { message: `secondary rate limit ${words}` },
      }),
    },
    {
      name: "an error in a field",
      place: "release",
      tell: (words) => ({
        status: 422,
        body: {
          message: "Validation Failed",
          errors: [{ code: "custom", field: "body", message: words }],
        },
      }),
    },
  ] satisfies readonly { name: string; place: PlaceName; tell: Telling }[]
) {
  test(`a secret that a server tells in ${name} is told nobody`, withGit, async () => {
    await using world = await openWorld("tokens");
    await askAll(world, { place, tell, spellings: SOME });
  });
}

test("a secret that an answer's end is cut through leaves nothing behind", withGit, async () => {
  await using world = await openWorld("tokens");
  const spellings = ["as it is", "base64 of user:token", "percent"];
  for (let room = 440; room < 520; room += 4) {
    const tell: Telling = (words) =>
      wordsOf(401)(`${"w ".repeat(250).slice(0, room)} ${words} and more`);
    await askAll(world, { place: "npm-whoami", tell, spellings });
  }
});

const PASSWORD = "s3cr3tOfGit_a1B2c3D4e5F6g7H8";
const GIT_SECRETS: readonly {
  readonly name: string;
  readonly set: (world: ReleaseWorld, url: URL) => readonly (readonly string[])[];
}[] = [
  {
    name: "in the remote's address",
    set: (_, url) => {
      Object.assign(url, { username: "ada", password: PASSWORD });
      return [["remote", "set-url", "origin", url.href]];
    },
  },
  {
    name: "in the user's place of the remote's address",
    set: (_, url) => {
      Object.assign(url, { username: PASSWORD });
      return [["remote", "set-url", "origin", url.href]];
    },
  },
  {
    name: "in a header of git's configuration",
    set: (_, url) => [
      [
        "config",
        `http.${url.origin}/.extraheader`,
        `AUTHORIZATION: basic ${btoa(`x:${PASSWORD}`)}`,
      ],
    ],
  },
  {
    name: "of a credential helper",
    set: () => [[
      "config",
      "credential.helper",
      `!f() { echo username=x; echo password=${PASSWORD}; }; f`,
    ]],
  },
  {
    name: "in the environment of git",
    set: ({ env }, url) => {
      Object.assign(env, {
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: `http.${url.origin}/.extraheader`,
        GIT_CONFIG_VALUE_0: `AUTHORIZATION: bearer ${PASSWORD}`,
      });
      return [];
    },
  },
];

for (const { name, set } of GIT_SECRETS) {
  test(`a credential ${name} is told nobody, though git's server tells it`, withGit, async () => {
    await using world = await openWorld("tokens");
    for (const args of set(world, new URL(world.services.remoteUrl))) await world.git.run(args);
    for (const [how, spell] of Object.entries(SPELLINGS)) {
      const place = "tag-read";
      const trap = tellOn(world.services, { place, spell: () => spell(PASSWORD), tell: plain });
      const run = await world.piot("publish", "--json", "--verbose");
      trap.stop();
      assert.ok(trap.told() > 0, run.stderr);
      const sinks = await sinksOf(world, run);
      assert.deepEqual(leaksOf(sinks, [PASSWORD, ...secretsOf(world)]), [], how);
      const masks = run.stderr.split("\n").filter((line) => line.startsWith("::add-mask::"));
      assert.ok(masks.includes(`::add-mask::${PASSWORD}`), run.stderr);
      assert.equal(new Set(masks).size, masks.length, "each is told once");
    }
  });
}
