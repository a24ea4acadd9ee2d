import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { ARCHIVE_LIMITS } from "../../../src/artifact/archive/archive_guard.ts";
import { readTarGz } from "../../../src/artifact/archive/tarball.ts";
import { realNpm, WITH_NPM } from "../../support/real_npm.ts";
import { tempFolder } from "../../support/temp.ts";
import { manifestText, npmRelease, npmWorld, type World } from "./world.ts";

/** A little of everything that npm has an opinion on. */
const TREE: Readonly<Record<string, string>> = {
  ...texts("index.js", "lib/a.js", "lib/a.test.js", "lib/deep/b.js", "dist/x.js", "dist/.dotted"),
  ...texts("README.md", "readme.txt", "README.md~", "LICENSE", "copying", "NOTICE", "CHANGELOG.md"),
  ...texts("package-lock.json", "yarn.lock", "pnpm-lock.yaml", ".npmrc", "deep/.npmrc", ".hidden"),
  ...texts(
    "node_modules/dep/index.js",
    ".git/HEAD",
    "CVS/Root",
    ".x.swp",
    "a.orig",
    "npm-debug.log",
  ),
  ...texts("man/x.1", "größe/ünï code.txt", "[x].js", "{y}.js", "!z.js", "a#b.js", "Upper.js"),
  ...texts("upper.js", `${"long/".repeat(30)}${"n".repeat(140)}.js`, "archived-packages/x.js"),
  "cli.js": "#!/usr/bin/env node\n",
  "deep/package.json": '{"name":"deep","files":["one.js"]}',
  "deep/one.js": "1\n",
  "deep/two.js": "2\n",
  "test/.gitignore": "*.tmp\n",
  "test/a.tmp": "x\n",
  "test/a.js": "x\n",
};

function texts(...paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, `${path}\n`]));
}

interface Packing {
  readonly name: string;
  /** Fields of package.json, or its text. */
  readonly manifest: Record<string, unknown> | string;
  readonly files?: Readonly<Record<string, string>>;
  /** Path → where it leads. */
  readonly links?: Readonly<Record<string, string>>;
}

const PACKINGS: readonly Packing[] = [
  { name: "without rules", manifest: {} },
  {
    name: "with negations behind what they take from",
    manifest: { files: ["lib", "!lib/**/*.test.js", "!lib/deep", "dist/*"] },
  },
  { name: "with a negation in front", manifest: { files: ["!lib/a.js", "lib", "!README.md"] } },
  { name: "with an empty list", manifest: { files: [] } },
  { name: "with a list of everything", manifest: { files: ["."] } },
  {
    name: "with slashes, dots, braces and question marks",
    manifest: { files: ["/lib/", "./dist", "{man,test}/**", "inde?.js"] },
  },
  {
    name: "with names that look like patterns",
    manifest: { files: ["[x].js", "{y}.js", "!z.js", "a#b.js", "größe", "upper.js"] },
  },
  {
    name: "with a list of what npm never packs",
    manifest: { files: ["node_modules/**", "*lock*", ".npm*", "deep", ".git/**", ".hidden"] },
  },
  {
    name: "with ignore files beside a list",
    manifest: { files: ["lib", "lib/deep/*.js"] },
    files: { ".npmignore": "lib/a.js\n", "lib/.npmignore": "a.test.js\ndeep\n" },
  },
  {
    name: "by an .npmignore with Windows line ends and exceptions",
    manifest: { main: "lib/a.js" },
    files: { ".npmignore": "*\r\n!lib\r\n!lib/**\r\nlib/a.js\r\n# no\r\n", ".gitignore": "lib\n" },
  },
  {
    name: "with commands of every form of path",
    manifest: {
      files: ["dist"],
      bin: { a: "./cli.js", b: "/lib/a.js", c: "test/../index.js", d: "../../upper.js" },
    },
  },
  {
    name: "with a list of commands, a manual page and a browser table",
    manifest: {
      files: ["dist", "man", "lib/a.js"],
      bin: ["cli.js"],
      man: "./man/x.1",
      browser: { "./index.js": "./lib/a.js", fs: false },
    },
  },
  {
    name: "with links, which are never packed",
    manifest: { files: ["link*", "linked/**", "brok*", "lib"] },
    links: { "link.js": "index.js", linked: "lib", broken: "nowhere", "lib/up.js": "../index.js" },
  },
  {
    name: "of a package.json with a byte order mark, tabs and a field twice",
    manifest:
      '\uFEFF{\n\t"name": "demo",\r\n\t"version":\t"0.0.0",\n\t"files": ["lib"],\n\t"files": ["dist"]\n}',
  },
];

for (const { name, manifest, files = {}, links = {} } of PACKINGS) {
  const isWindows = process.platform === "win32" && Object.keys(links).length > 0;
  const options = isWindows ? { skip: "links need rights on Windows" } : WITH_NPM;
  test(`piot packs what npm packs ${name}`, options, async () => {
    const text = typeof manifest === "string" ? manifest : manifestText(manifest);
    await using world = await npmWorld(below({ ...TREE, ...files, "package.json": text }));
    for (const [path, target] of Object.entries(links)) {
      await symlink(target, join(world.root, "packages/demo", path));
    }
    await assertSame(world);
  });
}

test(
  "a folder that is none of the project's workspaces keeps to its own rules",
  WITH_NPM,
  async () => {
    const root = { name: "root", private: true, workspaces: ["packages/*", "!packages/demo"] };
    await using world = await npmWorld({
      "package.json": JSON.stringify(root),
      ".gitignore": "dist\n",
      ...below({ "package.json": manifestText({ main: "dist/x.js" }), ...texts("dist/x.js") }),
    });
    await assertSame(world);
  },
);

function below(tree: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).map(([path, text]) => [`packages/demo/${path}`, text]),
  );
}

/** Packs `packages/demo` with both, and compares which files are in. */
async function assertSame(world: World): Promise<void> {
  await using home = await tempFolder();
  const prepared = await world.prepare(npmRelease({ version: "0.0.0" }));
  const ours: string[] = [];
  await readTarGz(prepared.units[0]!.tarball, ARCHIVE_LIMITS, ({ path }) => {
    ours.push(path.replace(/^package\//, ""));
  });
  const output = await realNpm(["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: join(world.root, "packages/demo"),
    home: home.path,
    registry: world.server.url,
  });
  const [packed] = JSON.parse(output) as [{ files: { path: string }[] }];
  assert.deepEqual(ours.sort(), packed.files.map(({ path }) => path).sort());
  assert.ok(ours.includes("package.json"));
}
