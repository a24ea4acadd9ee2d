import assert from "node:assert/strict";
import { test } from "node:test";
import { openLatestMark } from "../../../src/command/publish/latest_mark.ts";
import type { Package } from "../../../src/core/model/package.ts";
import { isHighestStable } from "../../../src/core/plan/last_release.ts";
import type { Release } from "../../../src/registry/registry.ts";
import { plainPackage } from "../../support/plan_facts.ts";
import { remoteRepo } from "../../support/remote_repo.ts";
import { testHost } from "../../support/test_host.ts";
import { JOB_ENV } from "../../support/remote_repo.ts";

const ROWS: readonly {
  readonly name: string;
  readonly version: string;
  readonly tags: readonly string[];
  readonly isHighest: boolean;
}[] = [
  { name: "a first release", version: "0.1.0", tags: [], isHighest: true },
  { name: "its own tag", version: "1.0.0", tags: ["a-v1.0.0"], isHighest: true },
  { name: "a next one", version: "1.1.0", tags: ["a-v1.0.0", "a-v1.0.9"], isHighest: true },
  { name: "by number, not by text", version: "1.10.0", tags: ["a-v1.9.0"], isHighest: true },
  { name: "a backport", version: "1.0.1", tags: ["a-v1.0.0", "a-v2.0.0"], isHighest: false },
  { name: "below a pre-release", version: "1.0.1", tags: ["a-v2.0.0-rc.1"], isHighest: true },
  { name: "a pre-release", version: "2.0.0-rc.1", tags: ["a-v1.0.0"], isHighest: false },
  { name: "above another's", version: "1.0.0", tags: ["b-v9.0.0", "v9.0.0"], isHighest: true },
  { name: "beside a build of it", version: "1.0.0", tags: ["a-v1.0.0+x"], isHighest: true },
  { name: "below a build", version: "1.0.0", tags: ["a-v1.0.1+x"], isHighest: false },
  { name: "a pre-release that a build hides", version: "1.0.0-a", tags: [], isHighest: false },
  { name: "no version of a", version: "1.0.0", tags: ["a-v9", "a-vlatest"], isHighest: true },
];

for (const { name, version, tags, isHighest } of ROWS) {
  test(`${name} is ${isHighest ? "the latest" : "no latest"}`, () => {
    assert.equal(isHighestStable(plainPackage("a"), version, tags), isHighest);
  });
}

async function markOf(
  packages: readonly Package[],
  { version = "1.0.1", there = [], here = [] }: {
    readonly version?: string;
    readonly there?: readonly string[];
    readonly here?: readonly string[];
  } = {},
): Promise<boolean> {
  await using repo = await remoteRepo();
  for (const tag of here) await repo.git("tag", tag);
  for (const tag of there) {
    await repo.bare.run(["tag", "-a", "-m", tag, tag, repo.head], { env: WHO });
  }
  const host = testHost({ cwd: repo.path, env: JOB_ENV });
  const isLatest = openLatestMark({ packages, host }, repo.host);
  return await isLatest({ package: packages[0]!, version } as Release);
}

const WHO = {
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
};

const A = plainPackage("a");

test("a tag that only the remote has makes a backport of what is below it", async () => {
  assert.equal(await markOf([A]), true);
  assert.equal(await markOf([A], { there: ["a-v2.0.0"] }), false);
  assert.equal(await markOf([A], { there: ["a-v1.0.0"], here: ["a-v1.0.1"] }), true);
});

test("a tag that only this clone has makes a backport too", async () => {
  assert.equal(await markOf([A], { here: ["a-v2.0.0"] }), false);
});

test("a pre-release is not the latest, although its package is alone and nothing else is tagged", async () => {
  assert.equal(await markOf([A], { version: "2.0.0-rc.1" }), false);
});

test("of several packages with GitHub Releases none is the latest", async () => {
  assert.equal(await markOf([A, plainPackage("b")]), false);
});

test("the only package with GitHub Releases has the latest, whatever else is tagged", async () => {
  const b = plainPackage("b", { githubRelease: false });
  assert.equal(await markOf([A, b], { there: ["b-v9.0.0"] }), true);
  assert.equal(await markOf([A, b], { there: ["b-v9.0.0", "a-v3.0.0"] }), false);
});
