import { test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { publish } from "../../../src/command/publish.ts";
import { createHttp } from "../../../src/host/http.ts";
import { sendStreamed } from "../../../src/host/streamed_body.ts";
import { USER_AGENT } from "../../../src/host/version.ts";
import { hostTriple } from "../../../src/rehearsal/example_targets.ts";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import type { Outcome } from "../../../src/report/outcome.ts";
import { NPM_VERSION, realNpm } from "../../support/real_npm.ts";
import { tempFolder, writeTree } from "../../support/temp.ts";
import { testHost } from "../../support/test_host.ts";
import { needs } from "../../support/tools.ts";
import { installVerdaccio, serveVerdaccio, type Verdaccio } from "../../support/verdaccio.ts";

const run = promisify(execFile);

const { skip: withoutNode } = await needs("node", "npm");
const installed = withoutNode === false
  ? await installVerdaccio()
  : { folder: undefined, skip: withoutNode };
const WITH_VERDACCIO = { skip: installed.skip };

const TOOL = {
  "putitoutthere.toml": `[putitoutthere]
version = 1

[[package]]
name = "@acme/tool"
kind = "npm"
path = "tool"
paths = ["tool/**"]
`,
  "tool/package.json": JSON.stringify({
    name: "@acme/tool",
    version: "0.0.0",
    bin: { tool: "./bin/tool.mjs" },
    files: ["lib"],
    license: "MIT",
  }),
  "tool/bin/tool.mjs":
    '#!/usr/bin/env node\nimport { answer } from "../lib/answer.mjs";\nconsole.log(answer);\n',
  "tool/lib/answer.mjs": "export const answer = 42;\n",
};

/** Publishes from a folder without git, as the command does; tells how each package ended, and what was written. */
async function release(
  cwd: string,
  registry: Verdaccio,
  what: string,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly writes: readonly string[] }> {
  const host = testHost({
    cwd,
    env: { PATH: process.env.PATH, PIOT_NPM_URL: registry.url, NODE_AUTH_TOKEN: registry.token },
  });
  const writes: string[] = [];
  const http = createHttp({
    fetch,
    sendStreamed,
    clock: host.clock,
    userAgent: USER_AGENT,
    onAnswer: ({ method, url, status }) => {
      if (method !== "GET") writes.push(`${method} ${new URL(url).pathname} ${status}`);
    },
  });
  const { outcomes } = await publish({ ...host, http }, { release: [what] });
  return { outcomes, writes };
}

test(
  `Verdaccio takes what is published, npm ${NPM_VERSION} installs it, and its command runs`,
  WITH_VERDACCIO,
  async () => {
    await using registry = await serveVerdaccio(installed.folder!);
    await using checkout = await tempFolder(TOOL);
    const first = await release(checkout.path, registry, "@acme/tool@1.2.0");
    assert.deepEqual(first.outcomes.map(({ status }) => status), ["published"]);
    assert.deepEqual(first.writes, ["PUT /@acme%2ftool 201"]);
    await using home = await tempFolder();
    await using user = await tempFolder({ "package.json": "{}" });
    await realNpm(["install", "@acme/tool"], {
      cwd: user.path,
      home: home.path,
      registry: registry.url,
    });
    const { stdout } = await run(join(user.path, "node_modules/.bin/tool"), [], {
      env: { PATH: process.env.PATH ?? "" },
    });
    assert.equal(stdout, "42\n");
  },
);

test("a second run sends nothing to Verdaccio", WITH_VERDACCIO, async () => {
  await using registry = await serveVerdaccio(installed.folder!);
  await using checkout = await tempFolder(TOOL);
  await release(checkout.path, registry, "@acme/tool@1.2.0");
  const second = await release(checkout.path, registry, "@acme/tool@1.2.0");
  assert.deepEqual(second.outcomes.map(({ status }) => status), ["skipped"]);
  assert.deepEqual(second.writes, []);
});

test(
  "a version that Verdaccio holds with other bytes is not sent again",
  WITH_VERDACCIO,
  async () => {
    await using registry = await serveVerdaccio(installed.folder!);
    await using checkout = await tempFolder(TOOL);
    await release(checkout.path, registry, "@acme/tool@1.2.0");
    await writeTree(checkout.path, { "tool/lib/answer.mjs": "export const answer = 43;\n" });
    const second = await release(checkout.path, registry, "@acme/tool@1.2.0");
    assert.deepEqual(second.outcomes.map(({ status }) => status), ["failed"]);
    assert.deepEqual(second.writes, []);
  },
);

test("a prerelease gets its own dist-tag on Verdaccio, latest stays", WITH_VERDACCIO, async () => {
  await using registry = await serveVerdaccio(installed.folder!);
  await using checkout = await tempFolder(TOOL);
  await release(checkout.path, registry, "@acme/tool@1.2.0");
  await release(checkout.path, registry, "@acme/tool@1.3.0-rc.1");
  await using home = await tempFolder();
  const at = { cwd: home.path, home: home.path, registry: registry.url };
  const tags = JSON.parse(await realNpm(["view", "@acme/tool", "dist-tags", "--json"], at));
  assert.deepEqual(tags, { latest: "1.2.0", rc: "1.3.0-rc.1" });
});

const HOST = await hostTriple() ?? "";
const ON_GNU = {
  skip: installed.skip || (HOST.endsWith("-gnu") ? false : "no GNU/Linux, whose echo is a program"),
};

/** A family of this machine's own `echo`, and of a program for a machine that nobody has. */
const FAMILY = {
  "putitoutthere.toml": `[putitoutthere]
version = 1

[[package]]
name = "@acme/say"
kind = "npm"
path = "say"
paths = ["say/**"]
build = "bundled-cli"
targets = ["${HOST}", "aix-ppc64"]
`,
  "say/package.json": JSON.stringify({ name: "@acme/say", version: "0.0.0" }),
  "artifacts/@acme__say-aix-ppc64/say": makeBinary("aix-ppc64", "program"),
};

test(
  "npm installs of a family on Verdaccio what fits, and its command runs it",
  ON_GNU,
  async () => {
    await using registry = await serveVerdaccio(installed.folder!);
    await using checkout = await tempFolder({
      ...FAMILY,
      [`artifacts/@acme__say-${HOST}/say`]: await readFile("/bin/echo"),
    });
    const first = await release(checkout.path, registry, "@acme/say@1.0.0");
    assert.deepEqual(first.outcomes.map(({ status }) => status), ["published"]);
    assert.equal(first.writes.at(-1), "PUT /@acme%2fsay 201");
    await using home = await tempFolder();
    await using user = await tempFolder({ "package.json": "{}" });
    const at = { cwd: user.path, home: home.path, registry: registry.url };
    await realNpm(["install", "@acme/say"], at);
    assert.deepEqual((await readdir(join(user.path, "node_modules/@acme"))).sort(), [
      "say",
      `say-${HOST}`,
    ]);
    const { stdout } = await run(join(user.path, "node_modules/.bin/say"), ["a word"], {
      env: { PATH: process.env.PATH ?? "" },
    });
    assert.equal(stdout, "a word\n");
    assert.deepEqual((await release(checkout.path, registry, "@acme/say@1.0.0")).writes, []);
  },
);
