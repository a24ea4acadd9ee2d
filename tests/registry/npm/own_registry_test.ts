/** Where npm packages go: the user's own settings say it, and a file of the checkout never does. */

import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { Failure } from "../../../src/error.ts";
import type { Env } from "../../../src/host/host.ts";
import { PUBLIC_NPM_REGISTRY } from "../../../src/host/npm_settings.ts";
import { readEndpoints } from "../../../src/registry/endpoints.ts";
import { settingsProblems } from "../../../src/registry/npm/own_registry.ts";
import { tempFolder } from "../../support/temp.ts";
import { npmRelease } from "./world.ts";

const OWN = "https://own.example/npm";
const THEIRS = "https://theirs.example/";

interface Row {
  readonly name: string;
  /** Files of the home folder and of the checkout, by path below the folder of both. */
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Env;
  readonly registryName?: string;
  /** Where packages go. */
  readonly to: string;
  /** What stands against it, as its code and the start of its message; nothing when nothing does. */
  readonly problem?: readonly [code: string, message: RegExp, hint?: RegExp];
}

const COMMITTED = "PIOT_SETTINGS_COMMITTED";

const ROWS: readonly Row[] = [
  { name: "no settings", files: {}, to: PUBLIC_NPM_REGISTRY },
  { name: "the file in the home folder", files: { "home/.npmrc": `registry=${OWN}` }, to: OWN },
  {
    name: "npm's variable, before the file in the home folder",
    files: { "home/.npmrc": `registry=${THEIRS}` },
    env: { NPM_CONFIG_REGISTRY: OWN },
    to: OWN,
  },
  {
    name: "the file that the environment names, as actions/setup-node does",
    files: { "home/.npmrc": `registry=${THEIRS}`, "runner/.npmrc": `registry=${OWN}/` },
    env: { NPM_CONFIG_USERCONFIG: "runner/.npmrc" },
    to: `${OWN}/`,
  },
  {
    name: "a file of the checkout that names another registry",
    files: { "repo/.npmrc": `; ours\nregistry=${THEIRS}\n` },
    to: PUBLIC_NPM_REGISTRY,
    problem: [
      COMMITTED,
      /^Cannot let \.npmrc:2 say where packages and tokens go: `registry` is "https:\/\/theirs/,
      /set PIOT_NPM_URL/,
    ],
  },
  {
    name: "a file of the checkout that names npm's own registry",
    files: { "repo/.npmrc": `registry=${PUBLIC_NPM_REGISTRY.replace(/\/$/, "")}\n` },
    to: PUBLIC_NPM_REGISTRY,
  },
  {
    name: "a file of the checkout that says what the user's own says",
    files: { "repo/.npmrc": `registry=${OWN}/`, "home/.npmrc": `registry=${OWN}` },
    to: OWN,
  },
  {
    name: "a file of the checkout that names npm's registry where the user's own names another",
    files: { "repo/.npmrc": `registry=${PUBLIC_NPM_REGISTRY}`, "home/.npmrc": `registry=${OWN}` },
    to: OWN,
    problem: [COMMITTED, /\.npmrc:1/],
  },
  {
    name: "a file in the package's folder",
    files: { "repo/packages/demo/.npmrc": `registry=${THEIRS}` },
    to: PUBLIC_NPM_REGISTRY,
    problem: [COMMITTED, /^Cannot let packages\/demo\/\.npmrc:1 say/],
  },
  {
    name: "a file above the work tree",
    files: { ".npmrc": `registry=${THEIRS}` },
    to: PUBLIC_NPM_REGISTRY,
  },
  {
    name: "a file of the checkout that names a registry for the package's scope",
    files: { "repo/.npmrc": `@acme:registry=${THEIRS}\n@other:registry=${THEIRS}` },
    registryName: "@acme/demo",
    to: PUBLIC_NPM_REGISTRY,
    problem: [COMMITTED, /\.npmrc:1 say .*`@acme:registry`/],
  },
  {
    name: "a file of the checkout that names one for another scope",
    files: { "repo/.npmrc": `@acme:registry=${THEIRS}` },
    to: PUBLIC_NPM_REGISTRY,
  },
  {
    name: "the user's own registry for the package's scope",
    files: { "home/.npmrc": `@acme:registry=${OWN}` },
    registryName: "@acme/demo",
    to: PUBLIC_NPM_REGISTRY,
    problem: [
      "PIOT_USAGE",
      /^Cannot publish packages of @acme to .*`@acme:registry` in .*\.npmrc sends them to https:\/\/own/,
      new RegExp(`Set PIOT_NPM_URL=${OWN}`),
    ],
  },
  {
    name: "PIOT_NPM_URL, whatever the checkout says",
    files: { "repo/.npmrc": `registry=${THEIRS}\n@acme:registry=${THEIRS}` },
    env: { PIOT_NPM_URL: OWN },
    registryName: "@acme/demo",
    to: OWN,
  },
  {
    name: "npm's variable, whatever the checkout says",
    files: { "repo/.npmrc": `registry=${THEIRS}` },
    env: { npm_config_registry: OWN },
    to: OWN,
  },
  {
    name: "a variable that npm hands on from the checkout, under npx",
    files: { "repo/.npmrc": `registry=${THEIRS}` },
    env: { npm_config_registry: THEIRS, npm_execpath: "/usr/lib/npm-cli.js", npm_command: "exec" },
    to: THEIRS,
    problem: [COMMITTED, /\.npmrc:1/],
  },
  {
    name: "a variable of the user's own, under npx",
    files: { "repo/.npmrc": `registry=${THEIRS}` },
    env: { npm_config_registry: OWN, npm_execpath: "/usr/lib/npm-cli.js", npm_command: "exec" },
    to: OWN,
  },
  {
    name: "npm's variable, where the checkout names a registry for the scope",
    files: { "repo/.npmrc": `@acme:registry=${THEIRS}` },
    env: { npm_config_registry: OWN },
    registryName: "@acme/demo",
    to: OWN,
    problem: [COMMITTED, /`@acme:registry`/],
  },
  {
    name: "a password in an address, which is not shown",
    files: { "repo/.npmrc": "registry=https://ada:npm_secret@theirs.example/" },
    to: PUBLIC_NPM_REGISTRY,
    problem: [COMMITTED, /"https:\/\/theirs\.example\/"/],
  },
  {
    name: "a secret in an address, which is not shown",
    files: { "repo/.npmrc": "registry=https://theirs.example/${NODE_AUTH_TOKEN}/" },
    env: { NODE_AUTH_TOKEN: "npm_secret" },
    to: PUBLIC_NPM_REGISTRY,
    problem: [COMMITTED, /"https:\/\/theirs\.example\/\$\{NODE_AUTH_TOKEN\}\/"/],
  },
];

for (const { name, files, env: given = {}, registryName = "demo", to, problem } of ROWS) {
  test(`npm packages and ${name}: ${problem === undefined ? "they go where the user says" : "a refusal"}`, async () => {
    await using folder = await tempFolder({ "repo/.git/HEAD": "", ...files });
    const at = (path: string): string => join(folder.path, path);
    const userconfig = given.NPM_CONFIG_USERCONFIG;
    const env = {
      ...{ HOME: at("home"), ...given },
      ...(userconfig === undefined ? {} : { NPM_CONFIG_USERCONFIG: at(userconfig) }),
    };
    const { npm: registry } = readEndpoints(env);
    assert.equal(registry, to.replace(/\/+$/, ""));
    const releases = [npmRelease({ package: { registryName } })];
    const found = await settingsProblems(releases, { root: at("repo"), env, registry });
    assert.equal(found.length, problem === undefined ? 0 : 1, found[0]?.message);
    if (problem === undefined) return;
    const [failure] = found;
    assert.equal(failure!.code, problem[0]);
    assert.match(failure!.message, problem[1]);
    assert.match(failure!.hint!, problem[2] ?? /./);
    assert.equal(failure!.exitCode, 2);
    assert.equal(JSON.stringify(failure!.problems).includes("npm_secret"), false);
    if (problem[0] === COMMITTED) assert.match(failure!.location!.file, /\.npmrc$/);
  });
}

test("one line of a checkout is told once for however many packages", async () => {
  await using folder = await tempFolder({
    "repo/.git/HEAD": "",
    "repo/.npmrc": `registry=${THEIRS}`,
  });
  const releases = ["a", "b"].map((registryName) =>
    npmRelease({ package: { registryName, path: `packages/${registryName}` } })
  );
  const context = { root: join(folder.path, "repo"), env: {}, registry: PUBLIC_NPM_REGISTRY };
  assert.equal((await settingsProblems(releases, context)).length, 1);
});

test(
  "a file in the home folder that may not be read leaves nobody knowing where packages go",
  {
    skip: process.getuid?.() === 0 || process.platform === "win32"
      ? "files have no lock here"
      : false,
  },
  async () => {
    await using folder = await tempFolder({ "home/.npmrc": `registry=${OWN}` });
    await chmod(join(folder.path, "home/.npmrc"), 0);
    const env = { HOME: join(folder.path, "home") };
    const context = { root: folder.path, env, registry: PUBLIC_NPM_REGISTRY };
    const [failure] = await settingsProblems([npmRelease()], context);
    assert.ok(failure instanceof Failure);
    assert.equal(failure.code, "PIOT_FILE_UNREADABLE");
  },
);

for (
  const { name, line, code } of [
    { name: "what is no address", line: "registry=npm.example", code: "PIOT_USAGE" },
    { name: "plain HTTP", line: "registry=http://npm.example/", code: "PIOT_URL_INSECURE" },
    { name: "a password", line: "registry=https://ada:secret@npm.example/", code: "PIOT_USAGE" },
  ]
) {
  test(`readEndpoints() refuses ${name} in the file of the home folder, and names it`, async () => {
    await using home = await tempFolder({ ".npmrc": line });
    assert.throws(() => readEndpoints({ HOME: home.path }), (error: Failure) => {
      assert.equal(error.code, code);
      assert.ok(error.message.startsWith(`Cannot use \`registry\` in ${home.path}/.npmrc: `));
      assert.equal(error.message.includes("secret"), false);
      return true;
    });
  });
}
