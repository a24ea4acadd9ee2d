/**
 * What the npm package is made of: the build makes it, and so do tests that run what users get.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { packTarball } from "../src/registry/npm/pack.ts";
import { NODE_BUNDLE } from "./node_bundle.ts";

/** The package's manifest, `npm/package.json`. Everything is bundled, so there are no dependencies. */
export async function readManifest(): Promise<Record<string, unknown> & { version: string }> {
  return JSON.parse(await readFile("npm/package.json", "utf8"));
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

/**
 * The packed package: its bytes depend on nothing but the files, so that a release commit can have their hash before
 * anything was published. The command is executable whatever the system says of modes.
 */
export async function packOwn(folder: string): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
  return await packTarball(
    await Promise.all(paths.map(async (path) => ({
      path,
      bytes: await readFile(join(folder, path)),
      executable: path.startsWith("bin/"),
    }))),
  );
}

/** The hash of bytes as package-lock.json writes it. */
export function integrityOf(bytes: Uint8Array): string {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
}
