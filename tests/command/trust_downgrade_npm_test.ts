/** npm: evidence before × evidence now × flag → outcome, with the command line and real local servers. */

import { test } from "node:test";
import assert from "node:assert/strict";
import type { TrustConfig } from "../../src/rehearsal/npm/state.ts";
import { holdOnNpm, marks } from "../support/held_evidence.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { release } from "../support/released.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const JOB = { repository: "putitoutthere/pebble", workflow: "release.yml" } as const;
const NPM = "@putitoutthere/pebble";

/** What npm has on file, and what the job has at hand. */
const WAYS = {
  /** Another workflow is trusted than the one that runs, and there is a token. */
  "a token, since the exchange is refused": {
    trust: { repository: JOB.repository, workflow: "other.yml", permissions: ["createPackage"] },
    token: true,
    reason: /^trusted publishing failed: npm answers 404 OIDC token exchange error - package not/,
  },
  "a token, without an identity": {
    noJob: true,
    token: true,
    reason: /^this is no CI job with NPM_ID_TOKEN, nor one of GitHub Actions$/,
  },
  "a trusted publisher with provenance": {
    trust: { ...JOB, permissions: ["createPackage"] },
    reason: undefined,
  },
  "a trusted publisher without provenance": {
    trust: { ...JOB, permissions: ["createPackage"] },
    env: { NPM_CONFIG_PROVENANCE: "false" },
    reason: /^no provenance: it is switched off$/,
  },
  "a trusted publisher that may publish and stage": {
    trust: { ...JOB, permissions: ["createPackage", "createStagedPackage"] },
    reason: undefined,
  },
} as const satisfies Record<string, Way>;

interface Way {
  readonly trust?: TrustConfig;
  readonly token?: boolean;
  readonly noJob?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly reason: RegExp | undefined;
}

async function npmWorldOf(
  way: Way,
  versions: Readonly<Record<string, string>>,
): Promise<ReleaseWorld> {
  const world = await releaseWorld(way.noJob === true ? {} : { job: JOB });
  const { services, env } = world;
  holdOnNpm(services, {
    name: NPM,
    versions: Object.fromEntries(Object.entries(versions).map(([one, text]) => [one, marks(text)])),
  });
  if (way.trust !== undefined) services.npm.trust.set(NPM, way.trust);
  if (way.token !== true) delete env["NODE_AUTH_TOKEN"];
  Object.assign(env, way.env);
  await world.git.run(["tag", "pebble-js-v0.0.1", "HEAD"]);
  await world.commit("Count better", {
    "js/pebble/index.js": "export const count = (heaps, size) => heaps * size * 1;\n",
  });
  return world;
}

const TP = "trusted-publisher";
const FULL = `${TP},provenance`;

const NPM_CASES: readonly {
  readonly way: keyof typeof WAYS;
  readonly before: string;
  readonly now: string;
  /** Without the flag. */
  readonly outcome: "published" | "staged" | "refused";
  /** With the flag, where that is something else. */
  readonly allowed?: { readonly outcome: "published" | "staged"; readonly now: string };
}[] = [
  { way: "a token, since the exchange is refused", before: "", now: "", outcome: "published" },
  ...["provenance", TP, FULL].map((before) => ({
    way: "a token, since the exchange is refused" as const,
    before,
    now: "",
    outcome: "refused" as const,
    allowed: { outcome: "published" as const, now: "" },
  })),
  {
    way: "a token, since the exchange is refused",
    before: `approved,${FULL}`,
    now: "approved",
    outcome: "refused",
    allowed: { outcome: "published", now: "" },
  },
  { way: "a token, without an identity", before: "", now: "", outcome: "published" },
  {
    way: "a token, without an identity",
    before: FULL,
    now: "",
    outcome: "refused",
    allowed: { outcome: "published", now: "" },
  },
  {
    way: "a token, without an identity",
    before: "approved",
    now: "approved",
    outcome: "staged",
    allowed: { outcome: "published", now: "" },
  },
  ...["", "provenance", TP, FULL].map((before) => ({
    way: "a trusted publisher with provenance" as const,
    before,
    now: FULL,
    outcome: "published" as const,
  })),
  { way: "a trusted publisher without provenance", before: TP, now: TP, outcome: "published" },
  ...["provenance", FULL].map((before) => ({
    way: "a trusted publisher without provenance" as const,
    before,
    now: TP,
    outcome: "refused" as const,
    allowed: { outcome: "published" as const, now: TP },
  })),
  {
    way: "a trusted publisher that may publish and stage",
    before: FULL,
    now: FULL,
    outcome: "published",
  },
  {
    way: "a trusted publisher that may publish and stage",
    before: `approved,${FULL}`,
    now: `approved,${FULL}`,
    outcome: "staged",
    allowed: { outcome: "published", now: FULL },
  },
];

const words = (evidence: string): string => evidence === "" ? "none" : evidence;

for (const { way, before, now, outcome, allowed } of NPM_CASES) {
  test(`npm: after ${words(before)}, ${way} is ${outcome}`, withGit, async () => {
    await using world = await npmWorldOf(WAYS[way], { "0.0.1": before });
    const { run, one, name } = await release(world, NPM);
    assert.equal(run.status, outcome === "refused" ? 1 : 0, run.stderr);
    assert.deepEqual(name?.evidence, marks(now));
    assert.deepEqual(name?.before, { version: "0.0.1", evidence: marks(before) });
    const { reason } = WAYS[way];
    if (reason !== undefined) assert.match(name?.why_no_more ?? "", reason);
    const isThere = world.services.npm.packages.get(NPM)!.versions.has("0.0.2");
    assert.equal(isThere, outcome === "published");
    if (outcome !== "refused") return assert.equal(one.status, outcome, run.stderr);
    assert.equal(one.failure?.code, "PIOT_TRUST_DOWNGRADE");
    assert.ok(one.failure.message.includes(name!.why_no_more!), one.failure.message);
    assert.match(one.failure.hint ?? "", /--allow-downgrade @putitoutthere\/pebble/);
    // Nothing of it is written anywhere: no upload, no signature, no tag.
    const writes = world.writes().filter((line) => !line.includes("/oidc/"));
    assert.deepEqual(writes.filter((line) => !line.startsWith("Actions")), []);
    assert.deepEqual(await world.tags(), []);
  });

  if (allowed === undefined) continue;
  test(
    `npm: after ${
      words(before)
    }, ${way} is ${allowed.outcome} with --allow-downgrade, and a warning says so`,
    withGit,
    async () => {
      await using world = await npmWorldOf(WAYS[way], { "0.0.1": before });
      const { run, one, name, warnings } = await release(world, NPM, "--allow-downgrade", NPM);
      assert.equal(run.status, 0, run.stderr);
      assert.equal(one.status, allowed.outcome);
      assert.equal(name?.allowed_to_fall, true);
      assert.deepEqual(name?.evidence, marks(allowed.now));
      const told = warnings.filter((line) => line.includes("--allow-downgrade"));
      assert.equal(told.length, 1, warnings.join("\n"));
      assert.match(told[0]!, /shows less of its origin than 0\.0\.1.*lets it pass$/);
      assert.ok(run.stderr.includes(told[0]!));
    },
  );
}

test(
  "npm: the trust entry was changed to another workflow: the words of npm, the claims and the form are told",
  withGit,
  async () => {
    await using world = await npmWorldOf(WAYS["a token, since the exchange is refused"], {
      "0.0.1": FULL,
    });
    const { one, run } = await release(world, NPM);
    assert.match(
      one.failure?.message ?? "",
      /@putitoutthere\/pebble 0\.0\.2 shows less of its origin than 0\.0\.1, the version before it: trusted publisher and provenance there, none here; trusted publishing failed: npm answers 404 OIDC token exchange error - package not found \(the identity token says aud "npm:127\.0\.0\.1", repository "putitoutthere\/pebble", workflow_ref "putitoutthere\/pebble\/\.github\/workflows\/release\.yml/,
    );
    assert.match(
      one.failure?.hint ?? "",
      /register the trusted publisher: .*workflow filename "release.yml"/,
    );
    assert.doesNotMatch(one.failure?.hint ?? "", /NODE_AUTH_TOKEN/);
    assert.match(run.stderr, /origin: none; 0\.0\.1 has trusted publisher and provenance/);
  },
);

test(
  "npm: mended, the same commit is released with all of its evidence, and what was read back is told",
  withGit,
  async () => {
    await using world = await npmWorldOf(WAYS["a token, since the exchange is refused"], {
      "0.0.1": FULL,
    });
    assert.equal((await release(world, NPM)).run.status, 1);
    world.services.npm.trust.set(NPM, WAYS["a trusted publisher with provenance"].trust);
    const { run, one } = await release(world, NPM);
    assert.equal(run.status, 0, run.stderr);
    const [file] = one.read_back ?? [];
    assert.equal(file?.bytes, "same");
    assert.deepEqual(file?.dist_tags, ["latest"]);
    assert.deepEqual(file?.evidence, marks(FULL));
    assert.match(
      run.stderr,
      /published; shown: the bytes of 1 file; dist-tag latest; origin trusted/,
    );
  },
);

test(
  "npm: what nobody breaks is told all the same: a token that stands in where the version before had nothing",
  withGit,
  async () => {
    await using world = await npmWorldOf(WAYS["a token, since the exchange is refused"], {
      "0.0.1": "",
    });
    const { run, warnings } = await release(world, NPM);
    assert.equal(run.status, 0);
    assert.equal(warnings.length, 1, warnings.join("\n"));
    assert.match(
      warnings[0]!,
      /^@putitoutthere\/pebble: a token stands in for trusted publishing: NODE_AUTH_TOKEN, .*npm answers 404/,
    );
  },
);

test(
  "npm: a backport is held against its own line, and pnpm's reading by dates is told",
  withGit,
  async () => {
    const way = WAYS["a token, without an identity"];
    await using world = await npmWorldOf(way, { "0.0.1": "", "1.0.0": FULL });
    const { run, one, name, warnings } = await release(world, NPM);
    assert.equal(run.status, 0, run.stderr);
    assert.equal(one.status, "published");
    assert.deepEqual(name?.before, { version: "0.0.1", evidence: [] });
    assert.ok(
      warnings.some((line) =>
        /no-downgrade.*1\.0\.0 was published before, with trusted/.test(line)
      ),
    );
    assert.ok(warnings.some((line) => /"latest" stays at 1\.0\.0/.test(line)), warnings.join("\n"));
  },
);

test(
  "npm: a trusted publisher that may not stage cannot follow an approved version, and says so before it is published",
  withGit,
  async () => {
    const way = WAYS["a trusted publisher with provenance"];
    await using world = await npmWorldOf(way, { "0.0.1": `approved,${FULL}` });
    const { run, one } = await release(world, NPM);
    assert.equal(run.status, 1);
    assert.equal(one.failure?.code, "PIOT_TRUST_DOWNGRADE");
    assert.match(
      one.failure.message,
      /without the approval that 0\.0\.1, the version before it, has; and it cannot be staged: npm answers 403 OIDC permission denied/,
    );
    assert.equal(world.services.npm.packages.get(NPM)!.versions.has("0.0.2"), false);
    const allowed = await release(world, NPM, "--allow-downgrade", NPM);
    assert.equal(allowed.run.status, 0, allowed.run.stderr);
    assert.equal(allowed.one.status, "published");
  },
);

test(
  "npm: what follows an approved version is staged, approved, and tagged by the run that finds it so",
  withGit,
  async () => {
    const way = WAYS["a trusted publisher that may publish and stage"];
    await using world = await npmWorldOf(way, { "0.0.1": `approved,${FULL}` });
    const first = await release(world, NPM);
    assert.equal(first.one.status, "staged");
    assert.match(first.one.authorisation?.why ?? "", /; staged, as 0\.0\.1 was approved$/);
    const { npm } = world.services;
    const [staged] = [...npm.staged.values()];
    const [token] = Object.keys(npm.tokens);
    Object.assign(npm.tokens[token!]!, { otp: "123456" });
    const approved = await fetch(`${npm.url}/-/stage/${staged!.id}/approve`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "npm-otp": "123456" },
    });
    assert.equal(approved.status, 201);
    const second = await release(world, NPM);
    assert.equal(second.one.status, "healed", second.run.stderr);
    assert.deepEqual(second.one.read_back?.[0]?.evidence, marks(`approved,${FULL}`));
  },
);

test(
  "npm: of a family each package is weighed: one that lost its trust entry refuses the whole, and is named alone",
  withGit,
  async () => {
    const targets = ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"];
    await using world = await releaseWorld({ job: JOB, targets });
    const { npm } = world.services;
    const [linux, mac] = targets.map((target) => `@putitoutthere/pebble-cli-${target}`);
    const trust: TrustConfig = { ...JOB, permissions: ["createPackage"] };
    for (const name of ["@putitoutthere/pebble-cli", linux!, mac!]) {
      holdOnNpm(world.services, { name, versions: { "0.0.1": marks(FULL) } });
      npm.trust.set(name, name === linux ? { ...trust, workflow: "other.yml" } : trust);
    }
    await world.git.run(["tag", "pebble-cli-v0.0.1", "HEAD"]);
    await world.commit("Change", { "README.md": "more\n" });
    const { one, run } = await release(world, "pebble-cli@0.1.0");
    assert.equal(one.failure?.code, "PIOT_TRUST_DOWNGRADE", run.stderr);
    assert.equal(one.failure.problems.length, 1);
    assert.match(
      one.failure.message,
      /^Cannot publish pebble-cli: @putitoutthere\/pebble-cli-x86_64-unknown-linux-gnu 0\.1\.0 shows less of its origin/,
    );
    const evidence = one.authorisation?.names.map(({ name, evidence }) => [name, evidence.length]);
    assert.deepEqual(Object.fromEntries(evidence ?? []), {
      "@putitoutthere/pebble-cli": 2,
      [mac!]: 2,
      [linux!]: 0,
    });
    assert.deepEqual([...npm.packages.values()].map(({ versions }) => versions.size), [1, 1, 1]);
    npm.trust.set(linux!, trust);
    const mended = await release(world, "pebble-cli@0.1.0");
    assert.equal(mended.one.status, "published", mended.run.stderr);
  },
);
