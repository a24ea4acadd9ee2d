/** Programs that tests run and npm has: installed once, below node_modules/.cache; no script of any package runs. */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { maySkip } from "./provided.ts";
import { writeTree } from "./temp.ts";

const run = promisify(execFile);

/** Where they are installed, or why they cannot be. */
export type InstalledTools =
  | { readonly folder: string; readonly skip: false }
  | { readonly folder: undefined; readonly skip: string };

/** Milliseconds: without a network npm would try for minutes. */
const PATIENCE = 300_000;

/**
 * Installs what a package.json depends on. `provided` is how `.ci/run` calls it, and `label` names the folder: another one
 * for other versions.
 */
export async function installTools(
  manifest: object,
  { provided, label }: { readonly provided: string; readonly label: string },
): Promise<InstalledTools> {
  const cache = join(process.cwd(), "node_modules/.cache");
  const folder = join(cache, label);
  if (await stat(folder).catch(() => undefined) !== undefined) return { folder, skip: false };
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, `${provided}-new-`));
  try {
    await writeTree(fresh, { "package.json": JSON.stringify({ private: true, ...manifest }) });
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    await run("npm", ["install", ...flags, "--fetch-retries=1", "--loglevel=error"], {
      cwd: fresh,
      timeout: PATIENCE,
    });
    // Whoever comes second keeps what the first one put there.
    await rename(fresh, folder).catch(() => {});
    return { folder, skip: false };
  } catch (error) {
    const [first = ""] = (error as { stderr?: string }).stderr?.split("\n") ?? [];
    const why = `${provided} cannot be installed here: ${first || error}`;
    return { folder: undefined, skip: maySkip(provided, why) };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
