/**
 * The npm package as it would be shipped, for what is measured on Node.
 *
 * @module
 */

import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { runProcess } from "./measure.ts";

const BUNDLE = "npm/dist/cli.js";

/** Builds the package unless the one in npm/ is newer than every source; gives the absolute path of its command. */
export async function builtPackage(): Promise<string> {
  const built = await stat(BUNDLE).then(({ mtimeMs }) => mtimeMs, () => 0);
  if (built < await newestSource()) {
    await runProcess(["deno", "run", "-A", "scripts/build_npm.ts"]);
  }
  return resolve("npm/bin/putitoutthere.js");
}

async function newestSource(): Promise<number> {
  const entries = await readdir("src", { recursive: true });
  const files = [
    "cli.ts",
    "mod.ts",
    "deno.json",
    "scripts/build_npm.ts",
    ...entries.map((path) => join("src", path)),
  ];
  const times = await Promise.all(files.map(async (path) => (await stat(path)).mtimeMs));
  return times.reduce((a, b) => Math.max(a, b), 0);
}
