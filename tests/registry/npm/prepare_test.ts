import { gzipSync } from "node:zlib";
import { packTar, type TarEntry } from "modern-tar";
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { ARCHIVE_LIMITS } from "../../../src/artifact/archive/archive_guard.ts";
import { readTarGz } from "../../../src/artifact/archive/tarball.ts";
import type { NpmPackage } from "../../../src/core/model/package.ts";
import { Failure } from "../../../src/error.ts";
import type { FailureCode } from "../../../src/failure_codes.ts";
import type { NpmPrepared } from "../../../src/registry/npm/publish_unit.ts";
import type { Release } from "../../../src/registry/registry.ts";
import { manifestText, npmRelease, npmWorld } from "./world.ts";
import { npmTarball } from "../../support/npm_tarball.ts";

const INDEX = { "packages/demo/index.js": "exports.a = 1;\n" };

/** A release whose artifact was delivered to `artifacts/demo-pkg`. */
function delivered(
  root: string,
  changes: Parameters<typeof npmRelease>[0] = {},
): Release<NpmPackage> {
  return npmRelease({
    ...changes,
    artifacts: [{
      target: "noarch",
      name: "demo-pkg",
      folder: join(root, "artifacts/demo-pkg"),
    }],
  });
}

async function contents(prepared: NpmPrepared): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  await readTarGz(prepared.units[0]!.tarball, ARCHIVE_LIMITS, async (entry) => {
    texts[`${entry.path} ${entry.mode.toString(8)}`] = await entry.text();
  });
  return texts;
}

async function problemsOf(prepared: Promise<unknown>): Promise<string[]> {
  try {
    await prepared;
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return error.problems.map(({ code, message }) => `${code} ${message}`);
  }
  assert.fail("nothing was refused");
}

function only(problems: readonly string[]): string {
  assert.equal(problems.length, 1, problems.join("\n"));
  return problems[0]!;
}

test("prepare packs the checkout of a package that needs no build, at the planned version", async () => {
  const text = '{ "name":"demo",\n\t"version": "0.0.0", "main": "index.js" }';
  await using world = await npmWorld({ ...INDEX, "packages/demo/package.json": text });
  const prepared = await world.prepare(npmRelease({ version: "1.2.3" }));
  assert.deepEqual(await contents(prepared), {
    "package/index.js 644": "exports.a = 1;\n",
    "package/package.json 644": '{ "name":"demo",\n\t"version": "1.2.3", "main": "index.js" }',
  });
  assert.equal(await readFile(join(world.root, "packages/demo/package.json"), "utf8"), text);
  assert.deepEqual(prepared.files.map(({ name }) => name), ["demo@1.2.3"]);
});

test("prepare packs the artifact rather than the checkout", async () => {
  await using world = await npmWorld({
    "packages/demo/package.json": manifestText({ main: "dist/a.js" }),
    "artifacts/demo-pkg/package.json": manifestText({ main: "dist/a.js", files: ["dist"] }),
    "artifacts/demo-pkg/dist/a.js": "built\n",
  });
  const packed = await contents(await world.prepare(delivered(world.root)));
  assert.equal(packed["package/dist/a.js 644"], "built\n");
});

test("prepare makes the commands of bin executable, since artifact uploads drop that bit", async () => {
  await using world = await npmWorld({
    "packages/demo/package.json": manifestText({ bin: { demo: "./bin/demo.js" } }),
    "packages/demo/bin/demo.js": "#!/usr/bin/env node\n",
    "packages/demo/bin/other.js": "\n",
  });
  const packed = Object.keys(await contents(await world.prepare(npmRelease())));
  assert.deepEqual(packed, [
    "package/bin/demo.js 755",
    "package/bin/other.js 644",
    "package/package.json 644",
  ]);
});

test("prepare makes the same bytes twice, and other bytes for another version", async () => {
  await using world = await npmWorld({ ...INDEX, "packages/demo/package.json": manifestText() });
  const first = await world.prepare(npmRelease());
  const second = await world.prepare(npmRelease());
  const other = await world.prepare(npmRelease({ version: "1.0.1" }));
  assert.deepEqual(first.files, second.files);
  assert.notEqual(first.files[0]!.digest, other.files[0]!.digest);
});

test("prepare runs no lifecycle script", async () => {
  const scripts = Object.fromEntries(
    ["prepare", "prepack", "postpack", "prepublish", "prepublishOnly", "publish"].map((name) => [
      name,
      "node -e \"require('fs').writeFileSync('ran','')\"",
    ]),
  );
  await using world = await npmWorld({
    ...INDEX,
    "packages/demo/package.json": manifestText({ scripts }),
  });
  const packed = await contents(await world.prepare(npmRelease()));
  assert.deepEqual(Object.keys(packed), ["package/index.js 644", "package/package.json 644"]);
  await assert.rejects(readFile(join(world.root, "packages/demo/ran")), { code: "ENOENT" });
});

test("prepare writes sibling ranges: planned versions first, then released ones", async () => {
  const dependencies = { planned: "workspace:^", released: "workspace:*", other: "^1.0.0" };
  await using world = await npmWorld({
    "packages/demo/package.json": manifestText({ dependencies }),
    "packages/planned/package.json": manifestText({ name: "planned" }),
  });
  const sibling = npmRelease({
    package: { name: "planned", registryName: "planned", path: "packages/planned" },
    version: "1.1.0",
  });
  const standing = [["released", "3.0.0"], ["planned", "1.0.0"]].map((
    [name = "", version = ""],
  ) => ({
    package: npmRelease({ package: { name, registryName: name } }).package,
    version,
  }));
  const [prepared] = await world.npm.prepare([npmRelease(), sibling], world.defer, { standing });
  const packed = await contents(prepared!);
  assert.deepEqual(JSON.parse(packed["package/package.json 644"]!).dependencies, {
    planned: "^1.1.0",
    released: "3.0.0",
    other: "^1.0.0",
  });
  assert.deepEqual(prepared!.units[0]!.manifest["dependencies"], {
    planned: "^1.1.0",
    released: "3.0.0",
    other: "^1.0.0",
  });
});

test("prepare takes a ready tarball as it is, found by its name or by being alone", async () => {
  const ready = await npmTarball({
    "package.json": manifestText({ version: "1.0.0" }),
    "readme.md": "Hi\n",
  });
  for (const place of ["demo-1.0.0.tgz", "out/any.tgz"]) {
    const decoy: Record<string, string> = place === "demo-1.0.0.tgz"
      ? { "artifacts/demo-pkg/package.json": "{}", "artifacts/demo-pkg/fixture.tgz": "x" }
      : {};
    await using world = await npmWorld({ ...decoy, [`artifacts/demo-pkg/${place}`]: ready });
    const prepared = await world.prepare(delivered(world.root));
    assert.equal(prepared.units[0]!.tarball, join(world.root, "artifacts/demo-pkg", place));
    assert.equal(prepared.units[0]!.size, ready.length);
    assert.equal(prepared.units[0]!.manifest["readme"], "Hi\n");
  }
});

test("prepare cleans up what it packed when the run ends", async () => {
  let path = "";
  {
    await using world = await npmWorld({ ...INDEX, "packages/demo/package.json": manifestText() });
    path = (await world.prepare(npmRelease())).units[0]!.tarball;
    await readFile(path);
  }
  await assert.rejects(readFile(path), { code: "ENOENT" });
});

interface Refusal {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly words: RegExp;
}

const CHECKOUT_REFUSALS: readonly Refusal[] = [
  {
    name: "nothing at all",
    files: {},
    words:
      /PIOT_ARTIFACT_MISSING .*neither the artifact "demo-pkg" nor packages\/demo\/package\.json/,
  },
  {
    name: "a file that is not built",
    files: { "packages/demo/package.json": manifestText({ main: "dist/a.js" }) },
    words: /PIOT_ARTIFACT_MISSING .*main is "dist\/a\.js", which is not in the checkout/,
  },
  {
    name: "a file that is built and left out",
    files: {
      "packages/demo/package.json": manifestText({ types: "types/a.d.ts", files: ["dist"] }),
      "packages/demo/types/a.d.ts": "",
      "packages/demo/dist/a.js": "",
    },
    words: /PIOT_NPM_MANIFEST .*types is "types\/a\.d\.ts", which npm would leave out/,
  },
  {
    name: "files that are no list",
    files: { "packages/demo/package.json": manifestText({ files: "dist" }), ...INDEX },
    words: /PIOT_NPM_MANIFEST .*`files` in its package\.json is "dist", and no list of paths/,
  },
  {
    name: "files that are not all paths",
    files: { "packages/demo/package.json": manifestText({ files: ["index.js", 1] }), ...INDEX },
    words: /PIOT_NPM_MANIFEST .*`files` in its package\.json is \["index\.js",1\]/,
  },
  {
    name: "bundled dependencies",
    files: { "packages/demo/package.json": manifestText({ bundleDependencies: ["x"] }) },
    words: /PIOT_NPM_MANIFEST .*bundles dependencies/,
  },
  {
    name: "all dependencies bundled, in the other spelling",
    files: { "packages/demo/package.json": manifestText({ bundledDependencies: true }) },
    words: /PIOT_NPM_MANIFEST .*bundles dependencies/,
  },
  {
    name: "a broken package.json",
    files: { "packages/demo/package.json": '{ "name": "demo", }' },
    words: /PIOT_NPM_MANIFEST Cannot read packages\/demo\/package\.json/,
  },
];

for (const bundleDependencies of [false, []]) {
  test(`prepare packs a checkout that bundles nothing, as ${JSON.stringify(bundleDependencies)} says`, async () => {
    await using world = await npmWorld({
      ...{ "packages/demo/package.json": manifestText({ bundleDependencies }), ...INDEX },
    });
    assert.equal((await world.prepare(npmRelease())).units.length, 1);
  });
}

for (const { name, files, words } of CHECKOUT_REFUSALS) {
  test(`prepare refuses a checkout with ${name}`, async () => {
    await using world = await npmWorld(files);
    assert.match(only(await problemsOf(world.prepare(npmRelease()))), words);
  });
}

test(
  "prepare refuses promises that links keep, since npm packs none",
  { skip: process.platform === "win32" ? "links need rights on Windows" : false },
  async () => {
    const fields = { main: "a.js", bin: "lib/cli.js", files: ["gone.txt", "never.txt"] };
    await using world = await npmWorld({
      "packages/demo/package.json": manifestText(fields),
      "packages/demo/src/cli.js": "",
      "packages/demo/b.js": "",
    });
    const links = { "a.js": "b.js", lib: "src", "gone.txt": "nowhere" };
    for (const [path, target] of Object.entries(links)) {
      await symlink(target, join(world.root, "packages/demo", path));
    }
    const start = 'PIOT_NPM_MANIFEST Cannot publish "demo": ';
    assert.deepEqual(await problemsOf(world.prepare(npmRelease())), [
      `${start}main is "a.js", a symbolic link, and npm packs none`,
      `${start}bin.demo is "lib/cli.js", a symbolic link, and npm packs none`,
      `${start}files is "gone.txt", a symbolic link, and npm packs none`,
      'PIOT_ARTIFACT_MISSING Cannot publish "demo": files is "never.txt", which is not in the checkout, and there is no artifact "demo-pkg"',
    ]);
  },
);

const ARTIFACT_REFUSALS: readonly Refusal[] = [
  {
    name: "neither a package.json nor a tarball",
    files: { "artifacts/demo-pkg/dist/a.js": "" },
    words: /PIOT_ARTIFACT_INVALID .*neither a package\.json nor a \.tgz/,
  },
  {
    name: "two tarballs",
    files: { "artifacts/demo-pkg/a.tgz": "", "artifacts/demo-pkg/b.tgz": "" },
    words: /PIOT_ARTIFACT_INVALID .*2 tarballs: a\.tgz, b\.tgz/,
  },
  {
    name: "a file missing",
    files: { "artifacts/demo-pkg/package.json": manifestText({ bin: "cli.js" }) },
    words:
      /PIOT_ARTIFACT_MISSING .*bin\.demo is "cli\.js", which is not in the artifact "demo-pkg"/,
  },
  {
    name: "its ignore file lost on the way",
    files: {
      "packages/demo/.npmignore": "secrets\n",
      "artifacts/demo-pkg/package.json": manifestText(),
      "artifacts/demo-pkg/secrets/key": "",
    },
    words: /PIOT_ARTIFACT_INVALID .*lacks the package's \.npmignore/,
  },
];

for (const { name, files, words } of ARTIFACT_REFUSALS) {
  test(`prepare refuses an artifact with ${name}`, async () => {
    await using world = await npmWorld(files);
    assert.match(only(await problemsOf(world.prepare(delivered(world.root)))), words);
  });
}

const TARBALL_REFUSALS: readonly {
  name: string;
  files: Record<string, string>;
  code: FailureCode;
  words: RegExp;
  hint: RegExp;
}[] = [
  {
    name: "no package.json",
    files: { "a.js": "" },
    code: "PIOT_ARTIFACT_INVALID",
    words: /there is no package\/package\.json in the tarball$/,
    hint: /^Pack it with `npm pack`/,
  },
  {
    name: "another version",
    files: { "package.json": manifestText({ version: "0.9.0" }) },
    code: "PIOT_ARTIFACT_INVALID",
    words: /of version "0\.9\.0", and 1\.0\.0 is planned$/,
    hint: /^Write the planned version into its package\.json before it is packed/,
  },
  {
    name: "another name",
    files: { "package.json": manifestText({ name: "other", version: "1.0.0" }) },
    code: "PIOT_NPM_MANIFEST",
    words: /its package\.json is named "other"$/,
    hint: /^Name it "demo" there/,
  },
  {
    name: "a promise that it does not keep",
    files: { "package.json": manifestText({ version: "1.0.0", main: "a.js" }) },
    code: "PIOT_ARTIFACT_INVALID",
    words: /main is "a\.js", which is not in the tarball$/,
    hint: /^Pack it after the build step that makes the file/,
  },
  {
    name: "a range that only its workspace resolves",
    files: {
      "package.json": manifestText({ version: "1.0.0", dependencies: { x: "workspace:*" } }),
    },
    code: "PIOT_ARTIFACT_INVALID",
    words: /depends on "x" at "workspace:\*", which nobody can install$/,
    hint: /^Pack it with the package manager that knows such ranges/,
  },
];

for (const { name, files, code, words, hint } of TARBALL_REFUSALS) {
  test(`prepare refuses a tarball with ${name}`, async () => {
    await using world = await npmWorld({
      "artifacts/demo-pkg/demo-1.0.0.tgz": await npmTarball(files),
    });
    await assert.rejects(world.prepare(delivered(world.root)), (error: Failure) => {
      assert.equal(error.problems.length, 1, error.message);
      assert.equal(error.code, code);
      assert.match(error.message, words);
      assert.match(error.hint ?? "", hint);
      return true;
    });
  });
}

const entry = (name: string, changes: object = {}): TarEntry => ({
  header: { name, size: 0, type: "file", ...changes },
});

/** What npm would leave out when it unpacks, or put in other places than its name says. */
const STRANGE_ENTRIES: readonly { name: string; entries: readonly TarEntry[]; words: RegExp }[] = [
  {
    name: "a link to a file beside it",
    entries: [entry("package/a.js"), entry("package/b.js", { type: "symlink", linkname: "a.js" })],
    words: /"demo-1\.0\.0\.tgz": "package\/b\.js" in it is a link, and npm installs none$/,
  },
  {
    name: "a hard link",
    entries: [
      entry("package/a.js"),
      entry("package/b.js", { type: "link", linkname: "package/a.js" }),
    ],
    words: /"package\/b\.js" in it is a link/,
  },
  {
    name: "a second package.json beside its folder",
    entries: [entry("other/package.json")],
    words: /"other\/package\.json" is in it, which is not below "package\/"$/,
  },
  {
    name: "a file at its top",
    entries: [entry("install.js")],
    words: /"install\.js" is in it, which is not below "package\/"$/,
  },
];

for (const { name, entries, words } of STRANGE_ENTRIES) {
  test(`prepare refuses a tarball with ${name}`, async () => {
    const body = manifestText({ version: "1.0.0" });
    const own = { ...entry("package/package.json", { size: body.length }), body };
    const packed = gzipSync(await packTar([own, ...entries]));
    await using world = await npmWorld({ "artifacts/demo-pkg/demo-1.0.0.tgz": packed });
    const problem = only(await problemsOf(world.prepare(delivered(world.root))));
    assert.match(problem, /^PIOT_ARTIFACT_INVALID /);
    assert.match(problem, words);
  });
}

test("prepare refuses a tarball whose package.json is no package.json by its size", async () => {
  const body = `${manifestText({ version: "1.0.0" })}${" ".repeat(5 * 2 ** 20)}`;
  await using world = await npmWorld({
    "artifacts/demo-pkg/demo-1.0.0.tgz": await npmTarball({ "package.json": body }),
  });
  const problem = only(await problemsOf(world.prepare(delivered(world.root))));
  assert.match(problem, /PIOT_ARTIFACT_INVALID .*its package\.json has 52\d{5} bytes/);
});

test("prepare refuses a tarball that is unsafe to unpack", async () => {
  const hostile = await npmTarball({
    "package.json": manifestText({ version: "1.0.0" }),
    "../../x": "",
  });
  await using world = await npmWorld({ "artifacts/demo-pkg/demo-1.0.0.tgz": hostile });
  const problem = only(await problemsOf(world.prepare(delivered(world.root))));
  assert.match(problem, /PIOT_ARTIFACT_INVALID .*outside its folder/);
});

test("prepare reports every problem of every package in one go, each with its package", async () => {
  await using world = await npmWorld({
    "packages/demo/package.json": manifestText({
      private: true,
      main: "a.js",
      dependencies: { b: "workspace:^" },
    }),
    "packages/two/package.json": manifestText({ name: "else" }),
  });
  const two = npmRelease({ package: { name: "two", registryName: "two", path: "packages/two" } });
  const problems = await problemsOf(world.npm.prepare([npmRelease(), two], world.defer));
  assert.deepEqual(problems.map((text) => text.split(" ")[0]), [
    "PIOT_NPM_PRIVATE",
    "PIOT_NPM_WORKSPACE",
    "PIOT_ARTIFACT_MISSING",
    "PIOT_NPM_MANIFEST",
  ]);
  for (const text of problems.slice(0, 3)) assert.match(text, /"demo"/);
  assert.match(problems[3]!, /"two"/);
});

test("prepare warns of a condition whose file is not published", async () => {
  const exports = { ".": { source: "./src/index.ts", default: "./index.js" } };
  await using world = await npmWorld({
    ...INDEX,
    "packages/demo/package.json": manifestText({ exports, files: ["index.js"] }),
  });
  const { warnings } = await world.prepare(npmRelease());
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /exports\["\."\]\.source is "\.\/src\/index\.ts"/);
});

test("prepare warns of commands that Linux and macOS would not start with Node", async () => {
  const bin = { a: "a.js", b: "./b.cjs", c: "c.mjs", d: "d.sh" };
  const files = {
    "package.json": manifestText({ bin, version: "1.0.0" }),
    "a.js": "console.log(1);\n",
    "b.cjs": "#!/usr/bin/env node\r\nconsole.log(1);\r\n",
    "c.mjs": "#!/usr/bin/env node\nconsole.log(1);\n",
    "d.sh": "echo 1\n",
  };
  const warned = [
    /^"demo": "a\.js", the command "a", does not begin with a line such as #!\/usr\/bin\/env node/,
    /^"demo": "b\.cjs", the command "b", has a first line that ends as on Windows/,
  ];
  const below = Object.entries(files).map(([path, text]) => [`packages/demo/${path}`, text]);
  await using folder = await npmWorld(Object.fromEntries(below));
  await using tarball = await npmWorld({
    "artifacts/demo-pkg/demo-1.0.0.tgz": await npmTarball(files),
  });
  for (
    const { warnings } of [
      await folder.prepare(npmRelease()),
      await tarball.prepare(delivered(tarball.root)),
    ]
  ) {
    assert.equal(warnings.length, 2, warnings.join("\n"));
    warned.forEach((words, index) => assert.match(warnings[index]!, words));
  }
});

test("prepare warns of files whose names differ in case only", async () => {
  const files = {
    "package.json": manifestText({ version: "1.0.0" }),
    "Read.js": "",
    "read.js": "",
  };
  await using world = await npmWorld({
    "artifacts/demo-pkg/demo-1.0.0.tgz": await npmTarball(files),
  });
  assert.deepEqual((await world.prepare(delivered(world.root))).warnings, [
    '"demo": "Read.js" and "read.js" are one file on macOS and Windows, where the one that is unpacked last is left',
  ]);
});

test("prepare marks a package with a binding.gyp as one that builds at install", async () => {
  await using world = await npmWorld({
    "packages/demo/package.json": manifestText(),
    "packages/demo/binding.gyp": "{}",
  });
  const { manifest } = (await world.prepare(npmRelease())).units[0]!;
  assert.deepEqual(manifest["scripts"], { install: "node-gyp rebuild" });
  assert.equal(manifest["gypfile"], true);
});
