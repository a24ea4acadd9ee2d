/** Families as they are published here, installed and run by each of the clients that people have. */

import assert from "node:assert/strict";
import process from "node:process";
import { after, test } from "node:test";
import { hostTriple } from "../../../src/rehearsal/example_targets.ts";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import { compiledAddon, compiledProgram } from "../../support/compiled.ts";
import { type ClientName, installClients, openClient } from "../../support/npm_clients.ts";
import { tempFolder } from "../../support/temp.ts";
import { needs } from "../../support/tools.ts";
import { type FamilyWorld, familyWorld } from "./family_world.ts";

const host = await hostTriple() ?? "";
const clients = await installClients();
const gcc = await needs("gcc", "node");
const skip = gcc.skip || clients.skip || (process.platform === "linux" ? false : "no Linux");

interface Families extends AsyncDisposable {
  readonly scopes: Readonly<Record<string, string>>;
}

/** A program's family, `@acme/demo`, and an addon's, `@engine/demo`; each also for a platform that nobody here has. */
async function publishFamilies(): Promise<Families> {
  const addon = "@engine/demo";
  const worlds = await Promise.all([
    familyWorld({
      [host]: { demo: await compiledProgram() },
      "aix-ppc64": { demo: makeBinary("aix-ppc64", "program") },
    }, { build: "bundled-cli" }),
    familyWorld({
      [host]: { [`demo.${host}.node`]: await compiledAddon() },
      "aix-ppc64": { "demo.aix-ppc64.node": makeBinary("aix-ppc64", "addon") },
    }, {
      build: "napi",
      main: { name: addon, main: "index.js" },
      files: { "index.js": `module.exports = require("${addon}-${host}");\n` },
      package: { registryName: addon },
    }),
  ]);
  for (const world of worlds) await world.publish(world.release);
  const [programs, addons] = worlds as [FamilyWorld, FamilyWorld];
  return {
    scopes: { "@acme": programs.server.url, "@engine": addons.server.url },
    [Symbol.asyncDispose]: async () => {
      for (const world of worlds) await world[Symbol.asyncDispose]();
    },
  };
}

/** Published once for all clients. */
let published: Promise<Families> | undefined;
after(async () => await (await published)?.[Symbol.asyncDispose]());

for (const name of ["npm 10", "npm 11", "pnpm", "Yarn PnP", "Bun"] satisfies ClientName[]) {
  test(`${name} installs a program's family and an addon's, and both run`, { skip }, async () => {
    const { scopes } = await (published ??= publishFamilies());
    await using folder = await tempFolder();
    const client = await openClient(name, { folder: clients.folder!, cwd: folder.path, scopes });
    const installed = await client.install(["@acme/demo", "@engine/demo"]);
    assert.equal(installed.code, 0, `${installed.stdout}${installed.stderr}`);
    const [ran, loaded] = await Promise.all([
      client.command("demo", ["a word"]),
      client.script('require("@engine/demo")'),
    ]);
    assert.deepEqual([ran.code, ran.stdout], [3, "2 a word\n"], ran.stderr);
    assert.deepEqual([loaded.code, loaded.stdout], [0, "an addon\n"], loaded.stderr);
  });
}
