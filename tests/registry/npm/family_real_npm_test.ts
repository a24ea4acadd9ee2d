import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import { hostTriple } from "../../../src/rehearsal/example_targets.ts";
import { compiledAddon, compiledProgram } from "../../support/compiled.ts";
import { realNpm, WITH_NPM } from "../../support/real_npm.ts";
import { tempFolder } from "../../support/temp.ts";
import { needs } from "../../support/tools.ts";
import { familyWorld, type Files, NAME } from "./family_world.ts";

const run = promisify(execFile);
const host = await hostTriple() ?? "";
const withGcc = await needs("gcc", "node");
const options = {
  skip: withGcc.skip || WITH_NPM.skip ||
    (process.platform === "linux" ? false : "no Linux"),
};

/** Publishes a family with a real file for this machine, and installs it with the real npm. */
async function installFamily(
  sort: { readonly build: "napi" | "bundled-cli"; readonly main?: Record<string, unknown> },
  { own, files = {} }: { readonly own: Files; readonly files?: Files },
): Promise<{ readonly cwd: string } & AsyncDisposable> {
  const use = sort.build === "napi" ? "addon" : "program";
  const other = makeBinary("aix-ppc64", use);
  await using world = await familyWorld({
    [host]: own,
    "aix-ppc64": sort.build === "napi" ? { "demo.aix-ppc64.node": other } : { demo: other },
  }, { ...sort, files });
  await world.publish(world.release);
  const folder = await tempFolder({ "app/package.json": "{}\n" });
  const cwd = join(folder.path, "app");
  await realNpm(["install", "--no-audit", "--no-fund", NAME], {
    cwd,
    home: join(folder.path, "home"),
    registry: world.server.url,
  });
  return { cwd, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test("npm installs the one addon that fits, and the main package loads it", options, async () => {
  const own = { [`demo.${host}.node`]: await compiledAddon() };
  const files = { "index.js": `module.exports = require("${NAME}-${host}");\n` };
  await using app = await installFamily({ build: "napi", main: { main: "index.js" } }, {
    own,
    files,
  });
  assert.deepEqual((await readdir(join(app.cwd, "node_modules/@acme"))).sort(), [
    "demo",
    `demo-${host}`,
  ]);
  const { stdout } = await run("node", ["-p", `require("${NAME}")`], { cwd: app.cwd });
  assert.equal(stdout, "an addon\n");
});

test("npm installs the one program that fits, and its command runs it", options, async () => {
  await using app = await installFamily({ build: "bundled-cli" }, {
    own: { demo: await compiledProgram() },
  });
  const command = join(app.cwd, "node_modules/.bin/demo");
  const failed = await run(command, ["a word"], { cwd: app.cwd }).catch((error) => error);
  assert.deepEqual([failed.code, failed.stdout], [3, "2 a word\n"]);
});

test(
  "without optional dependencies the command says which package it misses",
  options,
  async () => {
    await using app = await installFamily({ build: "bundled-cli" }, {
      own: { demo: await compiledProgram() },
    });
    await run("npm", ["prune", "--omit=optional", "--offline"], {
      cwd: app.cwd,
      env: { PATH: process.env.PATH ?? "", HOME: app.cwd },
    });
    const command = join(app.cwd, "node_modules/.bin/demo");
    const failed = await run(command, [], { cwd: app.cwd }).catch((error) => error);
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, new RegExp(`"@acme/demo-${host}" is not installed`));
  },
);
