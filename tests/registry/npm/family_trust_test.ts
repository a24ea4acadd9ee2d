import { test } from "node:test";
import assert from "node:assert/strict";
import type { Failure } from "../../../src/error.ts";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import { approveStaged } from "../../../src/rehearsal/npm/stage.ts";
import type { TrustConfig } from "../../../src/rehearsal/npm/state.ts";
import { verifyBundle } from "../../support/verify_bundle.ts";
import { type FamilyWorld, familyWorld } from "./family_world.ts";
import { heldPackage, uploadAll } from "./world.ts";

const JOB = { repository: "acme/demo", workflow: "release.yml" } as const;
const NAMES = ["@acme/demo-linux-x64-gnu", "@acme/demo-darwin-arm64", "@acme/demo"];
const PROGRAMS = {
  "linux-x64-gnu": { demo: makeBinary("linux-x64-gnu", "program") },
  "darwin-arm64": { demo: makeBinary("darwin-arm64", "program") },
};

/** A family of programs whose packages exist, and trust the job to do what `permissions` says. */
async function trustedFamily(
  permissions: TrustConfig["permissions"],
  main: Record<string, unknown> = { repository: "github:acme/demo" },
): Promise<FamilyWorld> {
  const trust = Object.fromEntries(NAMES.map((name) => [name, { ...JOB, permissions }]));
  const world = await familyWorld(PROGRAMS, { job: JOB, trust, main });
  for (const name of NAMES) world.server.state.packages.set(name, heldPackage(name));
  return world;
}

test("every package of a family is signed for itself, and each signature is of its tarball", async () => {
  await using world = await trustedFamily(["createPackage"]);
  const prepared = await world.publish(world.release);
  assert.deepEqual(prepared.units.map(({ name }) => name), NAMES);
  for (const { name } of prepared.units) {
    const { provenance } = world.server.state.packages.get(name)!.versions.get("1.0.0")!;
    await verifyBundle(provenance, world.sigstore!.trustedRoot);
  }
  assert.equal(world.sigstore!.entries.length, 3);
  assert.equal(world.server.state.minted.size, 3);
});

test("every package of a family is staged for itself", async () => {
  await using world = await trustedFamily(["createStagedPackage"]);
  const prepared = await world.prepare(world.release);
  const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
  const uploads = await uploadAll(world.npm, prepared, { credential });
  assert.deepEqual(
    uploads.map((uploaded) => uploaded?.staged.split(" ")[0]),
    NAMES.map((name) => `${name}@1.0.0`),
  );
  assert.equal(world.server.state.staged.size, 3);
});

/** What one run makes of a family, by name: `published`, or what it waits for. */
async function publishAbsent({ prepare, again, release }: FamilyWorld): Promise<readonly string[]> {
  const npm = again();
  const prepared = await prepare(release);
  const look = await npm.look(prepared);
  const credential = await npm.authorise(prepared, look);
  const files = prepared.files.filter(({ name }) => look.files.get(name)?.state === "absent");
  const uploads = await uploadAll(npm, prepared, { credential, files });
  return uploads.map((uploaded, index) => uploaded?.staged ?? `${files[index]!.name} published`);
}

test("a main package that might be published is staged while its platform packages wait", async () => {
  await using world = await trustedFamily(["createStagedPackage"]);
  const permissions = ["createPackage", "createStagedPackage"] as const;
  world.server.state.trust.set("@acme/demo", { ...JOB, permissions });
  const told = await publishAbsent(world);
  assert.match(told[2]!, /^@acme\/demo@1\.0\.0 waits for a maintainer .*npm stage approve/);
  assert.equal(world.server.state.staged.size, 3);
  assert.equal(
    world.server.log.some(({ path, method }) => method === "PUT" && path === MAIN),
    false,
  );
  assert.match((await publishAbsent(world))[2]!, /^@acme\/demo@1\.0\.0 waits for a maintainer /);
});

test("a main package that may only be published is held back while its platform packages wait", async () => {
  await using world = await trustedFamily(["createStagedPackage"]);
  const { state } = world.server;
  state.trust.set("@acme/demo", { ...JOB, permissions: ["createPackage"] });
  assert.equal(
    (await publishAbsent(world))[2],
    "@acme/demo@1.0.0 is held back until its platform packages are approved: run again then",
  );
  assert.equal(state.packages.get("@acme/demo")?.versions.has("1.0.0"), false);
  for (const one of [...state.staged.values()]) approveStaged(state, one, { user: "ada" });
  assert.deepEqual(await publishAbsent(world), ["@acme/demo@1.0.0 published"]);
});

const STAGE_MAIN = "/-/stage/package/@acme%2fdemo";

test("a main package whose staging npm hides behind 404 is held back, and other refusals are told", async () => {
  const rows = [
    { how: { status: 404, body: { message: "package not found" } }, told: /is held back until/ },
    { how: { status: 400, body: { message: "no such tag" } }, told: /^PIOT_\w+ .*no such tag/ },
  ];
  for (const { how, told } of rows) {
    await using world = await trustedFamily(["createStagedPackage"]);
    world.server.breakNext({
      matches: ({ method, path }) => method === "POST" && path === STAGE_MAIN,
      ...{ how, times: 9 },
    });
    const said = await publishAbsent(world).then(
      (uploads) => uploads[2]!,
      (error: Failure) => `${error.code} ${error.message}`,
    );
    assert.match(said, told);
  }
});

const MAIN = "/@acme%2fdemo";

test("a family whose main package switches provenance off has none at all", async () => {
  await using world = await trustedFamily(["createPackage"], {
    repository: "github:acme/demo",
    publishConfig: { provenance: false },
  });
  const prepared = await world.prepare(world.release);
  const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
  assert.equal(
    credential.why,
    "trusted publishing of acme/demo, release.yml; no provenance: it is switched off",
  );
});

test("a family of another repository is refused before any of it is signed", async () => {
  await using world = await trustedFamily(["createPackage"], { repository: "github:acme/fork" });
  await assert.rejects(world.publish(world.release), (error: Failure) => {
    assert.deepEqual(
      error.problems.map(({ code }) => code),
      NAMES.map(() => "PIOT_PROVENANCE_REPOSITORY"),
    );
    // Other fields of it, such as `directory`, stay as they are.
    assert.equal(
      error.problems[0]?.hint,
      'Set the `url` of `repository` in package.json to "git+https://github.com/acme/demo.git"',
    );
    return true;
  });
  assert.deepEqual(world.sigstore!.log, []);
});
