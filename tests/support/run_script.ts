/** Programs that import the library by its name, run on the runtime that runs the tests. */

import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { NODE_BUNDLE } from "../../scripts/node_bundle.ts";
import { type TempFolder, tempFolder } from "./temp.ts";

/** Programs, ready to be run. */
export interface Scripts extends AsyncDisposable {
  readonly run: (name: string, place: ScriptPlace) => Promise<ScriptRun>;
}

/** Where one runs. */
export interface ScriptPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly argv?: readonly string[];
}

/** How it ended. */
export interface ScriptRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bundles programs, by their names, with the library in them: nothing is installed where they run. */
export async function bundleScripts(texts: Readonly<Record<string, string>>): Promise<Scripts> {
  const sources = await tempFolder(
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${name}.ts`, text])),
  );
  const bundles = await bundle(sources, Object.keys(texts));
  return {
    run: (name, place) => run(join(bundles.path, `${name}.mjs`), place),
    [Symbol.asyncDispose]: async () => {
      await sources[Symbol.asyncDispose]();
      await bundles[Symbol.asyncDispose]();
    },
  };
}

async function bundle(sources: TempFolder, names: readonly string[]): Promise<TempFolder> {
  const out = await tempFolder({});
  await build({
    ...NODE_BUNDLE,
    entryPoints: names.map((name) => join(sources.path, `${name}.ts`)),
    outdir: out.path,
    outExtension: { ".js": ".mjs" },
    splitting: true,
    alias: {
      ...NODE_BUNDLE.alias,
      "@piot/cli": resolve("mod.ts"),
      putitoutthere: resolve("mod.ts"),
    },
    nodePaths: [resolve("node_modules")],
    logLevel: "error",
  });
  await writeFile(join(out.path, "package.json"), '{ "type": "module" }');
  return out;
}

async function run(file: string, { cwd, env, argv = [] }: ScriptPlace): Promise<ScriptRun> {
  // Whatever runs the tests: Deno has to be told what to do with a file.
  const words = "Deno" in globalThis ? ["run", "-A", "--no-lock", "--no-config", file] : [file];
  const child = spawn(process.execPath, [...words, ...argv], {
    cwd,
    env: { ...env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => said.stdout += chunk);
  child.stderr.on("data", (chunk) => said.stderr += chunk);
  const status = await new Promise<number | null>((done, fail) => {
    child.on("error", fail);
    child.on("close", done);
  });
  return { status, ...said };
}
