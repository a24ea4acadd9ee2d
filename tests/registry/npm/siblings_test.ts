/** What packages of one repository ask of each other once they are out, judged by npm itself. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Failure } from "../../../src/error.ts";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import { npmTarball } from "../../support/npm_tarball.ts";
import { realNpm, WITH_NPM } from "../../support/real_npm.ts";
import { tempFolder } from "../../support/temp.ts";
import { manifestOf } from "./family_world.ts";
import { manifestText, npmRelease, npmWorld, uploadAll } from "./world.ts";

const LOCK = '{"name": "root", "lockfileVersion": 3}\n';
const TREE = {
  "package.json": JSON.stringify({ name: "root", private: true, workspaces: ["packages/*"] }),
  "package-lock.json": LOCK,
  "packages/core/package.json": manifestText({ name: "core", version: "1.0.0" }),
  "packages/core/index.js": "module.exports = 'core';\n",
  "packages/app/package.json": manifestText({
    ...{ name: "app", version: "1.0.0", main: "index.js" },
    dependencies: { core: "^1.0.0", alias: "npm:core@1.0.0" },
    devDependencies: { core: "~1.0.0" },
    overrides: { core: "^1.0.0" },
    resolutions: { core: "^1.0.0" },
  }),
  "packages/app/index.js": "module.exports = [require('core'), require('alias')];\n",
  "packages/app/package-lock.json": LOCK,
};
const CORE = npmRelease({
  package: { name: "core", registryName: "core", path: "packages/core" },
  version: "2.0.0",
});
const APP = npmRelease({
  package: { name: "app", registryName: "app", path: "packages/app", dependsOn: ["core"] },
  version: "1.0.1",
});

test("npm installs packages that asked for a sibling's version of before", WITH_NPM, async () => {
  await using world = await npmWorld(TREE);
  for (const prepared of await world.npm.prepare([CORE, APP], world.defer)) {
    const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
    await uploadAll(world.npm, prepared, { credential });
    assert.deepEqual(
      prepared.warnings,
      prepared.release === CORE ? [] : [
        "app 1.0.1 asks for its siblings at the versions that go with it: " +
        'dependencies "core" "^1.0.0" → "^2.0.0", dependencies "alias" "npm:core@1.0.0" → "npm:core@2.0.0", ' +
        'devDependencies "core" "~1.0.0" → "~2.0.0"',
      ],
    );
  }
  await using home = await tempFolder({ "package.json": '{"private": true}' });
  const at = { cwd: home.path, home: home.path, registry: world.server.url };
  await realNpm(["install", "app"], at);
  const installed = async (name: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(join(home.path, "node_modules", name, "package.json"), "utf8"));
  assert.equal((await installed("core"))["version"], "2.0.0");
  assert.equal((await installed("alias"))["version"], "2.0.0");
  const app = await installed("app");
  assert.deepEqual([app["overrides"], app["resolutions"]], [{ core: "^1.0.0" }, {
    core: "^1.0.0",
  }]);
  await assert.rejects(readFile(join(home.path, "node_modules/app/package-lock.json")));
  // The checkout is as it was.
  for (const [path, text] of Object.entries(TREE)) {
    assert.equal(await readFile(join(world.root, path), "utf8"), text, path);
  }
});

test("a package that goes out in a second run is the one that the first would have sent", async () => {
  await using world = await npmWorld(TREE);
  const [, together] = await world.npm.prepare([CORE, APP], world.defer);
  const [alone] = await world.npm.prepare([APP], world.defer, { standing: [CORE] });
  assert.deepEqual(alone!.files, together!.files);
});

test("a tarball that asks for a version of before is refused, since it is sent as it is", async () => {
  const packed = (fields: object): Promise<Uint8Array> =>
    npmTarball({ "package.json": manifestText({ name: "app", version: "1.0.1", ...fields }) });
  await using world = await npmWorld({
    ...TREE,
    "old/app.tgz": await packed({ dependencies: { core: "^1.0.0" } }),
    "peer/app.tgz": await packed({ peerDependencies: { core: "^1.0.0" } }),
    "new/app.tgz": await packed({
      dependencies: { core: "^2.0.0" },
      devDependencies: { core: "1.0.0" },
    }),
  });
  const deliver = (folder: string): Promise<readonly unknown[]> => {
    const artifacts = [{ target: "noarch", name: "app-pkg", folder: join(world.root, folder) }];
    return world.npm.prepare([CORE, { ...APP, artifacts }], world.defer);
  };
  await assert.rejects(deliver("old"), (error: Failure) => {
    assert.equal(error.code, "PIOT_ARTIFACT_INVALID");
    assert.match(error.message, /dependencies "core" does not admit the version/);
    assert.match(error.hint!, /^Write "\^2\.0\.0" before it is packed/);
    return true;
  });
  await assert.rejects(deliver("peer"), (error: Failure) => {
    assert.equal(error.code, "PIOT_NPM_WORKSPACE");
    return true;
  });
  assert.equal((await deliver("new")).length, 2);
});

test("what asks for a platform package follows its family, by its name and by another", async () => {
  const platform = "demo-linux-x64-gnu";
  await using world = await npmWorld({
    "packages/demo/package.json": manifestText({
      ...{ name: "demo", version: "1.0.0" },
      optionalDependencies: { "demo-linux": `npm:${platform}@1.0.0`, [platform]: "^1.0.0" },
    }),
    "packages/app/package.json": manifestText({
      ...{ name: "app", version: "1.0.0" },
      optionalDependencies: { [platform]: "^1.0.0" },
    }),
    "packages/app/index.js": "",
    "artifacts/demo-linux-x64-gnu/demo": makeBinary("linux-x64-gnu", "program"),
  });
  const family = npmRelease({
    package: { build: "bundled-cli", targets: [{ triple: "linux-x64-gnu", runner: "any" }] },
    version: "2.0.0",
    artifacts: [
      {
        ...{ target: "linux-x64-gnu", name: "demo-linux-x64-gnu" },
        folder: join(world.root, "artifacts/demo-linux-x64-gnu"),
      },
      { target: "main", name: "demo-main", folder: undefined },
    ],
  });
  const [main, app] = await world.npm.prepare([family, APP], world.defer);
  assert.deepEqual((await manifestOf(main!, "demo"))["optionalDependencies"], {
    "demo-linux": `npm:${platform}@2.0.0`,
    [platform]: "2.0.0",
  });
  assert.deepEqual((await manifestOf(app!, "app"))["optionalDependencies"], {
    [platform]: "^2.0.0",
  });
  assert.deepEqual([main, app].map((one) => one!.warnings.filter((text) => /→/.test(text))), [
    [
      `demo 2.0.0 asks for its siblings at the versions that go with it: optionalDependencies "demo-linux" "npm:${platform}@1.0.0" → "npm:${platform}@2.0.0"`,
    ],
    [
      `app 1.0.1 asks for its siblings at the versions that go with it: optionalDependencies "${platform}" "^1.0.0" → "^2.0.0"`,
    ],
  ]);
});
