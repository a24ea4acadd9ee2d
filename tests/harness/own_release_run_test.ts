import { deepEqual, equal, match } from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { readIntegrity } from "../../scripts/own_version.ts";
import { VERSION } from "../../src/host/version.ts";
import { openHarness } from "../support/harness/harness_world.ts";
import { logOf, resultsOf } from "../support/harness/run_workflow.ts";
import { needs } from "../support/tools.ts";

const run = promisify(execFile);

/** What of this tree git has, or would have, but for its tests. */
async function ownFiles(): Promise<Record<string, string>> {
  const words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await run("git", words);
  const paths = stdout.split("\0").filter((path) => path !== "" && !path.startsWith("tests/"));
  const texts = paths.map(async (path) => [path, await readFile(path, "utf8")] as const);
  return Object.fromEntries(await Promise.all(texts));
}

async function makeReady(cwd: string): Promise<void> {
  await run("deno", ["task", "version", VERSION], { cwd });
}

if (process.env.PIOT_HARNESS === "all") {
  test(
    "this project releases itself: its own workflow builds, publishes what its action is held to, and moves its branch",
    await needs("git", "npm", "node", "bash", "deno"),
    async () => {
      await using world = await openHarness(await ownFiles(), { own: makeReady });
      const results = await world.run({ event: "push", breaks: { publish: "after" } });
      equal(results.publish!.result, "failure", logOf(results));
      deepEqual(await world.tags(), [`v${VERSION}`]);
      const again = await world.run({ event: "push", earlier: results, run: world.lastRun() });
      const good = { plan: "success", build: "success", publish: "success" };
      deepEqual(resultsOf(again), { ...good, jsr: "success", major: "success" }, logOf(again));
      match(logOf(again), /published to JSR/);
      const { versions } = world.services.npm.packages.get("putitoutthere")!;
      deepEqual([...versions.keys()], [VERSION]);
      const held = await world.services.npm.packages.get("putitoutthere")!.versions.get(VERSION)!;
      const { dist } = held.manifest as { readonly dist: { readonly integrity: string } };
      equal(dist.integrity, await readIntegrity(world.repo.path));
      const commits = await world.repo.bare.text([
        "rev-parse",
        "main",
        "v0",
        `v${VERSION}^{commit}`,
      ]);
      equal(
        new Set(commits.trim().split("\n")).size,
        1,
        "the branch and the tag are at the release",
      );

      // What is not made ready for a release is none, and one that is not whole stops before it can publish.
      await world.repo.commit("docs: say more", { "docs/more.md": "# More\n" });
      await world.repo.git("push", "--quiet", "origin", "main");
      const idle = resultsOf(await world.run({ event: "push" }));
      deepEqual(new Set(Object.values(idle)), new Set(["success", "skipped"]));
      equal(idle.publish, "skipped");
      const lock = join(world.repo.path, "action/package-lock.json");
      const text = (await readFile(lock, "utf8")).replace(/sha512-..../, "sha512-AAAA");
      await world.repo.commit("Spoil it", { "action/package-lock.json": text });
      await world.repo.git("push", "--quiet", "origin", "main");
      const spoilt = await world.run({ event: "push" });
      deepEqual(resultsOf(spoilt).build, "failure");
      deepEqual(resultsOf(spoilt).publish, "skipped");
      match(logOf(spoilt), /0\.1\.1 is planned, and .* says 0\.1\.0/);
    },
  );
}
