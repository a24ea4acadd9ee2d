import assert from "node:assert/strict";
import { test } from "node:test";
import { newUser, npmPackage, packageJson, rehearseIn, repoOf } from "../../support/rehearsal.ts";
import { needs } from "../../support/tools.ts";

test(
  "a package with github_release = false is rehearsed with its tag alone",
  await needs("git"),
  async () => {
    await using user = await newUser();
    const packages = [npmPackage("alpha", { github_release: false }), npmPackage("beta")];
    await using repo = await repoOf(packages, {
      "alpha/package.json": packageJson("alpha"),
      "beta/package.json": packageJson("beta"),
    });
    const { problems, runs } = await rehearseIn(repo.path, { user });
    assert.deepEqual(problems, []);
    const { tags, releases, outcomes } = runs.at(-1)!;
    assert.deepEqual(tags.map(({ name }) => name).sort(), ["alpha-v0.1.0", "beta-v0.1.0"]);
    assert.deepEqual(releases, ["beta-v0.1.0"]);
    assert.deepEqual(outcomes.map(({ githubRelease }) => githubRelease?.state), ["off", "kept"]);
  },
);
