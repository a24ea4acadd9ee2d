import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { kindOfPath } from "../../src/host/files.ts";
import { VERSION } from "../../src/host/version.ts";
import { serveNpm } from "../../src/rehearsal/npm/serve_npm.ts";
import { GIT_ENV, gitRepo } from "../support/git_repo.ts";
import { actionCheckout } from "../support/action_checkout.ts";
import { publishOwnPackage } from "../support/packed_package.ts";
import { type ActionRun, readAction, runAction } from "../support/run_action.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { needs, programEnv } from "../support/tools.ts";
import { actionProblems } from "../support/workflow_tools.ts";

const withPrograms = await needs("git", "npm", "node");

test("action.yml is what GitHub takes, with the inputs and outputs that its pages name", async () => {
  deepEqual(await actionProblems(await readFile("action.yml", "utf8")), []);
  const { inputs, outputs, runs } = await readAction();
  deepEqual(Object.keys(inputs), [
    ...["command", "config", "working_directory", "dry_run", "release", "recover", "artifacts"],
    ...["fail_on_error", "allow_downgrade", "github_token"],
  ]);
  deepEqual(Object.keys(outputs), [
    ...["matrix", "has_rows", "has_release", "shards", "head", "plan_file"],
    ...["released", "released_packages", "result", "exit_code"],
  ]);
  equal(runs.using, "composite");
  for (const step of runs.steps) {
    ok(!("uses" in step), "nothing of others is used");
    ok(!step.run.includes("${{"), "no expression becomes part of a script");
  }
});

test("the action runs the version of its own checkout", async () => {
  const [manifest, lock] = await Promise.all(
    ["package.json", "package-lock.json"].map(async (file) =>
      JSON.parse(await readFile(join("action", file), "utf8"))
    ),
  );
  deepEqual(manifest.dependencies, { putitoutthere: VERSION });
  equal(lock.packages["node_modules/putitoutthere"].version, VERSION);
  deepEqual(Object.keys(lock.packages), ["", "node_modules/putitoutthere"]);
});

interface World {
  readonly npm: Awaited<ReturnType<typeof serveNpm>>;
  readonly home: TempFolder;
  /** As in the commit of the release that the registry has. */
  readonly checkout: TempFolder;
}
let world: World | undefined;

before(async () => {
  if (withPrograms.skip !== false) return;
  const npm = await serveNpm({ tokens: { npm_test: { user: "ada" } } });
  const integrity = await publishOwnPackage({ registry: npm.url, token: "npm_test" });
  world = { npm, home: await tempFolder({}), checkout: await actionCheckout(integrity) };
});
after(async () => {
  await world?.npm[Symbol.asyncDispose]();
  await world?.home[Symbol.asyncDispose]();
  await world?.checkout[Symbol.asyncDispose]();
});

const FILES = {
  "putitoutthere.toml": `[putitoutthere]
version = 1
[[package]]
name = "demo"
kind = "npm"
path = "."
paths = ["**"]
`,
  "package.json": '{ "name": "demo", "version": "0.0.0" }',
};

async function use(
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  checkout = world!.checkout.path,
): Promise<ActionRun> {
  await using repository = await gitRepo(FILES);
  const { npm, home } = world!;
  const ran = await runAction({
    ...{ with: inputs, checkout },
    cwd: repository.path,
    contexts: { github: { token: "ghs_token" } },
    env: {
      ...programEnv(),
      ...GIT_ENV,
      HOME: home.path,
      RUNNER_TEMP: home.path,
      GITHUB_ACTIONS: "true",
      npm_config_registry: `${npm.url}/`,
      npm_config_cache: join(home.path, "cache"),
      npm_config_update_notifier: "false",
      ...env,
    },
  });
  equal(await kindOfPath(join(repository.path, "hacked")), undefined);
  return ran;
}

test(
  "the action plans with the packed package, and hands on its outputs",
  withPrograms,
  async () => {
    const { status, outputs, summary, log } = await use({ dry_run: "true" });
    equal(status, 0, log);
    const [row] = JSON.parse(outputs.matrix!);
    equal(row.artifact_name, "demo-pkg");
    deepEqual([outputs.has_rows, outputs.has_release, outputs.exit_code], ["true", "true", "0"]);
    match(outputs.head!, /^[0-9a-f]{40}$/);
    equal(JSON.parse(await readFile(outputs.plan_file!, "utf8")).head, outputs.head);
    match(summary, /demo/);
  },
);

test("an input that is wrong is said before anything is downloaded", withPrograms, async () => {
  const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
    [
      { command: "plam" },
      /^::error title=PIOT_USAGE::The input command is "plam": it takes plan, /m,
    ],
    [{ command: "__proto__" }, /it takes plan/],
    [{ command: "init" }, /it takes plan/],
    [{ dry_run: "yes" }, /The input dry_run is "yes": it takes true or false/],
    [{ fail_on_error: "0" }, /The input fail_on_error is "0"/],
    [{ fail_on_error: "false", command: "publsh" }, /^::error title=PIOT_USAGE::.*"publsh"/m],
    [{ command: "plan\n::error::forged" }, /The input command is "plan\\n::error::forged"/],
  ];
  for (const [inputs, words] of cases) {
    const offline = { npm_config_registry: "http://127.0.0.1:9/" };
    const { status, log, outputs } = await use(inputs, offline);
    deepEqual([status, outputs.exit_code], [2, "2"], log);
    match(log, words);
  }
});

test(
  "what is written into inputs stays a text, and the status is the command's",
  withPrograms,
  async () => {
    const nasty = '$(touch hacked); `touch hacked` "quoted" --allow-downgrade';
    const { status, log, outputs } = await use({ release: nasty, config: nasty });
    deepEqual([status, outputs.exit_code], [2, "2"], log);
    match(log, /Cannot read the release request .*touch hacked/);
  },
);

test(
  "fail_on_error: false leaves the step green, says so, and hands on the status",
  withPrograms,
  async () => {
    const { status, log, outputs } = await use({ release: "nobody", fail_on_error: "false" });
    deepEqual([status, outputs.exit_code], [0, "2"]);
    match(log, /^::warning title=putitoutthere::The command ended with 2/m);
  },
);

test(
  "other bytes than those that the checkout has the hash of do not run",
  withPrograms,
  async () => {
    await using checkout = await actionCheckout(`sha512-${"A".repeat(86)}==`);
    const { status, log } = await use({}, {}, checkout.path);
    notEqual(status, 0);
    match(log, /EINTEGRITY/);
  },
);

test("an input that a command has no use for is told of", withPrograms, async () => {
  const { log } = await use({ artifacts: "elsewhere", allow_downgrade: "demo" });
  equal(log.match(/^::warning .*The input artifacts means nothing to plan/gm)?.length, 1);
  equal(log.match(/^::warning .*The input allow_downgrade means nothing to plan/gm)?.length, 1);
});
