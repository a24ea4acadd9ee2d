/** The layouts that families have on npm: published under their names, installed by npm, and run. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { hostTriple } from "../../../src/rehearsal/example_targets.ts";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import type { Release } from "../../../src/registry/registry.ts";
import type { NpmPackage } from "../../../src/core/model/package.ts";
import { compiledAddon, compiledProgram } from "../../support/compiled.ts";
import { type Layout, LAYOUTS, type LayoutTarget } from "../../support/npm_layouts.ts";
import { realNpm, WITH_NPM } from "../../support/real_npm.ts";
import { writeTree } from "../../support/temp.ts";
import { needs } from "../../support/tools.ts";
import { manifestText, npmRelease, npmWorld, TOKEN } from "./world.ts";

const run = promisify(execFile);
const gcc = await needs("gcc", "node");
const host = await hostTriple();
const isGlibc = process.platform === "linux" && host?.endsWith("-gnu") === true;
const skip = gcc.skip || WITH_NPM.skip || (isGlibc ? false : "no Linux with glibc");

const folderOf = (layout: Layout): string => layout.name.replace("/", "-").replace("@", "");
const artifactOf = (layout: Layout, { triple }: Pick<LayoutTarget, "triple">): string =>
  `${folderOf(layout)}-${triple}`;

type Bytes = Readonly<Record<string, string | Uint8Array>>;

/** The artifact of one target. WebAssembly is delivered as the tarball that npm packs, with what it bundles. */
async function artifactFiles(layout: Layout, target: LayoutTarget): Promise<Bytes> {
  const { triple, file, published, beside } = target;
  const use = layout.build === "napi" ? "addon" : "program";
  const isOwn = triple === host || triple === `linux-${process.arch}`;
  const own = isOwn
    ? triple === host ? await compiled(use) : await compiledProgram("-static")
    : makeBinary(triple, use);
  if (triple !== "wasm32-wasi") return { [file]: own, ...beside };
  const manifest = {
    name: published,
    version: "1.0.0",
    main: "oxide.wasi.cjs",
    dependencies: { "@napi-rs/wasm-runtime": "^1.0.0" },
    bundledDependencies: ["@napi-rs/wasm-runtime"],
  };
  const content: Bytes = {
    "package.json": JSON.stringify(manifest),
    "oxide.wasi.cjs": `module.exports = require("@napi-rs/wasm-runtime");\n`,
    [file]: own,
    "node_modules/@napi-rs/wasm-runtime/package.json":
      '{"name":"@napi-rs/wasm-runtime","version":"1.0.0"}',
    "node_modules/@napi-rs/wasm-runtime/index.js": 'module.exports = "bundled";\n',
  };
  const entries = Object.entries(content).map(([path, body]) => ({
    header: { name: `package/${path}`, size: body.length, type: "file" as const },
    body,
  }));
  return { "oxide.tgz": gzipSync(await packTar(entries)) };
}

const compiled = (use: "addon" | "program"): Promise<Uint8Array> =>
  use === "addon" ? compiledAddon() : compiledProgram();

function below(folder: string, files: Bytes): Bytes {
  return Object.fromEntries(
    Object.entries(files).map(([path, body]) => [`${folder}/${path}`, body]),
  );
}

async function filesOf(layout: Layout): Promise<Bytes> {
  const { name, main, files } = layout;
  const artifacts = await Promise.all(
    layout.targets.map(async (target) =>
      below(`artifacts/${artifactOf(layout, target)}`, await artifactFiles(layout, target))
    ),
  );
  const manifest = manifestText({ name, version: "1.0.0", license: "MIT", ...main });
  return {
    ...below(`packages/${folderOf(layout)}`, { "package.json": manifest, ...files }),
    ...Object.assign({}, ...artifacts),
  };
}

function releaseOf(layout: Layout, root: string): Release<NpmPackage> {
  const { name, build, template } = layout;
  const folder = folderOf(layout);
  return npmRelease({
    package: {
      ...{ name: folder, registryName: name, path: `packages/${folder}`, build },
      ...(template === undefined ? {} : { platformName: template }),
      targets: layout.targets.map(({ triple, package: packageName }) => ({
        ...{ triple, runner: "ubuntu-latest" },
        ...(packageName === undefined ? {} : { packageName }),
      })),
    },
    artifacts: [
      ...layout.targets.map((target) => {
        const artifact = artifactOf(layout, target);
        return { target: target.triple, name: artifact, folder: join(root, "artifacts", artifact) };
      }),
      { target: "main", name: `${folder}-main`, folder: undefined },
    ],
  });
}

test(
  "every known layout is published under its names, installed by npm, and runs",
  { skip },
  async (t) => {
    const files = Object.assign({}, ...await Promise.all(LAYOUTS.map(filesOf))) as Bytes;
    await using world = await npmWorld(files, { tokens: { [TOKEN]: { user: "ada" } } });
    const { packages } = world.server.state;
    for (const layout of LAYOUTS) {
      await t.test(`${layout.layout} is published under its names`, async () => {
        const before = new Set(packages.keys());
        const { warnings } = await world.publish(releaseOf(layout, world.root));
        const made = [...packages.keys()].filter((name) => !before.has(name)).sort();
        assert.deepEqual(
          made,
          [layout.name, ...layout.targets.map(({ published }) => published)].sort(),
        );
        assert.deepEqual(warnings.filter((warning) => /mentions|look for/.test(warning)), []);
      });
    }
    const app = join(world.root, "app");
    await writeTree(app, { "package.json": "{}\n" });
    await realNpm(["install", "--no-audit", "--no-fund", ...LAYOUTS.map(({ name }) => name)], {
      cwd: app,
      home: join(world.root, "home"),
      registry: world.server.url,
    });
    for (const { layout, name, command } of LAYOUTS) {
      await t.test(`${layout} runs`, async () => {
        if (command === undefined) {
          const { stdout } = await run("node", ["-p", `require("${name}")`], { cwd: app });
          assert.equal(stdout, "an addon\n");
          return;
        }
        const ended = await run(join(app, "node_modules/.bin", command), ["a word"], { cwd: app })
          .catch((error) => error);
        assert.deepEqual([ended.code, ended.stdout], [3, "2 a word\n"], ended.stderr);
      });
    }
    await t.test("what tailwind's WebAssembly bundles is in it", () => {
      const held = packages.get("@tailwindcss/oxide-wasm32-wasi")!.versions.get("1.0.0")!;
      assert.equal(held.manifest["cpu"], undefined);
      assert.deepEqual(
        held.manifest["bundledDependencies"] ?? held.manifest["bundleDependencies"],
        ["@napi-rs/wasm-runtime"],
      );
    });
  },
);

test("the documentation tells each layout's maintainers what to write", async () => {
  const page = await readFile("docs/npm-platform-packages.md", "utf8");
  for (const { layout, template, targets, command } of LAYOUTS) {
    const ended = command === undefined ? "loaded" : "run";
    assert.match(
      page,
      new RegExp(`\\| ${layout} +\\| yes +\\| as on npm +\\| by npm +\\| ${ended} +\\|`),
    );
    const row = page.split("\n").find((line) => line.startsWith(`| ${layout} `)) ?? "";
    assert.notEqual(row, "", `there is no row of ${layout}`);
    if (template !== undefined) assert.ok(row.includes(`platform_name = "${template}"`), row);
    const isOwn = targets.some((target) => target.package !== undefined);
    assert.equal(row.includes("`package`"), isOwn, row);
    assert.equal(row.includes("nothing"), template === undefined && !isOwn, row);
  }
});
