import { test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { ARCHIVE_LIMITS } from "../../../src/artifact/archive/archive_guard.ts";
import { readTarGz } from "../../../src/artifact/archive/tarball.ts";
import { realNpm, WITH_NPM } from "../../support/real_npm.ts";
import { tempFolder, writeTree } from "../../support/temp.ts";
import { manifestText, npmPackage, npmRelease, npmWorld, TOKEN } from "./world.ts";

const run = promisify(execFile);

const TREE = {
  "README.md": "# Tool\n",
  "LICENSE": "MIT\n",
  "CHANGELOG.md": "nothing\n",
  "lib/index.js": "exports.answer = 42;\n",
  "lib/deep/a.js": "1\n",
  "lib/deep/a.test.js": "2\n",
  "lib/deep/.npmignore": "*.test.js\n",
  "lib/.hidden": "shown\n",
  "lib/notes.orig": "left out\n",
  "lib/.DS_Store": "left out\n",
  "bin/tool.mjs":
    '#!/usr/bin/env node\nimport lib from "../lib/index.js";\nconsole.log(lib.answer);\n',
  "extra/only-by-glob.txt": "x\n",
  "extra/not-listed.md": "x\n",
  "forced.js": "exports.forced = true;\n",
  "node_modules/dep/index.js": "never\n",
  "package-lock.json": "{}\n",
  ".npmrc": "secret\n",
  ".git/config": "never\n",
  "src/index.ts": "never\n",
};

const LISTINGS: readonly { name: string; manifest: Record<string, unknown>; files?: object }[] = [
  {
    name: "with `files`, nested ignores and a bin",
    manifest: {
      main: "./lib/index.js",
      bin: { tool: "./bin/tool.mjs" },
      files: ["lib", "extra/*.txt", "!lib/.hidden"],
    },
  },
  {
    name: "with a main that `files` does not list",
    manifest: { main: "forced.js", bin: "./bin/tool.mjs", files: ["lib/index.js", "./extra/"] },
  },
  {
    name: "without `files`, by .npmignore",
    manifest: { main: "lib" },
    files: { ".npmignore": "extra\nsrc/\n*.md\n", ".gitignore": "lib\n" },
  },
  {
    name: "without `files`, by .gitignore",
    manifest: { main: "lib/index.js" },
    files: { ".gitignore": "extra\nforced.js\n", "lib/.gitignore": "deep\n" },
  },
];

for (const { name, manifest, files } of LISTINGS) {
  test(`the tarball holds what npm pack would hold, ${name}`, WITH_NPM, async () => {
    const tree = { ...TREE, ...files, "package.json": manifestText({ ...manifest }) };
    await using world = await npmWorld(below("packages/demo", tree));
    await using home = await tempFolder();
    await using out = await tempFolder();
    const prepared = await world.prepare(npmRelease({ version: "0.0.0" }));
    await realNpm(["pack", "--pack-destination", out.path], {
      cwd: join(world.root, "packages/demo"),
      home: home.path,
      registry: world.server.url,
    });
    assert.deepEqual(
      await listing(prepared.units[0]!.tarball),
      await listing(join(out.path, "demo-0.0.0.tgz")),
    );
  });
}

test(
  "the tarball of an npm workspace leaves out what the folders above it ignore",
  WITH_NPM,
  async () => {
    const files = {
      "package.json": JSON.stringify({ name: "root", private: true, workspaces: ["packages/*"] }),
      ".gitignore": "*.log\n.env\n",
      "packages/.npmignore": "notes\n",
      "packages/demo/package.json": manifestText(),
      "packages/demo/index.js": "",
      "packages/demo/build.log": "",
      "packages/demo/.env": "SECRET=1",
      "packages/demo/notes/a.md": "",
    };
    await using world = await npmWorld(files);
    await using home = await tempFolder();
    await using out = await tempFolder();
    const prepared = await world.prepare(npmRelease({ version: "0.0.0" }));
    await realNpm(["pack", "--pack-destination", out.path], {
      cwd: join(world.root, "packages/demo"),
      home: home.path,
      registry: world.server.url,
    });
    const ours = await listing(prepared.units[0]!.tarball);
    assert.deepEqual(ours, await listing(join(out.path, "demo-0.0.0.tgz")));
    assert.ok(!ours.includes("package/.env"));
  },
);

test(
  "commands of directories.bin are published as npm publishes them, and run",
  WITH_NPM,
  async () => {
    const files = {
      "package.json": manifestText({ directories: { bin: "./scripts" }, version: "1.0.0" }),
      "scripts/hello": "#!/usr/bin/env node\nconsole.log('hello');\n",
    };
    await using ours = await npmWorld(below("packages/demo", files));
    await using theirs = await npmWorld(below("packages/demo", files));
    await ours.publish(npmRelease());
    await using home = await tempFolder();
    await realNpm(["publish"], {
      cwd: join(theirs.root, "packages/demo"),
      home: home.path,
      registry: theirs.server.url,
      token: TOKEN,
    });
    const bin = (world: typeof ours): unknown =>
      world.server.state.packages.get("demo")!.versions.get("1.0.0")!.manifest["bin"];
    assert.deepEqual(bin(ours), bin(theirs));
    const output = await realNpm(["exec", "--yes", "--package", "demo", "hello"], {
      cwd: home.path,
      home: home.path,
      registry: ours.server.url,
    });
    assert.equal(output, "hello\n");
  },
);

test("npm install installs what was published, and its command runs", WITH_NPM, async () => {
  const manifest = manifestText({
    name: "@acme/tool",
    bin: { tool: "./bin/tool.mjs" },
    main: "./lib/index.js",
    files: ["lib"],
  });
  await using world = await npmWorld(below("packages/demo", { ...TREE, "package.json": manifest }));
  await world.publish(npmRelease({ package: { registryName: "@acme/tool" }, version: "2.0.0" }));
  await using home = await tempFolder();
  await using user = await tempFolder({ "package.json": "{}" });
  await realNpm(["install", "@acme/tool"], {
    cwd: user.path,
    home: home.path,
    registry: world.server.url,
  });
  const installed = join(user.path, "node_modules/@acme/tool/package.json");
  assert.equal(JSON.parse(await readFile(installed, "utf8")).version, "2.0.0");
  const { stdout } = await run(join(user.path, "node_modules/.bin/tool"), [], {
    env: { PATH: process.env.PATH ?? "" },
  });
  assert.equal(stdout, "42\n");
});

/** Fields that npm derives from files beside package.json, and those that keep it from it. */
const DERIVED: readonly {
  readonly name: string;
  readonly fields: object;
  readonly files: object;
}[] = [
  {
    name: "with declarations, authors, a server and manual pages",
    fields: { main: "./lib/index.js", directories: { man: "./man/" } },
    files: {
      "lib/index.js": "",
      "lib/index.d.ts": "export {};\n",
      "AUTHORS": "# people\nAda <ada@example.com> (https://example.com)\r\n\n  # nobody\nGrace\n",
      "server.js": "",
      "man/tool.1": "",
      "man/notes.txt": "",
    },
  },
  {
    name: "that says all of it itself",
    fields: {
      main: "lib",
      typings: "x.d.ts",
      contributors: ["Grace"],
      scripts: { start: "node x", test: "y" },
      man: "./man/../man/tool.1",
    },
    files: {
      "lib.js": "",
      "lib.d.ts": "",
      "AUTHORS": "Ada\n",
      "server.js": "",
      "man/tool.1": "",
      "x.d.ts": "",
    },
  },
  {
    name: "with declarations of index.js, and scripts beside a server",
    fields: { scripts: { test: "y" } },
    files: { "index.js": "", "index.d.ts": "", "server.js": "", "man/tool.1": "" },
  },
];
for (const { name, fields, files } of DERIVED) {
  test(`the manifest of a package ${name} is what npm publish would send`, WITH_NPM, async () => {
    const manifest = manifestText({ name: "@acme/tool", version: "3.1.0", ...fields });
    const tree = below("packages/demo", { "package.json": manifest, ...files });
    await using ours = await npmWorld(tree);
    await using theirs = await npmWorld(tree);
    await ours.publish(npmRelease({ package: { registryName: "@acme/tool" }, version: "3.1.0" }));
    await using home = await tempFolder();
    await realNpm(["publish", "--access", "public", "--ignore-scripts"], {
      cwd: join(theirs.root, "packages/demo"),
      home: home.path,
      registry: theirs.server.url,
      token: TOKEN,
    });
    assert.deepEqual(stored(ours), stored(theirs));
  });
}

test("the manifest of a ready tarball is what npm publish would send", WITH_NPM, async () => {
  const [{ fields, files }] = DERIVED as [typeof DERIVED[0]];
  const manifest = manifestText({ name: "@acme/tool", version: "3.1.0", ...fields });
  await using home = await tempFolder();
  await using tree = await tempFolder({ "package.json": manifest, ...files });
  await using ours = await npmWorld({});
  await using theirs = await npmWorld({});
  const at = { cwd: tree.path, home: home.path, registry: theirs.server.url, token: TOKEN };
  const folder = join(ours.root, "artifacts/demo-pkg");
  await writeTree(folder, { ".keep": "" });
  await realNpm(["pack", "--ignore-scripts", "--pack-destination", folder], at);
  await ours.publish(npmRelease({
    package: { registryName: "@acme/tool" },
    version: "3.1.0",
    artifacts: [{ target: "noarch", name: "demo-pkg", folder }],
  }));
  const tarball = join(folder, "acme-tool-3.1.0.tgz");
  await realNpm(["publish", "--access", "public", "--ignore-scripts", tarball], at);
  assert.deepEqual(stored(ours), stored(theirs));
});

test("the registry stores the manifest that npm publish would send", WITH_NPM, async () => {
  const manifest = manifestText({
    name: "@acme/tool",
    version: "3.1.0",
    description: "A tool",
    keywords: ["one", "two"],
    license: "MIT",
    author: "Ada <ada@example.com> (https://example.com)",
    contributors: [{ name: "Grace", email: "grace@example.com" }],
    repository: "github:acme/tool",
    bin: "./bin/tool.mjs",
    main: "./lib/index.js",
    exports: { ".": "./lib/index.js" },
    scripts: { test: "node --test" },
    dependencies: { semver: "^7.0.0", thing: "acme/thing" },
    optionalDependencies: { fsevents: "^2.0.0" },
    peerDependencies: { react: ">=18" },
    engines: { node: ">=20" },
    files: ["lib"],
  });
  const tree = { ...TREE, "package.json": manifest };
  await using ours = await npmWorld(below("packages/demo", tree));
  await using theirs = await npmWorld(below("packages/demo", tree));
  await ours.publish(npmRelease({ package: { registryName: "@acme/tool" }, version: "3.1.0" }));
  await using home = await tempFolder();
  await realNpm(["publish", "--access", "public"], {
    cwd: join(theirs.root, "packages/demo"),
    home: home.path,
    registry: theirs.server.url,
    token: TOKEN,
  });
  assert.deepEqual(stored(ours), stored(theirs));
});

/** What is stored of @acme/tool 3.1.0, without what names the client, the commit, the server or the bytes. */
function stored(world: Awaited<ReturnType<typeof npmWorld>>): object {
  const item = world.server.state.packages.get("@acme/tool")!;
  const { manifest } = item.versions.get("3.1.0")!;
  const { dist, gitHead: _commit, _npmVersion, _nodeVersion, ...named } = manifest;
  // Of a tarball npm tells where it lay on the publisher's machine, which is nobody's business.
  const { _from, _resolved, _integrity, ...rest } = named;
  assert.deepEqual(Object.keys(dist as object).sort(), [
    "integrity",
    "shasum",
    "signatures",
    "tarball",
  ]);
  return { tags: [...item.distTags], access: item.access, manifest: rest };
}

test(
  "npm publish is refused by the local registry what the real one refuses",
  WITH_NPM,
  async () => {
    await using world = await npmWorld({});
    await using home = await tempFolder();
    await using folder = await tempFolder({ "package.json": manifestText({ version: "1.0.0" }) });
    const at = { cwd: folder.path, home: home.path, registry: world.server.url };
    await assert.rejects(realNpm(["publish"], { ...at, token: "npm_unknown" }), /E404/);
    await realNpm(["publish"], { ...at, token: TOKEN });
    await assert.rejects(realNpm(["publish"], { ...at, token: TOKEN }), /previously published/);
    await writeTree(folder.path, { "package.json": manifestText({ name: "de-mo" }) });
    await assert.rejects(realNpm(["publish"], { ...at, token: TOKEN }), /too similar/);
    await writeTree(folder.path, { "package.json": manifestText({ name: "@acme/demo" }) });
    await assert.rejects(realNpm(["publish"], { ...at, token: TOKEN }), /private packages/);
  },
);

test("npm sees, moves and removes dist-tags on the local registry", WITH_NPM, async () => {
  const files = { "package.json": manifestText(), "index.js": "" };
  await using world = await npmWorld(below("packages/demo", files));
  await world.publish(npmRelease({ version: "1.0.0" }));
  await world.publish(npmRelease({ version: "1.1.0" }));
  await using home = await tempFolder();
  const at = { cwd: home.path, home: home.path, registry: world.server.url, token: TOKEN };
  await realNpm(["dist-tag", "add", "demo@1.0.0", "stable"], at);
  assert.equal(await realNpm(["dist-tag", "ls", "demo"], at), "latest: 1.1.0\nstable: 1.0.0\n");
  await realNpm(["dist-tag", "rm", "demo", "stable"], at);
  assert.equal(
    await realNpm(["view", "demo", "dist-tags", "--json"], at),
    '{\n  "latest": "1.1.0"\n}\n',
  );
  assert.equal((await realNpm(["whoami"], at)).trim(), "ada");
  await realNpm(["ping"], at);
  assert.equal(npmPackage().registryName, "demo");
});

function below(folder: string, tree: object): Record<string, string> {
  const entries = Object.entries(tree as Record<string, string>);
  return Object.fromEntries(entries.map(([path, text]) => [`${folder}/${path}`, text]));
}

/** Paths of an archive's files, sorted. */
async function listing(path: string): Promise<string[]> {
  const paths: string[] = [];
  await readTarGz(path, ARCHIVE_LIMITS, (entry) => void paths.push(entry.path));
  return paths.sort();
}
