/** PyPI and crates.io: evidence before × flag → outcome, with the command line and real local servers. */

import { test } from "node:test";
import assert from "node:assert/strict";
import { holdOnCrates, holdOnPypi, marks } from "../support/held_evidence.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { release } from "../support/released.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const withCargo = await needs("git", "cargo");
const TP = "trusted-publisher";
const words = (evidence: string): string => evidence === "" ? "none" : evidence;

const OTHERS: readonly {
  readonly registry: string;
  readonly name: string;
  /** The mark that the registry knows. */
  readonly mark: string;
  readonly hold: (world: ReleaseWorld, evidence: string) => void | Promise<void>;
  readonly needed: { readonly skip: string | false };
  readonly words: RegExp;
}[] = [
  {
    registry: "PyPI",
    name: "pebble",
    mark: "attestations",
    hold: ({ services }, evidence) =>
      holdOnPypi(services, { name: "pebble", version: "0.0.1", evidence: marks(evidence) }),
    needed: withGit,
    words:
      /attestations there, none here; PyPI takes attestations from trusted publishers alone, and this is no CI job with PYPI_ID_TOKEN, nor one of GitHub Actions$/,
  },
  {
    registry: "crates.io",
    name: "pebble-core",
    mark: TP,
    hold: ({ services }, evidence) =>
      holdOnCrates(services, { name: "pebble-core", version: "0.0.1", evidence: marks(evidence) }),
    needed: withCargo,
    words: /trusted publisher there, none here; it goes out by a user's token$/,
  },
];

for (const { registry, name: own, mark, hold, needed, words: message } of OTHERS) {
  for (const before of ["", mark]) {
    for (const flags of [[], ["--allow-downgrade", own]]) {
      const isAllowed = flags.length > 0;
      const outcome = before === "" || isAllowed ? "published" : "failed";
      const how = isAllowed ? " with --allow-downgrade" : "";
      test(`${registry}: after ${words(before)}, a token${how} is ${outcome}`, needed, async () => {
        await using world = await releaseWorld({ withCrate: registry === "crates.io" });
        await hold(world, before);
        await world.git.run(["tag", `${own}-v0.0.1`, "HEAD"]);
        await world.commit("Change", { "README.md": "more\n" });
        const { run, one, name, warnings } = await release(world, `${own}@0.1.0`, ...flags);
        assert.equal(one.status, outcome, run.stderr);
        assert.deepEqual(name?.before, { version: "0.0.1", evidence: marks(before) });
        assert.deepEqual(name?.evidence, []);
        const told = warnings.filter((line) => line.includes("--allow-downgrade"));
        const expected = before === "" ? /was not needed/ : /lets it pass$/;
        assert.equal(told.length, isAllowed ? 1 : 0, warnings.join("\n"));
        if (isAllowed) assert.match(told[0]!, expected);
        if (outcome === "published") return assert.equal(one.read_back?.[0]?.bytes, "same");
        assert.equal(one.failure?.code, "PIOT_TRUST_DOWNGRADE");
        assert.match(one.failure.message, message);
        assert.deepEqual(world.writes(), []);
        assert.deepEqual(await world.tags(), []);
      });
    }
  }
}

test("crates.io: a token of trusted publishing keeps the mark", withCargo, async () => {
  await using world = await releaseWorld({ withCrate: true });
  holdOnCrates(world.services, { name: "pebble-core", version: "0.0.1", evidence: [TP] });
  const secret = `cio_tp_${"t".repeat(32)}`;
  const trustpubData = { provider: "github", repository: "putitoutthere/pebble" };
  world.services.crates.trusted.push({ secret, crates: ["pebble-core"], trustpubData });
  world.env["CARGO_REGISTRY_TOKEN"] = secret;
  await world.git.run(["tag", "pebble-core-v0.0.1", "HEAD"]);
  await world.commit("Change", { "README.md": "more\n" });
  const { run, one, name } = await release(world, "pebble-core@0.1.0", "--oidc-only");
  assert.equal(one.status, "published", run.stderr);
  assert.deepEqual(name?.evidence, [TP]);
  const held = world.services.crates.crates.get("pebble_core")!.versions.at(-1)!;
  assert.deepEqual(held.trustpubData, trustpubData);
});

for (const name of ["pebble", "pebble-core"]) {
  test(
    `--oidc-only is not ignored for ${name}: the token is not used, and a hint says what to do`,
    withCargo,
    async () => {
      await using world = await releaseWorld({ withCrate: true });
      const run = await world.piot("publish", "--json", "--release", name, "--oidc-only");
      assert.equal(run.status, 1);
      const { failure } = JSON.parse(run.stdout);
      assert.equal(failure.code, "PIOT_OIDC_UNAVAILABLE", run.stdout);
      assert.match(failure.hint, /leave --oidc-only out/i);
      assert.deepEqual(world.writes(), []);
    },
  );
}

test(
  "--allow-downgrade of a name that nobody declared is a slip of the command line",
  withGit,
  async () => {
    await using world = await releaseWorld();
    const run = await world.piot("publish", "--json", "--allow-downgrade", "pebbel");
    assert.equal(run.status, 2);
    const { failure } = JSON.parse(run.stdout);
    assert.equal(failure.code, "PIOT_USAGE");
    assert.match(failure.hint, /^Did you mean "pebble"\?/);
    assert.deepEqual(world.writes(), []);
  },
);
