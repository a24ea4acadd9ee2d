import { test } from "node:test";
import assert from "node:assert/strict";
import type { LocalReply } from "../../src/rehearsal/server/messages.ts";
import { verifyBundle } from "../support/verify_bundle.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { needs } from "../support/tools.ts";
import type { TrustConfig } from "../../src/rehearsal/npm/state.ts";
import { heldPackage } from "../registry/npm/world.ts";

const withGit = await needs("git");
const JOB = { repository: "putitoutthere/pebble", workflow: "release.yml" } as const;
const NAME = "@putitoutthere/pebble";

/** The example, with an npm package that exists at 0.0.1, is tagged so, and trusts this job. */
async function trustedWorld(permissions: TrustConfig["permissions"]): Promise<ReleaseWorld> {
  const world = await releaseWorld({ job: JOB });
  const { npm } = world.services;
  npm.packages.set(NAME, heldPackage(NAME, { owner: "rehearsal" }));
  npm.trust.set(NAME, { ...JOB, permissions });
  await world.git.run(["tag", "pebble-js-v0.0.1", "HEAD"]);
  await world.commit("Count better", {
    "js/pebble/index.js": "export const count = (heaps, size) => heaps * size * 1;\n",
  });
  return world;
}

interface Packages {
  readonly packages: readonly {
    readonly name: string;
    readonly status: string;
    readonly approval?: string;
    readonly failure?: { readonly code: string };
  }[];
}

async function release(
  world: ReleaseWorld,
  ...flags: readonly string[]
): Promise<{ status: number; packages: Packages["packages"]; stderr: string }> {
  const run = await world.piot("publish", "--json", "--release", NAME, ...flags);
  const { packages = [] } = JSON.parse(run.stdout) as Partial<Packages>;
  return { status: run.status, packages, stderr: run.stderr };
}

test(
  "publish goes by trusted publishing, signs provenance, tags, and shows no secret",
  withGit,
  async () => {
    await using world = await trustedWorld(["createPackage"]);
    delete world.env["NODE_AUTH_TOKEN"];
    const { status, packages, stderr } = await release(world);
    assert.equal(status, 0, stderr);
    assert.deepEqual(packages.map((one) => one.status), ["published"]);
    assert.ok((await world.tags()).includes("pebble-js-v0.0.2"));
    const { identity, sigstore } = world.services.job!;
    const { provenance } = world.services.npm.packages.get(NAME)!.versions.get("0.0.2")!;
    await verifyBundle(provenance, sigstore.trustedRoot);
    assert.match(
      stderr,
      /trusted publishing of putitoutthere\/pebble, release.yml; with provenance/,
    );
    const masked = stderr.split("\n").flatMap((line) => /^::add-mask::(.+)$/.exec(line)?.[1] ?? []);
    for (const secret of [...identity.issued, ...world.services.npm.minted.keys()]) {
      assert.ok(masked.includes(secret), "a secret was not masked");
      const shown = stderr.split("\n").filter((line) => !line.startsWith("::add-mask::"));
      assert.equal(shown.some((line) => line.includes(secret)), false);
    }
  },
);

test(
  "a staged version is reported, not tagged, and exits 0; the run that finds it approved tags it",
  withGit,
  async () => {
    await using world = await trustedWorld(["createStagedPackage"]);
    const first = await release(world);
    assert.equal(first.status, 0, first.stderr);
    assert.equal(first.packages[0]?.status, "staged");
    assert.match(
      first.packages[0]?.approval ?? "",
      /@putitoutthere\/pebble@0.0.2 waits .*npm stage approve/,
    );
    assert.equal((await world.tags()).includes("pebble-js-v0.0.2"), false);

    const second = await release(world);
    assert.equal(second.status, 0, second.stderr);
    assert.deepEqual(second.packages, first.packages);
    // What waits is neither signed nor sent again.
    assert.equal(world.services.job!.sigstore.entries.length, 1);

    const { npm } = world.services;
    const [staged] = [...npm.staged.values()];
    const [token] = Object.keys(npm.tokens);
    Object.assign(npm.tokens[token!]!, { otp: "123456" });
    const approved = await fetch(`${npm.url}/-/stage/${staged!.id}/approve`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "npm-otp": "123456" },
    });
    assert.equal(approved.status, 201);

    const third = await release(world);
    assert.equal(third.status, 0, third.stderr);
    assert.equal(third.packages[0]?.status, "healed");
    assert.ok((await world.tags()).includes("pebble-js-v0.0.2"));
  },
);

test(
  "a token without bypass of the second factor stages; what is approved is tagged",
  withGit,
  async () => {
    await using world = await trustedWorld([]);
    const { npm } = world.services;
    npm.trust.clear();
    const [token] = Object.keys(npm.tokens);
    Object.assign(npm.tokens[token!]!, { refused: "two-factor", otp: "123456" });
    const first = await release(world);
    assert.equal(first.status, 0, first.stderr);
    assert.equal(first.packages[0]?.status, "staged");
    assert.equal((await world.tags()).includes("pebble-js-v0.0.2"), false);

    const [id] = [...npm.staged.keys()];
    assert.match(first.packages[0]?.approval ?? "", new RegExp(`npm stage approve ${id}`));
    const approved = await fetch(`${npm.url}/-/stage/${id}/approve`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "npm-otp": "123456" },
    });
    assert.equal(approved.status, 201);
    const second = await release(world);
    assert.equal(second.packages[0]?.status, "healed");
    assert.ok((await world.tags()).includes("pebble-js-v0.0.2"));
  },
);

test(
  "what depends on a staged version does not go out before it is approved",
  withGit,
  async () => {
    await using world = await trustedWorld(["createStagedPackage"]);
    const config = await world.git.text(["show", "HEAD:putitoutthere.toml"]);
    await world.commit("Depend", {
      "putitoutthere.toml": config.replace(
        'paths = ["python/pebble/**"]\n',
        'paths = ["python/pebble/**"]\ndepends_on = ["@putitoutthere/pebble"]\n',
      ),
    });
    const run = await world.piot("publish", "--json");
    const { packages } = JSON.parse(run.stdout) as Packages;
    assert.deepEqual(
      packages.map((one) => `${one.name} ${one.status}`).sort(),
      ["@putitoutthere/pebble staged", "pebble blocked"],
    );
    assert.equal(run.status, 1);
  },
);

test(
  "--oidc-only refuses the token that publish would fall back to, before anything is written",
  withGit,
  async () => {
    await using world = await trustedWorld(["createPackage"]);
    world.services.npm.trust.clear();
    const refused = await world.piot("publish", "--json", "--release", NAME, "--oidc-only");
    assert.equal(refused.status, 1);
    const [own] = JSON.parse(refused.stdout).packages;
    assert.equal(own.failure.code, "PIOT_OIDC_REFUSED");
    assert.equal(world.writes().some((line) => line.includes("PUT")), false);
    const { status, packages } = await release(world);
    assert.equal(status, 0);
    assert.deepEqual(packages.map((one) => one.status), ["published"]);
  },
);

test("a dead token is one problem, for however many packages", withGit, async () => {
  await using world = await releaseWorld();
  world.env["NODE_AUTH_TOKEN"] = "npm_never_made";
  const run = await world.piot("publish", "--json");
  const { failure } = JSON.parse(run.stdout);
  assert.equal(run.status, 1);
  assert.equal(failure.problems.length, 1);
  assert.match(failure.problems[0].message, /^Cannot use the token in NODE_AUTH_TOKEN/);
});

test("a dry run proves trusted publishing and signs nothing", withGit, async () => {
  await using world = await trustedWorld(["createPackage"]);
  const { status, packages } = await release(world, "--dry-run");
  assert.equal(status, 0);
  assert.deepEqual(packages.map((one) => one.status), ["checked"]);
  assert.deepEqual(world.services.job!.sigstore.entries, []);
  assert.equal(world.services.npm.minted.size, 1);
});

const AMBIGUOUS: readonly { name: string; reply: LocalReply; words: RegExp }[] = [
  {
    name: "409 of a concurrent write",
    reply: { status: 409, body: { error: "Failed to save packument. A common cause is …" } },
    words: /409 Failed to save packument/,
  },
  {
    name: "403 about the earlier attempt",
    reply: {
      status: 403,
      body: { error: "You cannot publish over the previously published versions: 0.0.2." },
    },
    words: /403 You cannot publish over the previously published versions: 0\.0\.2/,
  },
  { name: "408", reply: { status: 408 }, words: /408 Request Timeout/ },
  {
    name: "429",
    reply: { status: 429, headers: { "retry-after": "1934" }, body: { error: "rate limited" } },
    words: /429 rate limited \(retry-after: 1934, 33 minutes\)/,
  },
  { name: "500", reply: { status: 500, body: { error: "oops" } }, words: /500 oops/ },
  {
    name: "502 as a page",
    reply: { status: 502, body: "<html><title>Bad gateway</title></html>" },
    words: /502 Bad gateway/,
  },
  {
    name: "200 as a page",
    reply: { status: 200, body: "<html><title>Sign in</title></html>" },
    words: /200 Sign in/,
  },
];

const isUpload = ({ method }: { readonly method: string }): boolean => method === "PUT";

test(
  "whatever is answered to an upload that was stored: sent once, read back, published and tagged",
  withGit,
  async () => {
    for (const { name, reply, words } of AMBIGUOUS) {
      await using world = await trustedWorld(["createPackage"]);
      world.services.breakNext("npm", { matches: isUpload, how: { after: reply }, times: 9 });
      const { status, packages, stderr } = await release(world);
      assert.equal(status, 0, name);
      assert.deepEqual(packages.map((one) => one.status), ["published"], name);
      assert.match(stderr, words, name);
      assert.equal(world.writes().filter((line) => line.includes("PUT")).length, 1, name);
      assert.ok((await world.tags()).includes("pebble-js-v0.0.2"), name);
    }
  },
);

test(
  "an upload that somebody else's came before ends as a version that is taken, and no tag",
  withGit,
  async () => {
    for (const { name, reply } of AMBIGUOUS) {
      await using world = await trustedWorld(["createPackage"]);
      const stored = world.services.npm.packages.get(NAME)!;
      const matches = (request: { readonly method: string }): boolean => {
        if (!isUpload(request)) return false;
        const dist = { integrity: `sha512-${btoa("another")}`, shasum: "0".repeat(40) };
        const manifest = { name: NAME, version: "0.0.2", dist };
        const [held] = stored.versions.values();
        stored.versions.set("0.0.2", { ...held!, manifest });
        stored.time.set("0.0.2", "2026-01-01T00:00:00.000Z");
        return true;
      };
      world.services.breakNext("npm", { matches, how: reply });
      const { status, packages } = await release(world);
      assert.equal(status, 1, name);
      assert.equal(packages[0]?.failure?.code, "PIOT_VERSION_TAKEN", name);
      assert.equal((await world.tags()).includes("pebble-js-v0.0.2"), false, name);
    }
  },
);
