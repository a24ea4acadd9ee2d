/**
 * What the npm package is made of: the build makes it, and so do tests that run what users get.
 *
 * @module
 */

import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { NODE_BUNDLE } from "./node_bundle.ts";

/** What the package takes from deno.json. */
export interface DenoConfig {
  readonly version: string;
  readonly license: string;
}

/** The published package.json. Everything is bundled, so there are no dependencies. */
export function packageJson(config: DenoConfig): Record<string, unknown> {
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

/** The version and the licence of this tree. */
export async function readDenoConfig(): Promise<DenoConfig> {
  return JSON.parse(await readFile("deno.json", "utf8"));
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

/** Writes the bundles and the command into a folder. */
export async function emitJavaScript(out: string): Promise<Metafile> {
  const { metafile } = await build({
    ...NODE_BUNDLE,
    entryPoints: { cli: "src/cli/run_cli.ts", mod: "mod.ts" },
    outdir: join(out, "dist"),
    chunkNames: "chunks/[name]-[hash]",
    splitting: true,
    metafile: true,
    logLevel: "warning",
    plugins: [REQUIRED_BUILTINS],
  });
  const bin = join(out, "bin/putitoutthere.js");
  await mkdir(dirname(bin), { recursive: true });
  await writeFile(bin, BIN);
  await chmod(bin, 0o755);
  return metafile;
}
