/** What is odd about a package and stops nothing, or has a way out of its own. */

import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Failure } from "../../../src/error.ts";
import { manifestText, npmRelease, npmWorld, type World } from "./world.ts";

const demo = (
  fields: Record<string, unknown>,
  files: Record<string, string> = {},
): Record<string, string> => ({
  "packages/demo/package.json": manifestText(fields),
  "packages/demo/index.js": "",
  ...files,
});

test("a README or a licence that `files` names and that is missing is told, as npm takes it", async () => {
  await using world = await npmWorld(demo({ files: ["index.js", "README.md", "LICENSE"] }));
  const { warnings } = await world.prepare(npmRelease());
  assert.deepEqual(warnings, [
    '"demo": files names "README.md", which is not there',
    '"demo": files names "LICENSE", which is not there',
  ]);
});

test("a README that is a symbolic link is told, since npm packs none", async () => {
  await using world = await npmWorld(demo({}, { "README.md": "# All of it\n", "other.md": "" }));
  await symlink("../../README.md", join(world.root, "packages/demo/README.md"));
  await symlink("../../other.md", join(world.root, "packages/demo/other.md"));
  const { warnings } = await world.prepare(npmRelease());
  assert.deepEqual(warnings, [
    '"demo": README.md is a symbolic link, and npm packs none: the package goes out without it; put a copy in its place',
  ]);
});

test("a licence for each of two terms that is a symbolic link is told, where it would be packed", async () => {
  const told = async (fields: Record<string, unknown>): Promise<readonly string[]> => {
    await using world = await npmWorld(demo(fields, { "LICENSE-MIT": "", "README.md": "" }));
    for (const name of ["LICENSE-MIT", "README.md"]) {
      await symlink(`../../${name}`, join(world.root, "packages/demo", name));
    }
    const { warnings } = await world.prepare(npmRelease());
    return warnings.map((text) => /"demo": (\S+) is a symbolic link/.exec(text)?.[1] ?? text);
  };
  assert.deepEqual(await told({}), ["LICENSE-MIT", "README.md"]);
  assert.deepEqual(await told({ files: ["index.js", "LICENSE*"] }), ["LICENSE-MIT", "README.md"]);
  assert.deepEqual(await told({ files: ["index.js"] }), ["README.md"]);
  // One sentence of one file, which is there: as a link.
  assert.deepEqual(await told({ files: ["index.js", "README.md"] }), ["README.md"]);
});

const DIRECTORY = { publishConfig: { directory: "dist" } };

test("publishConfig.directory in the checkout is refused, with the folder to deliver", async () => {
  await using world = await npmWorld(
    demo(DIRECTORY, { "packages/demo/dist/package.json": manifestText() }),
  );
  await assert.rejects(world.prepare(npmRelease()), (error: Failure) => {
    assert.equal(error.code, "PIOT_NPM_MANIFEST");
    assert.match(
      error.message,
      /publishConfig\.directory in its package\.json is "dist", which pnpm publishes/,
    );
    assert.match(error.hint!, /upload the folder "dist" as the artifact "demo-pkg"/);
    return true;
  });
});

test("publishConfig.directory in the folder that it names is no trouble", async () => {
  await using world = await npmWorld({
    "artifacts/demo-pkg/package.json": manifestText(DIRECTORY),
    "artifacts/demo-pkg/index.js": "",
  });
  const folder = join(world.root, "artifacts/demo-pkg");
  const artifacts = [{ target: "noarch", name: "demo-pkg", folder }];
  assert.deepEqual((await world.prepare(npmRelease({ artifacts }))).warnings, []);
});

async function notesOf(world: World, version: string): Promise<readonly string[]> {
  const look = await world.npm.look(await world.prepare(npmRelease({ version })));
  return look.notes ?? [];
}

test("a stable version that passes the dist-tag of a pre-release says so, once", async () => {
  await using world = await npmWorld(demo({}));
  for (const version of ["1.0.0", "2.0.0-rc.1"]) await world.publish(npmRelease({ version }));
  assert.deepEqual(await notesOf(world, "2.0.0"), [
    'the dist-tag "rc" stays at 2.0.0-rc.1, below 2.0.0: npm dist-tag add demo@2.0.0 rc lets it follow, npm dist-tag rm demo rc ends it',
  ]);
  assert.deepEqual(await notesOf(world, "1.0.1"), []);
  await world.publish(npmRelease({ version: "2.0.0" }));
  assert.deepEqual(await notesOf(world, "2.0.0"), []);
});
