import { test } from "node:test";
import assert from "node:assert/strict";
import type { Failure } from "../../../src/error.ts";
import type { FailureCode } from "../../../src/failure_codes.ts";
import type { Staged, Uploaded } from "../../../src/registry/registry.ts";
import type { TrustConfig } from "../../../src/rehearsal/npm/state.ts";
import type { LocalReply, LocalRequest } from "../../../src/rehearsal/server/messages.ts";
import { verifyBundle } from "../../support/verify_bundle.ts";
import { heldPackage, manifestText, npmRelease, npmWorld, TOKEN, type World } from "./world.ts";

const JOB = { repository: "ada/engine", workflow: "release.yml" } as const;
const STAGE_ONLY: TrustConfig = {
  repository: "ada/engine",
  workflow: "release.yml",
  permissions: ["createStagedPackage"],
};
const FILES = {
  "packages/demo/package.json": manifestText({ repository: "github:ada/engine" }),
};

/** A world whose registry has `demo`, and lets the job stage it. `ada` can approve. */
async function stagingWorld(config: TrustConfig = STAGE_ONLY): Promise<World> {
  const world = await npmWorld(FILES, {
    job: JOB,
    trust: { demo: config },
    tokens: { [TOKEN]: { user: "ada", otp: "123456" } },
  });
  world.server.state.packages.set("demo", heldPackage("demo"));
  return world;
}

async function upload(
  world: World,
  parts: Parameters<World["again"]>[0] = {},
): Promise<Uploaded> {
  const npm = world.again(parts);
  const prepared = await world.prepare(npmRelease());
  const credential = await npm.authorise(prepared, await npm.look(prepared));
  return await npm.upload(prepared, prepared.files[0]!, { credential });
}

function asStaged(uploaded: Uploaded): Staged {
  assert.ok(uploaded !== undefined, "the upload was not staged");
  return uploaded;
}

async function approve(world: World, id: string): Promise<Response> {
  return await fetch(`${world.server.url}/-/stage/${id}/approve`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "npm-otp": "123456" },
  });
}

test("a publisher that may only stage hands the same document in, provenance included, and says who approves it (stage-taken)", async () => {
  await using world = await stagingWorld();
  const { staged } = asStaged(await upload(world));
  const [[id, one] = ["", undefined]] = [...world.server.state.staged];
  assert.equal(
    staged,
    "demo@1.0.0 waits for a maintainer of the package to approve it with a second factor: " +
      `\`npm stage approve ${id}\`, or ${world.server.url}/package/demo`,
  );
  const writes = world.server.log.filter(({ path, method }) =>
    method === "PUT" || path.startsWith("/-/stage")
  );
  assert.deepEqual(writes.map(({ method, path, status }) => `${method} ${path} ${status}`), [
    "PUT /demo 403",
    "POST /-/stage/package/demo 201",
  ]);
  assert.equal(writes[0]?.size, writes[1]?.size);
  assert.equal(writes[1]?.headers.get("npm-command"), "stage");
  assert.equal(world.server.state.packages.get("demo")?.versions.has("1.0.0"), false);
  await verifyBundle(one?.document.provenance, world.sigstore!.trustedRoot);
  assert.equal(world.sigstore!.entries.length, 1);
});

/** A world without an identity, whose token cannot publish without a second factor. */
async function tokenWorld(refused: "otp" | "two-factor"): Promise<World> {
  const world = await npmWorld(FILES, { tokens: { [TOKEN]: { user: "ada", refused } } });
  world.server.state.packages.set("demo", heldPackage("demo"));
  return world;
}

for (const refused of ["otp", "two-factor"] as const) {
  test(`a token that is refused for want of a second factor (${refused}) stages`, async () => {
    await using world = await tokenWorld(refused);
    const { staged } = asStaged(await upload(world));
    const [id] = [...world.server.state.staged.keys()];
    assert.match(staged, new RegExp(`waits for a maintainer .*\`npm stage approve ${id}\``));
    assert.equal(world.server.state.packages.get("demo")?.versions.has("1.0.0"), false);
    // The next run is told which one it is, since npm tells its users.
    assert.equal(asStaged(await upload(world)).staged, staged);
    assert.equal(world.server.state.staged.size, 1);
  });
}

test("a token that may neither publish nor stage is told both answers, and what to mend is the token", async () => {
  await using world = await tokenWorld("two-factor");
  world.server.state.packages.clear();
  await assert.rejects(upload(world), (error: Failure) => {
    assert.equal(error.code, "PIOT_AUTH_REFUSED");
    assert.match(
      error.message,
      /^Cannot upload demo@1\.0\.0: npm answers 403 Two-factor .*; and to staging it 404 package not found$/,
    );
    assert.match(error.hint ?? "", /bypass 2FA/);
    return true;
  });
});

test("a package that is published by staging alone is staged (stage-only)", async () => {
  await using world = await stagingWorld({
    ...STAGE_ONLY,
    permissions: ["createPackage", "createStagedPackage"],
  });
  const how = { status: 403, body: { message: "Only staged publishing is allowed" } };
  world.server.breakNext({ matches: ({ method }) => method === "PUT", how });
  assert.match(asStaged(await upload(world)).staged, /npm stage approve/);
  assert.equal(world.server.state.staged.size, 1);
});

test("a refusal that only speaks of staging is not taken for a version that waits (stage-only)", async () => {
  await using world = await stagingWorld({ ...STAGE_ONLY, permissions: ["createPackage"] });
  const how = { status: 403, body: { message: "Only staged publishing is allowed" } };
  world.server.breakNext({ matches: ({ method }) => method === "PUT", how });
  await assert.rejects(upload(world), (error: Failure) => {
    assert.equal(error.code, "PIOT_AUTH_REFUSED");
    assert.match(error.message, /403 Only staged .*; and to staging it 403 OIDC permission denied/);
    return true;
  });
});

const isPut = ({ method }: Pick<LocalRequest, "method">): boolean => method === "PUT";

for (
  const words of [
    "Version 1.0.0 of demo is already staged",
    "demo@1.0.0 is currently staged",
    "You cannot publish over the staged version 1.0.0, which is pending",
    "1.0.0 is awaiting approval",
  ]
) {
  test(`an upload that is answered "${words}" waits, and is not staged again (put-waiting)`, async () => {
    await using world = await stagingWorld();
    world.server.breakNext({ matches: isPut, how: { status: 403, body: { message: words } } });
    assert.match(asStaged(await upload(world)).staged, /npm stage list demo/);
    assert.equal(world.server.log.some(isStage), false);
  });
}

for (
  const [status, words] of [
    [409, "Version already exists"],
    [409, "duplicate staged version"],
    [409, "already staged"],
    [403, "Version 1.0.0 is already staged"],
  ] as const
) {
  test(`a staging that is answered ${status} "${words}" waits since an earlier run (stage-waiting)`, async () => {
    await using world = await stagingWorld();
    world.server.breakNext({ matches: isStage, how: { status, body: { message: words } } });
    assert.match(asStaged(await upload(world)).staged, /npm stage list demo/);
  });
}

/** The world of a job whose environment has a token beside the identity. */
function withToken(world: World): { env: Record<string, string> } {
  return { env: { ...world.env, NODE_AUTH_TOKEN: TOKEN } };
}

test("what waits already is neither signed nor sent again where a token can ask", async () => {
  await using world = await stagingWorld();
  const { staged } = asStaged(await upload(world));
  const before = world.server.log.length;
  assert.equal(asStaged(await upload(world, withToken(world))).staged, staged);
  assert.equal(world.sigstore!.entries.length, 1);
  const later = world.server.log.slice(before).map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(later, [
    "GET /demo",
    "POST /-/npm/v1/oidc/token/exchange/package/demo",
    "GET /-/stage",
  ]);
});

test("--oidc-only does not ask with the token either", async () => {
  await using world = await stagingWorld();
  await upload(world);
  const parts = { ...withToken(world), oidcOnly: true };
  assert.match(asStaged(await upload(world, parts)).staged, /npm stage list demo/);
  const sent = world.server.log.map(({ headers }) => headers.get("authorization"));
  assert.equal(sent.includes(`Bearer ${TOKEN}`), false);
});

test("other bytes that wait under the version stop the run before anything is signed", async () => {
  await using world = await stagingWorld();
  await upload(world);
  const [id, one] = [...world.server.state.staged][0]!;
  const manifest = { ...one.document.manifest, dist: { shasum: "0".repeat(40) } };
  world.server.state.staged.set(id, { ...one, document: { ...one.document, manifest } });
  await assert.rejects(upload(world, withToken(world)), (error: Failure) => {
    assert.equal(error.code, "PIOT_VERSION_TAKEN");
    assert.match(error.message, /^Cannot publish demo@1\.0\.0: other bytes wait for approval/);
    assert.match(error.hint ?? "", /npm stage reject/);
    return true;
  });
  assert.equal(world.sigstore!.entries.length, 1);
});

const NO_LISTS: readonly { name: string; how: LocalReply | "lost-before" }[] = [
  { name: "a page", how: { status: 404, body: "<html>" } },
  { name: "a refusal", how: { status: 403, body: { message: "no" } } },
  { name: "a failure", how: { status: 500, body: "" } },
  { name: "silence", how: "lost-before" },
  { name: "another document", how: { status: 200, body: { items: [null, { id: 5 }, "x"] } } },
];

for (const { name, how } of NO_LISTS) {
  test(`${name} instead of the list of what waits stops nothing`, async () => {
    await using world = await stagingWorld();
    world.server.breakNext({ matches: ({ path }) => path === "/-/stage", how, times: 9 });
    assert.match(asStaged(await upload(world, withToken(world))).staged, /npm stage approve/);
    assert.equal(world.server.state.staged.size, 1);
  });
}

test("what waits is found on any page of the list", async () => {
  await using world = await stagingWorld();
  await upload(world);
  const [id, one] = [...world.server.state.staged][0]!;
  world.server.state.staged.clear();
  for (let patch = 1; patch <= 150; patch++) {
    const document = { ...one.document, version: `0.0.${patch}` };
    world.server.state.staged.set(`other-${patch}`, { ...one, id: `other-${patch}`, document });
  }
  world.server.state.staged.set(id, one);
  const { staged } = asStaged(await upload(world, withToken(world)));
  assert.match(staged, new RegExp(`npm stage approve ${id}`));
});

test("what waits already is no failure, and is not staged twice (stage-waiting)", async () => {
  await using world = await stagingWorld();
  await upload(world);
  const { staged } = asStaged(await upload(world));
  assert.match(staged, /^demo@1.0.0 waits .*`npm stage list demo` and `npm stage approve`/);
  assert.equal(world.server.state.staged.size, 1);
});

test("what waits already is no failure for a publisher that may publish by now (put-waiting)", async () => {
  await using world = await stagingWorld();
  await upload(world);
  world.server.state.trust.set("demo", { ...STAGE_ONLY, permissions: ["createPackage"] });
  assert.match(asStaged(await upload(world)).staged, /npm stage list demo/);
  assert.equal(world.server.state.packages.get("demo")?.versions.has("1.0.0"), false);
});

test("an approved version is the same bytes for the next look, under the tag that it was staged with", async () => {
  await using world = await stagingWorld();
  await upload(world);
  const [id] = [...world.server.state.staged.keys()];
  assert.equal((await approve(world, id!)).status, 201);
  const prepared = await world.prepare(npmRelease());
  const look = await world.npm.look(prepared);
  assert.equal(look.files.get("demo@1.0.0")?.state, "same");
  assert.equal(world.server.state.packages.get("demo")?.distTags.get("latest"), "1.0.0");
});

test("a rejected version is staged anew", async () => {
  await using world = await stagingWorld();
  await upload(world);
  const [id] = [...world.server.state.staged.keys()];
  const rejected = await fetch(`${world.server.url}/-/stage/${id}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${TOKEN}`, "npm-otp": "123456" },
  });
  assert.equal(rejected.status, 204);
  assert.match(asStaged(await upload(world)).staged, /npm stage approve/);
  assert.equal(world.server.state.staged.size, 1);
});

test("a publisher that may neither publish nor stage is refused (oidc-denied)", async () => {
  await using world = await stagingWorld({ ...STAGE_ONLY, permissions: [] });
  await assert.rejects(upload(world), (error: Failure) => {
    assert.equal(error.code, "PIOT_AUTH_REFUSED");
    assert.match(
      error.message,
      /^Cannot stage demo@1.0.0: npm answers 403 OIDC permission denied for this action$/,
    );
    assert.match(error.hint ?? "", /neither `npm publish` nor `npm stage publish`/);
    return true;
  });
});

const isStage = ({ path }: Pick<LocalRequest, "path">): boolean =>
  path.startsWith("/-/stage/package/");

const ANSWERS: readonly { how: LocalReply; code: FailureCode; words: RegExp }[] = [
  {
    how: { status: 400, body: { message: "bad document" } },
    code: "PIOT_REGISTRY_REFUSED",
    words: /400 bad document/,
  },
  {
    how: { status: 401, body: { message: "Unauthorized" } },
    code: "PIOT_AUTH_REFUSED",
    words: /401 Unauthorized/,
  },
  {
    how: { status: 404, body: { message: "package not found" } },
    code: "PIOT_AUTH_REFUSED",
    words: /404 package not found/,
  },
  {
    how: { status: 409, body: { message: "Conflict" } },
    code: "PIOT_REGISTRY_UNKNOWN",
    words: /409 Conflict/,
  },
  {
    how: { status: 429, headers: { "retry-after": "60" }, body: { message: "rate limited" } },
    code: "PIOT_REGISTRY_BUSY",
    words: /429 rate limited \(retry-after: 60\)$/,
  },
  {
    how: { status: 500, body: "" },
    code: "PIOT_REGISTRY_UNKNOWN",
    words: /npm answers 500/,
  },
];

for (const { how, code, words } of ANSWERS) {
  test(`staging is sent once and explains ${how.status} (stage-refused)`, async () => {
    await using world = await stagingWorld();
    world.server.breakNext({ matches: isStage, how, times: 9 });
    await assert.rejects(upload(world), (error: Failure) => {
      assert.equal(error.code, code);
      assert.match(error.message, /^Cannot stage demo@1.0.0: /);
      assert.match(error.message, words);
      return true;
    });
    assert.equal(world.server.log.filter(isStage).length, 1);
  });
}

test("a staging whose answer was lost is found waiting by the next run (stage-silent)", async () => {
  await using world = await stagingWorld();
  world.server.breakNext({ matches: isStage, how: "lost-after" });
  await assert.rejects(upload(world), (error: Failure) => error.code === "PIOT_NETWORK");
  assert.match(asStaged(await upload(world)).staged, /npm stage list demo/);
});

test("a stage id that is no id is not put into a command", async () => {
  await using world = await stagingWorld();
  const how = { status: 201, body: { stageId: "x`; rm -rf ~" } };
  world.server.breakNext({ matches: isStage, how });
  assert.match(asStaged(await upload(world)).staged, /`npm stage list demo`/);
});
