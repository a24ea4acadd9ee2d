import { deepEqual, match } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { test } from "node:test";
import { openHarness } from "../support/harness/harness_world.ts";
import { logOf, resultsOf } from "../support/harness/run_workflow.ts";
import { needs } from "../support/tools.ts";
import { lintProblems, schemaProblems } from "../support/workflow_tools.ts";
import { REPOSITORIES } from "./shapes.ts";

const isWhole = process.env.PIOT_HARNESS === "all";

/** The workflow that the page shows as an old one. */
async function oldWorkflow(): Promise<string> {
  const page = await readFile("docs/migration.md", "utf8");
  return /^```yaml\n([\s\S]*?)^```$/m.exec(page)![1]!;
}

test("the old workflow on the page is a valid one, with what old ones have", async () => {
  const text = await oldWorkflow();
  deepEqual(await schemaProblems(text), []);
  deepEqual(await lintProblems(text), []);
  for (const part of [/@v0$/m, /CARGO_TOKEN/, /\[0\]\.version/, /command: plan\n +dry_run: /]) {
    match(text, part);
  }
});

if (isWhole) {
  test(
    "an old workflow goes on as it is: a bare array, dry_run of the plan, a token mapped by hand, the first row's version",
    await needs("git", "npm", "node", "cargo", "bash"),
    async () => {
      const { files } = REPOSITORIES["a crate around other packages"]!;
      await using world = await openHarness(files);
      await world.repo.commit("Keep the old workflow", {
        ".github/workflows/old.yml": await oldWorkflow(),
      });
      await world.repo.git("push", "--quiet", "origin", "main");
      const secrets = { ...world.secrets, CARGO_TOKEN: world.secrets.CARGO_REGISTRY_TOKEN! };
      const dry = await world.run({
        ...{ event: "workflow_dispatch", workflow: "old", secrets },
        inputs: { dry_run: true },
      });
      deepEqual(resultsOf(dry), { plan: "success", build: "success", publish: "skipped" });
      deepEqual(await world.tags(), []);
      const results = await world.run({ event: "push", workflow: "old", secrets });
      deepEqual(
        resultsOf(results),
        { plan: "success", build: "success", publish: "success" },
        logOf(results),
      );
      match(logOf(results), /first of them: 0\.1\.0/);
      deepEqual(await world.tags(), ["demo-all-v0.1.0", "demo-core-v0.1.0", "demo-js-v0.1.0"]);
    },
  );
}
