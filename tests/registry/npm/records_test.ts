/** Which commit npm's records name for what it holds: the provenance before gitHead, and nothing that is no commit. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Buffer } from "node:buffer";
import type { CommitRecord } from "../../../src/core/release/commit_record.ts";
import type { Json } from "../../../src/rehearsal/npm/state.ts";
import { attest } from "../../support/attest.ts";
import { COMMIT, heldPackage, manifestText, npmRelease, npmWorld, type World } from "./world.ts";

const FILES = { "packages/demo/package.json": manifestText(), "packages/demo/index.js": "1\n" };
const [EARLIER, OTHER] = ["a".repeat(40), "c".repeat(40)] as const;
const JOB = { repository: "acme/demo", workflow: "release.yml" } as const;

interface Told {
  readonly record: CommitRecord | undefined;
  readonly notes: readonly string[];
}

/** Publishes, changes what npm says of it, and asks for the records. */
async function recordOf(
  world: World,
  change: (manifest: Json & { dist: Json }) => void = () => {},
): Promise<Told> {
  const prepared = await world.publish(npmRelease());
  const { manifest } = world.server.state.packages.get("demo")!.versions.get("1.0.0")!;
  change(manifest as Json & { dist: Json });
  const { commits, notes } = await world.npm.records(prepared, await world.npm.look(prepared));
  return { record: commits.get("demo@1.0.0"), notes };
}

const asked = (world: World): number =>
  world.server.log.filter(({ path }) => path.includes("/attestations/")).length;

test("npm names the gitHead of what was published without provenance, and is asked for no attestation", async () => {
  await using world = await npmWorld(FILES);
  const { record, notes } = await recordOf(world);
  assert.deepEqual(record, { commit: COMMIT, source: "its gitHead" });
  assert.deepEqual([notes, asked(world)], [[], 0]);
});

test("npm names nothing for what it does not hold", async () => {
  await using world = await npmWorld(FILES);
  const prepared = await world.prepare(npmRelease());
  const { commits, notes } = await world.npm.records(prepared, await world.npm.look(prepared));
  assert.deepEqual([[...commits], notes], [[], []]);
});

const GARBAGE: readonly (readonly [string, unknown])[] = [
  ["a number", 5],
  ["a short id", "0123456"],
  ["a branch", "main"],
  ["zeros alone", "0".repeat(40)],
  ["an id with a line break", `${COMMIT}\n`],
  ["an object", { sha: COMMIT }],
  ["41 digits", `${COMMIT}0`],
];

for (const [name, gitHead] of GARBAGE) {
  test(`a gitHead that is ${name} names no commit, and that is told`, async () => {
    await using world = await npmWorld(FILES);
    const { record, notes } = await recordOf(world, (manifest) => {
      manifest["gitHead"] = gitHead;
    });
    assert.equal(record, undefined);
    assert.deepEqual(notes, [
      `npm's gitHead of demo@1.0.0 is ${
        JSON.stringify(gitHead)
      }, which is no full object id: it names no commit`,
    ]);
  });
}

for (
  const [name, gitHead] of [["nothing", undefined], ["null", null]] as const
) {
  test(`a gitHead that is ${name} names no commit, and nothing is told`, async () => {
    await using world = await npmWorld(FILES);
    const told = await recordOf(world, (manifest) => {
      manifest["gitHead"] = gitHead;
    });
    assert.deepEqual(told, { record: undefined, notes: [] });
  });
}

test("a gitHead in capitals is the commit, and one of SHA-256 too", async () => {
  for (
    const [gitHead, commit] of [["ABCDEF".repeat(6) + "0123", "abcdef".repeat(6) + "0123"], [
      "e".repeat(64),
      "e".repeat(64),
    ]]
  ) {
    await using world = await npmWorld(FILES);
    const { record } = await recordOf(world, (manifest) => {
      manifest["gitHead"] = gitHead;
    });
    assert.equal(record?.commit, commit);
  }
});

/** A job that npm trusts, started for a commit. */
async function trustedWorld(commit: string): Promise<World> {
  const files = {
    ...FILES,
    "packages/demo/package.json": manifestText({
      repository: { type: "git", url: "git+https://github.com/acme/demo.git" },
    }),
  };
  const world = await npmWorld(files, { job: { ...JOB, commit } });
  world.server.state.packages.set("demo", heldPackage("demo", { owner: "ada" }));
  world.server.state.trust.set("demo", { ...JOB, permissions: ["createPackage"] });
  return world;
}

test("the provenance that piot signed names the commit and the repository of its job", async () => {
  await using world = await trustedWorld(COMMIT);
  const { record, notes } = await recordOf(world, (manifest) => {
    delete manifest["gitHead"];
  });
  assert.deepEqual(record, {
    commit: COMMIT,
    source: "its provenance",
    repository: "https://github.com/acme/demo",
  });
  assert.deepEqual([notes, asked(world)], [[], 1]);
});

test("where provenance and gitHead name two commits the provenance counts, and both are told", async () => {
  await using world = await trustedWorld(COMMIT);
  const { record, notes } = await recordOf(world, (manifest) => {
    manifest["gitHead"] = OTHER;
  });
  assert.equal(record?.commit, COMMIT);
  assert.deepEqual(notes, [
    `npm's records of demo@1.0.0 name two commits: its provenance ${COMMIT}, its gitHead ${OTHER}; the provenance counts`,
  ]);
});

test("provenance of the commit that this very job was started for is no word about another that it has checked out", async () => {
  await using world = await trustedWorld(EARLIER);
  const { record, notes } = await recordOf(world);
  assert.deepEqual(record, { commit: COMMIT, source: "its gitHead" });
  assert.match(notes[0]!, new RegExp(`provenance of demo@1.0.0 names ${EARLIER}, which this job`));
  const later = world.again({ env: { ...world.env, GITHUB_SHA: OTHER } });
  const prepared = await world.prepare(npmRelease());
  const { commits } = await later.records(prepared, await later.look(prepared));
  assert.equal(commits.get("demo@1.0.0")?.commit, EARLIER);
});

/** A bundle as npm shows it, with a statement about what is held. */
function bundleOf(
  { integrity, statement = {}, commit, chain = false }: {
    readonly integrity: unknown;
    readonly statement?: object;
    readonly commit?: string;
    readonly chain?: boolean;
  },
): Json {
  const sha512 = Buffer.from(String(integrity).slice(7), "base64").toString("hex");
  const payload = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "pkg:npm/demo@1.0.0", digest: { sha512 } }],
    predicateType: "https://slsa.dev/provenance/v1",
    ...statement,
  };
  const { verification_material: { certificate } } = attest({
    fileName: "demo",
    bytes: new Uint8Array(),
    ...(commit === undefined ? {} : { commit }),
  });
  const rawBytes = { rawBytes: certificate };
  return {
    dsseEnvelope: { payload: Buffer.from(JSON.stringify(payload)).toString("base64") },
    verificationMaterial: chain
      ? { x509CertificateChain: { certificates: [rawBytes] } }
      : { certificate: rawBytes },
  };
}

const BUNDLES: readonly {
  readonly name: string;
  readonly bundle: (integrity: unknown) => unknown;
  /** `gitHead` decides where it is undefined. */
  readonly commit: string | undefined;
}[] = [
  {
    name: "of version 0.2, with a chain of certificates",
    bundle: (integrity) => bundleOf({ integrity, commit: EARLIER, chain: true }),
    commit: EARLIER,
  },
  {
    name: "whose certificate names no commit, and whose statement (SLSA 1.0) does",
    bundle: (integrity) =>
      bundleOf({
        integrity,
        statement: {
          predicate: {
            buildDefinition: {
              resolvedDependencies: [{
                uri: "git+https://github.com/acme/demo@refs/heads/main",
                digest: { gitCommit: EARLIER },
              }],
            },
          },
        },
      }),
    commit: EARLIER,
  },
  {
    name: "whose certificate names no commit, and whose statement (SLSA 0.2) does",
    bundle: (integrity) =>
      bundleOf({
        integrity,
        statement: {
          predicateType: "https://slsa.dev/provenance/v0.2",
          predicate: { invocation: { configSource: { digest: { sha1: EARLIER } } } },
        },
      }),
    commit: EARLIER,
  },
  {
    name: "about other bytes",
    bundle: () => bundleOf({ integrity: "sha512-b3RoZXI=", commit: EARLIER }),
    commit: undefined,
  },
  {
    name: "that npm made of the publish",
    bundle: (integrity) =>
      bundleOf({
        integrity,
        commit: EARLIER,
        statement: {
          predicateType: "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
        },
      }),
    commit: undefined,
  },
  {
    name: "that is cut to its envelope",
    bundle: (integrity) => ({ dsseEnvelope: bundleOf({ integrity })["dsseEnvelope"] }),
    commit: undefined,
  },
  {
    name: "with a certificate that is none",
    bundle: (integrity) => ({
      ...bundleOf({ integrity }),
      verificationMaterial: { certificate: { rawBytes: "AAAA" } },
    }),
    commit: undefined,
  },
  { name: "that is a text", bundle: () => "bundle", commit: undefined },
  { name: "that is nothing", bundle: () => null, commit: undefined },
];

/** Has npm announce provenance, and answer with something of the test's own. */
function announce(
  world: World,
  reply: (integrity: unknown) => { status: number; body: unknown },
): (manifest: Json & { dist: Json }) => void {
  return (manifest: Json & { dist: Json }): void => {
    const { predicateType } = { predicateType: "https://slsa.dev/provenance/v1" };
    manifest.dist["attestations"] = { url: "u", provenance: { predicateType } };
    world.server.breakNext({
      matches: ({ path }) => path.includes("/attestations/"),
      how: reply(manifest.dist["integrity"]) as { status: number; body: Json },
      times: Infinity,
    });
  };
}

for (const { name, bundle, commit } of BUNDLES) {
  test(`a bundle ${name} ${commit === undefined ? "names no commit, and gitHead counts" : "names its commit"}`, async () => {
    await using world = await npmWorld(FILES);
    const { record, notes } = await recordOf(
      world,
      announce(world, (integrity) => ({
        status: 200,
        body: { attestations: [{ predicateType: "p", bundle: bundle(integrity) }] },
      })),
    );
    assert.equal(record?.commit, commit ?? COMMIT);
    assert.equal(notes.length, 1);
    assert.match(
      notes[0]!,
      commit === undefined ? /names no commit of these bytes/ : /name two commits/,
    );
  });
}

test("attestations that are announced and not there leave it to gitHead; without one nothing is definite", async () => {
  const missing = () => ({ status: 404, body: { message: "Attestation not found" } });
  await using world = await npmWorld(FILES);
  const { record, notes } = await recordOf(world, announce(world, missing));
  assert.equal(record?.source, "its gitHead");
  assert.match(notes[0]!, /is announced in the packument, and is not there to be read/);
  await using other = await npmWorld(FILES);
  await assert.rejects(
    recordOf(other, (manifest) => {
      announce(other, missing)(manifest);
      delete manifest["gitHead"];
    }),
    { code: "PIOT_REGISTRY_UNKNOWN" },
  );
});

for (
  const [name, reply] of [
    ["a page", { status: 200, body: "<html>" }],
    ["JSON of something else", { status: 200, body: {} }],
    ["503", { status: 503, body: { message: "down" } }],
    ["a 404 that is none of npm's", { status: 404, body: "<html>" }],
  ] as const
) {
  test(`attestations that are answered with ${name} are unknown, not silent`, async () => {
    await using world = await npmWorld(FILES);
    await assert.rejects(recordOf(world, announce(world, () => reply)), {
      code: "PIOT_REGISTRY_UNKNOWN",
    });
  });
}
