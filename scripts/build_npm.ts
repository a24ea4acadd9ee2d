/**
 * Builds the npm package `putitoutthere` into npm/: one readable ESM bundle without run-time dependencies, type
 * declarations, the licences of what is bundled, and a package.json made from deno.json. It ends by installing the packed
 * package into an empty folder and running it, since type checkers and linters cannot see a bundle that fails to start.
 *
 * @module
 */

/// <reference lib="deno.ns" />
import { execFile } from "node:child_process";
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { build, type Metafile, type Plugin } from "esbuild";
import { NODE_BUNDLE } from "./node_bundle.ts";

const OUT = "npm";
const run = promisify(execFile);

interface DenoConfig {
  readonly version: string;
  readonly license: string;
}

const config: DenoConfig = JSON.parse(await readFile("deno.json", "utf8"));

/** The published package.json. Everything is bundled, so there are no dependencies. */
function packageJson(): Record<string, unknown> {
  return {
    name: "putitoutthere",
    version: config.version,
    description: "Publish the built artifacts of a polyglot repository to crates.io, PyPI and npm",
    license: config.license,
    type: "module",
    bin: { putitoutthere: "bin/putitoutthere.js", piot: "bin/putitoutthere.js" },
    exports: {
      ".": { types: "./types/mod.d.ts", default: "./dist/mod.js" },
      "./package.json": "./package.json",
    },
    files: ["bin", "dist", "types", "THIRD_PARTY.txt"],
    engines: { node: ">=20.17" },
    sideEffects: false,
    repository: { type: "git", url: "git+https://github.com/putitoutthere/putitoutthere.git" },
    keywords: ["publish", "release", "crates.io", "pypi", "npm", "monorepo", "trusted-publishing"],
  };
}

/**
 * The command. Node 20 has one optimising compiler, which starts early and runs on the very core that git works on:
 * planning 1,000 packages takes a tenth less time when it waits for what is really hot. Later versions have a cheaper
 * compiler in between, and no such flag.
 */
const BIN = `#!/usr/bin/env node
import { runCli } from "../dist/cli.js";

if (process.version.startsWith("v20.")) {
  process.getBuiltinModule("node:v8").setFlagsFromString("--interrupt-budget=1000000");
}
await runCli();
`;

/**
 * Built-in modules come by `require`: an `import` of one reads each of its exports, and some of those are only made then.
 * `node:process` opens standard input, and `node:fs` loads every kind of stream: a tenth of the time of a start.
 */
const REQUIRED_BUILTINS: Plugin = {
  name: "required built-ins",
  setup: ({ onLoad, onResolve }) => {
    onResolve(
      { filter: /^node:/ },
      ({ kind, path }) => kind === "import-statement" ? { path, namespace: "builtin" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      // The plain `require` of each file, which esbuild leaves alone.
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

async function emitJavaScript(): Promise<Metafile> {
  const { metafile } = await build({
    ...NODE_BUNDLE,
    entryPoints: { cli: "src/cli/run_cli.ts", mod: "mod.ts" },
    outdir: join(OUT, "dist"),
    chunkNames: "chunks/[name]-[hash]",
    splitting: true,
    metafile: true,
    logLevel: "warning",
    plugins: [REQUIRED_BUILTINS],
  });
  const bin = join(OUT, "bin/putitoutthere.js");
  await mkdir(dirname(bin), { recursive: true });
  await writeFile(bin, BIN);
  await chmod(bin, 0o755);
  return metafile;
}

/** The licence text of each bundled package: their licences ask for it. */
async function emitLicences(metafile: Metafile): Promise<void> {
  const folders = new Set<string>();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match?.[1] !== undefined) folders.add(match[1]);
  }
  const texts = new Map<string, string>();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(
      await readFile(join(folder, "package.json"), "utf8"),
    );
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined
      ? `License: ${license}`
      : await readFile(join(folder, file), "utf8");
    texts.set(`${name}@${version}`, text.trim());
  }
  const sections = [...texts].sort().map(([id, text]) =>
    `${id}\n${"=".repeat(id.length)}\n\n${text}\n`
  );
  await writeFile(join(OUT, "THIRD_PARTY.txt"), sections.join("\n\n"));
}

/** Declarations come from `deno pack`, which derives them from explicit types alone. */
async function emitTypes(): Promise<void> {
  const temp = await mkdtemp(join(tmpdir(), "piot-types-"));
  const tarball = join(temp, "types.tgz");
  await run(process.execPath, ["pack", "--allow-dirty", "--no-source-maps", "-q", "-o", tarball]);
  await run("tar", ["-xzf", tarball, "-C", temp]);
  await cp(join(temp, "package"), join(OUT, "types"), {
    recursive: true,
    filter: (path) => !/\.[a-z]+$/.test(path) || path.endsWith(".d.ts"),
  });
  await readFile(join(OUT, "types/mod.d.ts"));
  await rm(temp, { recursive: true });
}

/** Packs, installs and runs what a user will get. */
async function verify(): Promise<void> {
  const temp = await mkdtemp(join(tmpdir(), "piot-npm-"));
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", temp], {
    cwd: OUT,
  });
  await writeFile(join(temp, "package.json"), '{ "type": "module" }');
  await run("npm", ["install", "--silent", "--no-audit", "--no-fund", join(temp, stdout.trim())], {
    cwd: temp,
  });
  const bin = join(temp, "node_modules/.bin/piot");
  const version = (await run(bin, ["--version"])).stdout.trim();
  if (version !== config.version) throw new Error(`the installed package says it is ${version}`);
  const script =
    'import { Failure } from "putitoutthere"; if (typeof Failure !== "function") process.exit(1);';
  await run("node", ["--input-type=module", "--eval", script], { cwd: temp });
  await rm(temp, { recursive: true });
}

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT);
await writeFile(join(OUT, "package.json"), `${JSON.stringify(packageJson(), null, 2)}\n`);
await emitLicences(await emitJavaScript());
await emitTypes();
for (const file of ["README.md", "LICENSE"]) await copyFile(file, join(OUT, file));
await verify();
console.log(`npm/ holds putitoutthere ${config.version}; it installs and runs`);
