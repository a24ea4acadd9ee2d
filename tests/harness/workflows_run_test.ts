import { deepEqual, equal, match } from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { VERSION } from "../../src/host/version.ts";
import { openHarness } from "../support/harness/harness_world.ts";
import { logOf, resultsOf } from "../support/harness/run_workflow.ts";
import { needs } from "../support/tools.ts";
import { REPOSITORIES } from "./shapes.ts";

const withPrograms = await needs("git", "npm", "node", "cargo", "bash");

/** `deno task harness` runs everything; the suite what is quick. */
const isWhole = process.env.PIOT_HARNESS === "all";

const WHEELS = `on:
  workflow_call:
    inputs:
      matrix: { type: string, required: true }
jobs:
  wheels:
    strategy:
      matrix:
        include: \${{ fromJSON(inputs.matrix) }}
    runs-on: \${{ matrix.runs_on }}
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@v7
      - run: npx --yes putitoutthere@${VERSION} set-version --row "$ROW"
        env:
          ROW: \${{ toJSON(matrix) }}
      - run: pipx run build --\${{ matrix.target == 'sdist' && 'sdist' || 'wheel' }} --outdir dist
        working-directory: \${{ matrix.path }}
      - uses: actions/upload-artifact@v7
        with:
          name: \${{ matrix.artifact_name }}
          path: \${{ matrix.artifact_path }}
`;

const ALL = { plan: "success", build: "success", publish: "success" };

test(
  "plain npm: a release whose last job failed at its end is complete, and running it again changes nothing",
  withPrograms,
  async () => {
    const { files, tags } = REPOSITORIES["plain npm"]!;
    await using world = await openHarness(files);
    const first = await world.run({ event: "push", breaks: { publish: "after" } });
    deepEqual(resultsOf(first), { ...ALL, publish: "failure" }, logOf(first));
    deepEqual(await world.tags(), tags);
    const again = await world.run({ event: "push", earlier: first, run: world.lastRun() });
    deepEqual(resultsOf(again), ALL, logOf(again));
    deepEqual(await world.tags(), tags);
  },
);

for (const [shape, { files, tags }] of isWhole ? Object.entries(REPOSITORIES) : []) {
  test(
    `${shape}: a push releases, whatever failed first, and a further one has nothing to do`,
    withPrograms,
    async () => {
      await using world = await openHarness(files);
      let results = await world.run({ event: "push", breaks: { plan: "before" } });
      equal(results.publish!.result, "skipped");
      for (
        const breaks of [
          { build: "before" },
          { build: "after" },
          { publish: "before" },
          { publish: "after" },
        ] as const
      ) {
        results = await world.run({
          ...{ event: "push", breaks, earlier: results, run: world.lastRun() },
        });
        const [broken] = Object.keys(breaks);
        equal(results[broken!]!.result, "failure", logOf(results));
      }
      results = await world.run({ event: "push", earlier: results, run: world.lastRun() });
      deepEqual(resultsOf(results), ALL, logOf(results));
      deepEqual(await world.tags(), tags);
      deepEqual([...world.services.releases()].sort(), tags);
      const further = await world.run({ event: "push" });
      deepEqual(resultsOf(further), { plan: "success", build: "skipped", publish: "skipped" });
    },
  );

  test(
    `${shape}: what an earlier run built is published from its commit by recover`,
    withPrograms,
    async () => {
      await using world = await openHarness(files);
      const lost = await world.run({ event: "push", breaks: { publish: "before" } });
      equal(lost.publish!.result, "failure", logOf(lost));
      const earlier = await world.repo.git("rev-parse", "HEAD");
      await writeFile(join(world.repo.path, "later.txt"), "");
      await world.repo.commit("Mend the workflow");
      await world.repo.git("push", "--quiet", "origin", "main");
      const inputs = { dry_run: false, release: "", recover: `${world.lastRun()}` };
      const results = await world.run({ event: "workflow_dispatch", inputs });
      deepEqual(resultsOf(results), { ...ALL, build: "skipped" }, logOf(results));
      deepEqual(await world.tags(), tags);
      for (const tag of tags) {
        const { stdout } = await world.repo.bare.run(["rev-parse", `${tag}^{commit}`]);
        equal(new TextDecoder().decode(stdout).trim(), earlier);
      }
      match(logOf(results), /was built by run \d+ from commit/);
    },
  );
}

if (isWhole) {
  test(
    "a folder of a repository is released from there, its workflows at the root",
    withPrograms,
    async () => {
      const { files, tags } = REPOSITORIES["beside one another"]!;
      const moved = Object.entries(files).map(([path, text]) => [`sub/dir/${path}`, text]);
      await using world = await openHarness(Object.fromEntries(moved), { folder: "sub/dir" });
      const results = await world.run({ event: "push" });
      deepEqual(resultsOf(results), ALL, logOf(results));
      deepEqual(await world.tags(), tags);
    },
  );

  test(
    "rows of a workflow of their own are built by that one, and published with the others",
    withPrograms,
    async () => {
      const { files, tags } = REPOSITORIES["beside one another"]!;
      const config = files["putitoutthere.toml"]!.replace(
        'build = "hatch"',
        'build = "hatch"\nbuild_workflow = "wheels.yml"',
      );
      await using world = await openHarness({
        ...files,
        "putitoutthere.toml": config,
        ".github/workflows/wheels.yml": WHEELS,
      });
      const results = await world.run({ event: "push" });
      deepEqual(resultsOf(results), { ...ALL, "build-wheels": "success" }, logOf(results));
      deepEqual(await world.tags(), tags);
    },
  );
}
