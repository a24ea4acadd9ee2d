/** A release belongs to the commit that the registry's records name: the tag is made there, also by the run of another one. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServiceName } from "../../src/rehearsal/server/places.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import {
  attestHeld,
  bareOf,
  commitOfTag,
  headOf,
  publishes,
  publishUntagged,
} from "../support/older_release.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const withCargo = await needs("git", "cargo");

interface Row {
  readonly registry: ServiceName;
  readonly package: string;
  readonly tag: string;
  /** A file of the package that is not part of what is published. */
  readonly beside: string;
  /** A file that is. */
  readonly inside: Readonly<Record<string, string>>;
  readonly withCrate: boolean;
}

const REGISTRIES: readonly Row[] = [
  {
    registry: "npm",
    package: "@putitoutthere/pebble",
    tag: "pebble-js-v0.1.0",
    beside: "js/pebble/test.js",
    inside: { "js/pebble/index.js": "export const count = (heaps, size) => size * heaps;\n" },
    withCrate: false,
  },
  {
    registry: "PyPI",
    package: "pebble",
    tag: "pebble-v0.1.0",
    beside: "python/pebble/tests/test_count.py",
    inside: { "python/pebble/pebble/__init__.py": "def count(a, b): return b * a\n" },
    withCrate: false,
  },
  {
    registry: "crates.io",
    package: "pebble-core",
    tag: "pebble-core-v0.1.0",
    beside: "rust/pebble-core/.gitattributes",
    inside: {
      "rust/pebble-core/src/lib.rs":
        "pub fn count(heaps: u64, size: u64) -> u64 { size * heaps }\n",
    },
    withCrate: true,
  },
];

interface Older {
  readonly world: ReleaseWorld;
  readonly earlier: string;
}

/** Everything is published at a commit, and nothing could be tagged. */
async function untagged({ withCrate }: Row): Promise<Older> {
  const world = await releaseWorld({ withCrate });
  const earlier = await publishUntagged(world);
  attestHeld(world, earlier);
  return { world, earlier };
}

const WORKFLOW = { ".github/workflows/release.yml": "on: push\n" };

for (const row of REGISTRIES) {
  const needed = row.withCrate ? withCargo : withGit;
  const changes: readonly {
    readonly name: string;
    readonly files: Readonly<Record<string, string>>;
    readonly isDue: boolean;
  }[] = [
    { name: "a workflow file alone", files: WORKFLOW, isDue: false },
    {
      name: "a file of the package that is not published",
      files: { [row.beside]: "# 1\n" },
      isDue: true,
    },
    { name: "a file of the package that is published", files: row.inside, isDue: true },
  ];
  for (const { name, files, isDue } of changes) {
    test(
      `what ${row.registry} has from a commit whose tag was refused is tagged there after a commit of ${name}`,
      needed,
      async () => {
        const { world, earlier } = await untagged(row);
        await using _ = world;
        await world.commit("Go on", files);
        const sent = world.writes().filter((line) => line.startsWith(row.registry)).length;
        const { of, stderr, warnings } = await publishes(world);
        const outcome = of[row.package]!;
        assert.equal(outcome.status, "healed", stderr);
        assert.deepEqual(outcome.made, [`tag ${row.tag}`, "GitHub Release"]);
        assert.equal(outcome.commit, earlier);
        assert.equal(await commitOfTag(world, row.tag), earlier);
        assert.equal(world.writes().filter((line) => line.startsWith(row.registry)).length, sent);
        assert.ok(world.services.releases().includes(row.tag));
        const next = isDue ? { version: "0.1.1", reason: "changed" } : undefined;
        assert.deepEqual(outcome.ships_next, next);
        assert.ok(
          warnings.some((words) => words.includes(`was made from an earlier commit`)),
          stderr,
        );
        const told = `${row.package} has changed since ${earlier}`;
        assert.equal(warnings.some((words) => words.includes(told)), isDue);
        assert.equal(stderr.includes("ships as 0.1.1 in the next run"), isDue);
        const plan = JSON.parse((await world.piot("plan", "--json")).stdout) as {
          packages: readonly { name: string; version: string; reason: string }[];
        };
        const planned = plan.packages.find(({ name }) => name === row.package);
        assert.deepEqual(planned && { version: planned.version, reason: planned.reason }, next);
      },
    );
  }

  test(
    `a tag that was made at the earlier commit meanwhile is no trouble for what ${row.registry} has`,
    needed,
    async () => {
      const { world, earlier } = await untagged(row);
      await using _ = world;
      await world.git.run(["push", "--quiet", bareOf(world), `${earlier}:refs/tags/${row.tag}`]);
      await world.commit("Go on", WORKFLOW);
      const { of, stderr } = await publishes(world);
      const outcome = of[row.package]!;
      assert.deepEqual([outcome.status, outcome.commit], ["healed", earlier], stderr);
      assert.deepEqual(outcome.made, ["GitHub Release"]);
    },
  );

  test(
    `a tag that stands on a third commit fails what ${row.registry} has from an earlier one`,
    needed,
    async () => {
      const { world } = await untagged(row);
      await using _ = world;
      await world.commit("Go on", WORKFLOW);
      const third = await headOf(world);
      await world.git.run(["push", "--quiet", bareOf(world), `${third}:refs/tags/${row.tag}`]);
      const { of } = await publishes(world);
      assert.equal(of[row.package]!.failure?.code, "PIOT_TAG_ELSEWHERE");
      assert.ok(of[row.package]!.failure!.message.includes(third));
    },
  );

  test(
    `what ${row.registry} has from a commit of a branch that was given up fails, and names it`,
    needed,
    async () => {
      const { world, earlier } = await untagged(row);
      await using _ = world;
      await world.git.run(["checkout", "--quiet", "--orphan", "anew"]);
      await world.commit("Begin anew", row.inside);
      const { status, of, stderr } = await publishes(world);
      const { failure } = of[row.package]!;
      assert.deepEqual([status, failure?.code], [1, "PIOT_COMMIT_ELSEWHERE"], stderr);
      assert.ok(failure!.message.includes(earlier));
      assert.match(failure!.hint!, /--release .*@VERSION/);
      assert.deepEqual(await world.tags(), []);
    },
  );

  test(
    `a dry run tells whose commit it is that ${row.registry} names, and tags nothing`,
    needed,
    async () => {
      const { world, earlier } = await untagged(row);
      await using _ = world;
      await world.commit("Go on", row.inside);
      const { of, stderr } = await publishes(world, "--dry-run");
      const { status, absent, commit, ships_next } = of[row.package]!;
      assert.deepEqual([status, absent, commit], ["checked", 0, earlier], stderr);
      assert.deepEqual(ships_next, { version: "0.1.1", reason: "changed" });
      assert.deepEqual(await world.tags(), []);
    },
  );
}
