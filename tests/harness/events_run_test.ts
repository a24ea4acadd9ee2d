import { deepEqual, equal, match } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { openHarness } from "../support/harness/harness_world.ts";
import { logOf, resultsOf } from "../support/harness/run_workflow.ts";
import { needs } from "../support/tools.ts";
import { REPOSITORIES } from "./shapes.ts";

/** `deno task harness` runs these; the suite has a release of its own. */
const wanted = process.env.PIOT_HARNESS === "all"
  ? await needs("git", "npm", "node", "cargo", "bash")
  : { skip: false } as const;
const rows = process.env.PIOT_HARNESS === "all" ? test : () => {};

const ALL = { plan: "success", build: "success", publish: "success" };
const DRY = { ...ALL, publish: "skipped" };
const IDLE = { plan: "success", build: "skipped", publish: "skipped" };

const CONFIG = `[putitoutthere]
version = 1
[[package]]
name = "demo-js"
kind = "npm"
path = "js"
paths = ["js/**"]
[[package]]
name = "demo-two"
kind = "npm"
path = "two"
paths = ["two/**"]
`;

const manifest = (name: string): string =>
  `{ "name": "${name}", "version": "0.0.0", "license": "MIT",
    "repository": "https://github.com/ada/engine" }\n`;

const TWO = {
  "putitoutthere.toml": CONFIG,
  "js/package.json": manifest("demo-js"),
  "two/package.json": manifest("demo-two"),
};

rows(
  "each event does what its row of the table says: pull requests and dry runs release nothing, a named release itself alone",
  wanted,
  async () => {
    await using world = await openHarness(TWO);
    const release = ".github/workflows/release.yml";
    const text = await readFile(join(world.repo.path, release), "utf8");
    await world.repo.commit("Build pull requests too", {
      [release]: text.replace("\non:\n", "\non:\n  pull_request:\n"),
    });
    await world.repo.git("push", "--quiet", "origin", "main");
    const inputs = { dry_run: false, release: "", recover: "" };

    const check = await world.run({ event: "pull_request", workflow: "putitoutthere-check" });
    equal(resultsOf(check).plan, "success", logOf(check));
    const pull = await world.run({ event: "pull_request" });
    deepEqual(resultsOf(pull), DRY, logOf(pull));
    const dry = await world.run({
      event: "workflow_dispatch",
      inputs: { ...inputs, dry_run: true, release: "demo-js@1.4.0" },
    });
    deepEqual(resultsOf(dry), DRY, logOf(dry));
    deepEqual(await world.tags(), []);

    const wrong = await world.run({
      event: "workflow_dispatch",
      inputs: { ...inputs, release: "demo-jss" },
    });
    deepEqual(resultsOf(wrong), { plan: "failure", build: "skipped", publish: "skipped" });
    match(logOf(wrong), /demo-jss/);

    const named = await world.run({
      event: "workflow_dispatch",
      inputs: { ...inputs, release: "demo-js@1.4.0" },
    });
    deepEqual(resultsOf(named), ALL, logOf(named));
    deepEqual(await world.tags(), ["demo-js-v1.4.0"]);

    const push = await world.run({ event: "push" });
    deepEqual(resultsOf(push), ALL, logOf(push));
    deepEqual(await world.tags(), ["demo-js-v1.4.0", "demo-two-v0.1.0"]);
    deepEqual(resultsOf(await world.run({ event: "push" })), IDLE);
  },
);

rows("a timetable releases what changed since, and nothing when nothing did", wanted, async () => {
  await using world = await openHarness(TWO, { flags: ["--cadence", "scheduled"] });
  const first = await world.run({ event: "schedule" });
  deepEqual(resultsOf(first), ALL, logOf(first));
  deepEqual(resultsOf(await world.run({ event: "schedule" })), IDLE);
  await world.repo.commit("feat: more\n\nrelease: minor", { "two/index.js": "" });
  await world.repo.git("push", "--quiet", "origin", "main");
  const later = await world.run({ event: "schedule" });
  deepEqual(resultsOf(later), ALL, logOf(later));
  deepEqual(await world.tags(), ["demo-js-v0.1.0", "demo-two-v0.1.0", "demo-two-v0.2.0"]);
});

rows(
  "once npm trusts the workflow it publishes without a token, with provenance, and only from the job with an identity",
  wanted,
  async () => {
    const { files } = REPOSITORIES["plain npm"]!;
    await using world = await openHarness(files, { hasIdentity: true });
    const first = await world.run({ event: "push" });
    deepEqual(resultsOf(first), ALL, logOf(first));
    world.trust("demo-js");
    await world.repo.commit("Go on", { "js/index.js": "export const on = 1;\n" });
    await world.repo.git("push", "--quiet", "origin", "main");
    const second = await world.run({ event: "push", secrets: {} });
    deepEqual(resultsOf(second), ALL, logOf(second));
    deepEqual(await world.tags(), ["demo-js-v0.1.0", "demo-js-v0.1.1"]);
    const { versions } = world.services.npm.packages.get("demo-js")!;
    equal(versions.get("0.1.1")!.provenance === undefined, false);
  },
);
