import { test } from "node:test";
import assert from "node:assert/strict";
import { Failure } from "../../../src/error.ts";
import type { LocalReply, LocalRequest } from "../../../src/rehearsal/server/messages.ts";
import { COMMIT, heldPackage, manifestText, npmRelease, npmWorld, TOKEN } from "./world.ts";

const FILES = {
  "packages/demo/package.json": manifestText({ main: "index.js" }),
  "packages/demo/index.js": "exports.a = 1;\n",
};

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return `${error.code} ${error.message} / ${error.hint}`;
  }
  assert.fail("nothing was refused");
}

test("look reads around the registry's cache, so an upload shows at once (held-same)", async () => {
  await using world = await npmWorld(FILES, { cdn: true });
  const release = npmRelease();
  const prepared = await world.prepare(release);
  const cached = (): Promise<number> => fetch(`${world.server.url}/demo`).then((one) => one.status);
  assert.equal(await cached(), 404);
  await world.publish(release);
  assert.equal(await cached(), 404);
  const look = await world.npm.look(prepared, { fresh: true });
  assert.equal(look.files.get("demo@1.0.0")?.state, "same");
});

test("look tells other bytes, and the records the commit that they were made from (held-other)", async () => {
  for (const commit of [COMMIT, "f".repeat(40), undefined]) {
    await using world = await npmWorld(FILES);
    const published = await world.publish(npmRelease());
    await using other = await npmWorld({ ...FILES, "packages/demo/extra.js": "1\n" });
    const prepared = await other.prepare(npmRelease({ commit }));
    const look = await world.npm.look(prepared);
    assert.deepEqual(look.files.get("demo@1.0.0"), {
      state: "other",
      held: published.files[0]!.digest,
    });
    assert.deepEqual([...(await world.npm.records(prepared, look)).commits], [
      ["demo@1.0.0", { commit: COMMIT, source: "its gitHead" }],
    ]);
  }
});

test("look shows the dist-tags that stand on a version, and none that stand on others", async () => {
  await using world = await npmWorld(FILES);
  const prepared = await world.publish(npmRelease());
  const shown = async () => (await world.npm.look(prepared)).shown?.get("demo@1.0.0");
  assert.deepEqual(await shown(), { distTags: ["latest"], evidence: [] });
  const { distTags } = world.server.state.packages.get("demo")!;
  distTags.set("next", "1.0.0").set("latest", "0.9.0");
  assert.deepEqual(await shown(), { distTags: ["next"], evidence: [] });
});

test("look compares by SHA-1 where a registry keeps no integrity", async () => {
  await using world = await npmWorld(FILES);
  const prepared = await world.publish(npmRelease());
  const { manifest } = world.server.state.packages.get("demo")!.versions.get("1.0.0")!;
  const dist = manifest["dist"] as Record<string, unknown>;
  for (const integrity of [undefined, "sha1-AAAA"]) {
    dist["integrity"] = integrity;
    assert.equal((await world.npm.look(prepared)).files.get("demo@1.0.0")?.state, "same");
  }
  delete dist["integrity"];
  dist["shasum"] = "0".repeat(40);
  assert.deepEqual((await world.npm.look(prepared)).files.get("demo@1.0.0"), {
    state: "other",
    held: `sha1-${"0".repeat(40)}`,
  });
});

test("look does not judge a version whose hash the registry does not tell (held-blank)", async () => {
  await using world = await npmWorld(FILES);
  const prepared = await world.publish(npmRelease());
  const { manifest } = world.server.state.packages.get("demo")!.versions.get("1.0.0")!;
  delete manifest["dist"];
  const said = await codeOf(world.npm.look(prepared));
  assert.match(said, /^PIOT_REGISTRY_UNKNOWN .*holds demo@1\.0\.0 and does not tell its hash/);
});

test("look says absent while an accepted version is not shown yet (held-not)", async () => {
  await using world = await npmWorld(FILES);
  world.server.state.slow = true;
  const prepared = await world.publish(npmRelease());
  assert.equal((await world.npm.look(prepared)).files.get("demo@1.0.0")?.state, "absent");
  world.server.state.reveal();
  assert.equal((await world.npm.look(prepared)).files.get("demo@1.0.0")?.state, "same");
});

test("look refuses a version that was unpublished, and lists it as taken for others (held-once)", async () => {
  await using world = await npmWorld(FILES);
  const prepared = await world.publish(npmRelease({ version: "1.0.0" }));
  await world.publish(npmRelease({ version: "1.0.1" }));
  world.server.state.unpublish("demo", "1.0.0");
  const words = await codeOf(world.npm.look(prepared));
  assert.match(words, /^PIOT_NPM_UNPUBLISHED .*that version was unpublished/);
  const next = await world.prepare(npmRelease({ version: "1.0.2" }));
  assert.deepEqual((await world.npm.look(next)).versions, ["1.0.0", "1.0.1"]);
});

test("look names the package as --release does for one whose version was unpublished (held-once)", async () => {
  const own = { name: "demo", registryName: "@acme/demo" };
  const files = { "packages/demo/package.json": manifestText({ name: own.registryName }) };
  await using world = await npmWorld(files);
  const prepared = await world.publish(npmRelease({ package: own }));
  await world.publish(npmRelease({ package: own, version: "1.0.1" }));
  world.server.state.unpublish(own.registryName, "1.0.0");
  const said = await codeOf(world.npm.look(prepared));
  assert.match(said, /^PIOT_NPM_UNPUBLISHED Cannot publish "@acme\/demo" at 1\.0\.0: /);
  assert.match(said, /\/ Ask for a version that never was on npm, with --release demo@VERSION$/);
});

test("look refuses a package that was unpublished within a day, and says until when (held-none)", async () => {
  const now = (): Date => new Date("2025-12-31T18:00:00Z");
  await using world = await npmWorld(FILES, { now });
  await world.publish(npmRelease({ version: "1.0.0" }));
  world.server.state.unpublish("demo");
  const next = await world.prepare(npmRelease({ version: "2.0.0" }));
  // The host's clock says 2026-01-01T00:00:00Z.
  assert.match(await codeOf(world.npm.look(next)), /2026-01-01T18:00:00\.000Z/);
  await world.host.clock.sleep(19 * 3600_000);
  const look = await world.npm.look(next);
  assert.equal(look.files.get("demo@2.0.0")?.state, "absent");
  assert.deepEqual(look.versions, ["1.0.0"]);
  const old = await world.prepare(npmRelease({ version: "1.0.0" }));
  assert.match(await codeOf(world.npm.look(old)), /^PIOT_NPM_UNPUBLISHED/);
});

const UNKNOWN: readonly { name: string; how: LocalReply; words: RegExp }[] = [
  { name: "500", how: { status: 500, body: { error: "oops" } }, words: /500 oops/ },
  {
    name: "503 as a page",
    how: page(503, "Service Unavailable"),
    words: /503 Service Unavailable/,
  },
  { name: "401", how: { status: 401, body: { error: "Unauthorized" } }, words: /401 Unauthorized/ },
  { name: "403 as a page", how: page(403, "Just a moment..."), words: /403 Just a moment/ },
  { name: "404 as a page", how: page(404, "Not Found"), words: /404 Not Found/ },
  { name: "429", how: { status: 429, body: { error: "slow down" } }, words: /429 slow down/ },
  { name: "200 as a page", how: page(200, "Sign in"), words: /200 Sign in/ },
  {
    name: "the packument of another name",
    how: { status: 200, body: { name: "demo2", versions: {} } },
    words: /200/,
  },
  { name: "200 with other JSON", how: { status: 200, body: { ok: true } }, words: /200/ },
  { name: "200 that breaks off", how: { status: 200, body: '{"versions":{"1.0' }, words: /200/ },
];

function page(status: number, title: string): LocalReply {
  return {
    status,
    headers: { "content-type": "text/html" },
    body: `<!doctype html><html><head><title>${title}</title></head><body>…</body></html>`,
  };
}

for (const { name, how, words } of UNKNOWN) {
  test(`look takes ${name} for unknown, never for absent (unclear)`, async () => {
    await using world = await npmWorld(FILES);
    const prepared = await world.prepare(npmRelease());
    world.server.breakNext({ matches: () => true, how, times: 10 });
    const said = await codeOf(world.npm.look(prepared));
    assert.match(said, /^PIOT_REGISTRY_UNKNOWN Cannot tell what npm holds of "demo"/);
    assert.match(said, words);
  });
}

const KEPT: readonly (readonly [name: string, problem: RegExp])[] = [
  ["events", /it is the name of a module of Node/],
  ["JSONDemo", /it has capital letters/],
  ["demo~js", /it holds "~"/],
];

for (const [name, problem] of KEPT) {
  test(`look refuses ${name} for a new package, and lets who has it go on (kept-name)`, async () => {
    const files = { "packages/demo/package.json": manifestText({ name }) };
    await using world = await npmWorld(files);
    const prepared = await world.prepare(npmRelease({ package: { registryName: name } }));
    const said = await codeOf(world.npm.look(prepared));
    assert.match(said, /^PIOT_NPM_MANIFEST Cannot publish ".+", a new package: /);
    assert.match(said, problem);
    world.server.state.packages.set(name, heldPackage(name));
    const look = await world.npm.look(prepared);
    assert.equal(look.files.get(`${name}@1.0.0`)?.state, "absent");
  });
}

test("look says absent for a name that npm does not know (unknown-name)", async () => {
  await using world = await npmWorld(FILES);
  const prepared = await world.prepare(npmRelease());
  const look = await world.npm.look(prepared);
  assert.equal(look.files.get("demo@1.0.0")?.state, "absent");
  assert.deepEqual(look.versions, []);
});

test("look does not take silence for absent (no-answer)", async () => {
  await using world = await npmWorld(FILES);
  const prepared = await world.prepare(npmRelease());
  world.server.breakNext({ matches: () => true, how: "lost-before", times: 20 });
  assert.match(await codeOf(world.npm.look(prepared)), /^PIOT_NETWORK/);
});

test("look asks again after a 5xx that goes away", async () => {
  await using world = await npmWorld(FILES);
  const prepared = await world.prepare(npmRelease());
  world.server.breakNext({ matches: () => true, how: { status: 502 }, times: 2 });
  assert.equal((await world.npm.look(prepared)).files.get("demo@1.0.0")?.state, "absent");
});

test("look notes a dist-tag that will not be the configured one", async () => {
  await using world = await npmWorld(FILES);
  await world.publish(npmRelease({ version: "2.0.0" }));
  const backport = await world.prepare(npmRelease({ version: "1.0.1" }));
  const { notes } = await world.npm.look(backport);
  assert.match(notes?.join("\n") ?? "", /"latest" stays at 2\.0\.0: 1\.0\.1 .*"release-1\.0"/);
});

test("look sees a restricted package with the token, and shows no token for a public one", async () => {
  const own = { registryName: "@acme/demo", access: "restricted" as const };
  const files = { "packages/demo/package.json": manifestText({ name: "@acme/demo" }) };
  await using world = await npmWorld(files, { tokens: { [TOKEN]: { user: "ada", paid: true } } });
  const prepared = await world.publish(npmRelease({ package: own }));
  assert.equal((await world.npm.look(prepared)).files.get("@acme/demo@1.0.0")?.state, "same");
  const plain = await world.prepare(npmRelease({ package: { registryName: "@acme/demo" } }));
  await world.npm.look(plain);
  const reads = world.server.log.filter(({ method }) => method === "GET");
  assert.equal(reads.at(-1)?.headers.get("authorization"), null);
  assert.equal(reads.at(-1)?.path, "/@acme%2fdemo");
});

test("look shows its token to a registry that answers nobody without one, and to no other", async () => {
  await using world = await npmWorld(FILES);
  const prepared = await world.publish(npmRelease());
  const before = world.server.log.length;
  const isStranger = ({ headers }: Pick<LocalRequest, "headers">): boolean =>
    headers.get("authorization") === null;
  const how = { status: 401, body: { error: "authentication required" } };
  world.server.breakNext({ matches: isStranger, how, times: 2 });
  assert.equal((await world.npm.look(prepared)).files.get("demo@1.0.0")?.state, "same");
  const sent = world.server.log.slice(before).map(({ headers }) => headers.get("authorization"));
  assert.deepEqual(sent, [null, `Bearer ${TOKEN}`]);
  const stranger = world.again({ env: {} });
  assert.match(
    await codeOf(stranger.look(prepared)),
    /^PIOT_REGISTRY_UNKNOWN .*401 auth.*NODE_AUTH/,
  );
});
