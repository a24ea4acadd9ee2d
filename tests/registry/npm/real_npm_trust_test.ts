import { test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { actionsVariables } from "../../../src/rehearsal/identity/actions_job.ts";
import { NPM_VERSION, realNpm, WITH_NPM } from "../../support/real_npm.ts";
import { programEnv } from "../../support/tools.ts";
import { writeTree } from "../../support/temp.ts";
import { heldPackage, manifestText, npmRelease, npmWorld, TOKEN } from "./world.ts";

const run = promisify(execFile);

/** npm exchanges identity tokens since 11.5.1. */
const [major = 0, minor = 0] = (NPM_VERSION ?? "0.0").split(".").map(Number);
const withTrust = major > 11 || (major === 11 && minor > 5)
  ? WITH_NPM
  : { skip: `npm ${NPM_VERSION} knows no trusted publishing` };

// Private, so that npm does not sign: it knows no other Sigstore than the public one.
const JOB = {
  repository: "ada/engine",
  workflow: "release.yml",
  extra: { repository_visibility: "private" },
} as const;

test(
  "npm's own client publishes by trusted publishing to the same registry, with the same requests",
  withTrust,
  async () => {
    const name = "@acme/demo";
    const files = { "packages/demo/package.json": manifestText({ name, version: "1.0.0" }) };
    await using world = await npmWorld(files, {
      job: JOB,
      trust: {
        [name]: {
          repository: "ada/engine",
          workflow: "release.yml",
          permissions: ["createPackage"],
        },
      },
    });
    world.server.state.packages.set(name, heldPackage(name));
    const home = join(world.root, "home");
    await writeTree(home, { ".npmrc": `registry=${world.server.url}/\n` });
    await run("npm", ["publish", "--access", "public"], {
      cwd: join(world.root, "packages/demo"),
      env: {
        PATH: programEnv()["PATH"],
        HOME: home,
        npm_config_userconfig: join(home, ".npmrc"),
        npm_config_globalconfig: join(home, "global-npmrc"),
        npm_config_cache: join(home, "cache"),
        npm_config_update_notifier: "false",
        CI: "true",
        ...actionsVariables(JOB),
        ...world.identity!.env,
      },
    });
    assert.equal(world.server.state.packages.get(name)?.versions.has("1.0.0"), true);
    const theirs = world.server.log.filter(({ method }) => method !== "GET");

    await world.publish(npmRelease({ version: "1.0.1", package: { registryName: name } }));
    const ours = world.server.log.filter(({ method }) => method !== "GET").slice(theirs.length);
    const shown = (requests: typeof ours): readonly string[] =>
      requests.map(({ method, path, headers, status }) =>
        [
          method,
          path,
          status,
          headers.get("content-type"),
          headers.get("npm-command"),
          headers.get("authorization")?.replace(/^Bearer (npm_)?.*$/, "Bearer $1…"),
        ].join(" ")
      );
    const exchangeOnly = (lines: readonly string[]): readonly string[] =>
      lines.map((line) => line.replace(/(exchange\S+ \d+) .*(Bearer.*)$/, "$1 $2"));
    assert.deepEqual(exchangeOnly(shown(ours)), exchangeOnly(shown(theirs)));
    const audiences = world.identity!.log.map(({ query }) =>
      new URLSearchParams(query).get("audience")
    );
    assert.deepEqual(new Set(audiences), new Set(["npm:127.0.0.1"]));
  },
);

/** npm stages since 11.15. */
const withStage = major > 11 || (major === 11 && minor >= 15)
  ? WITH_NPM
  : { skip: `npm ${NPM_VERSION} knows no staging` };

test(
  "npm's own client lists and approves what was staged, with the command that the report prints",
  withStage,
  async () => {
    const files = { "packages/demo/package.json": manifestText({ repository: "ada/engine" }) };
    const trust = {
      repository: "ada/engine",
      workflow: "release.yml",
      permissions: ["createStagedPackage"],
    } as const;
    await using world = await npmWorld(files, {
      job: { repository: "ada/engine", workflow: "release.yml" },
      trust: { demo: trust },
      tokens: { [TOKEN]: { user: "ada", otp: "123456" } },
    });
    world.server.state.packages.set("demo", heldPackage("demo"));
    const prepared = await world.prepare(npmRelease());
    const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
    const uploaded = await world.npm.upload(prepared, prepared.files[0]!, { credential });
    const [, command = ""] = /`npm (stage approve [^`]+)`/.exec(uploaded?.staged ?? "") ?? [];
    const place = {
      cwd: world.root,
      home: join(world.root, "home"),
      registry: world.server.url,
      token: TOKEN,
    };
    assert.match(await realNpm(["stage", "list", "demo"], place), /1\.0\.0/);
    await realNpm([...command.split(" "), "--otp=123456"], place);
    const look = await world.npm.look(prepared);
    assert.equal(look.files.get("demo@1.0.0")?.state, "same");
  },
);
