/**
 * Which files of a folder npm publishes, decided by npm's own code, and their contents.
 *
 * @module
 */

import { join } from "node:path";
import packlist from "npm-packlist";
import { type PackageJson, plainPath } from "../../core/npm/package_json.ts";
import { isExecutable, readBytes } from "../../host/files.ts";
import type { PackFile } from "./pack.ts";

/**
 * The paths of the files that npm would pack from a folder, sorted. `package.json` on disk may say something else than
 * `manifest`, which is what counts.
 */
export async function listPackageFiles(
  folder: string,
  manifest: PackageJson,
): Promise<readonly string[]> {
  const tree = {
    path: folder,
    package: packlistManifest(manifest),
    isProjectRoot: true,
    edgesOut: new Map(),
  };
  // An Arborist node, of which npm-packlist reads only these when nothing is bundled.
  const files = await packlist(tree as unknown as Parameters<typeof packlist>[0], { path: folder });
  return files.map((path) => path.replaceAll("\\", "/")).sort();
}

/** npm-packlist compares paths without `./` and wants `bin` as a table (npm gives it a normalised package.json). */
function packlistManifest({ raw, bin, files }: PackageJson): Record<string, unknown> {
  const { main, browser } = raw;
  return {
    bin,
    ...(files === undefined ? {} : { files: [...files] }),
    ...(typeof main === "string" ? { main: plainPath(main) } : {}),
    ...(typeof browser === "string" ? { browser: plainPath(browser) } : {}),
  };
}

/**
 * Reads files for packing. Commands of `bin` become executable whatever the file system says, since artifact uploads
 * drop that bit; `text` replaces package.json's own.
 */
export async function readPackageFiles(
  folder: string,
  options: {
    readonly paths: readonly string[];
    readonly manifest: PackageJson;
    readonly text: string;
  },
): Promise<readonly PackFile[]> {
  const commands = new Set(Object.values(options.manifest.bin));
  const files: PackFile[] = [];
  for (const path of options.paths) {
    const place = join(folder, path);
    const bytes = path === "package.json"
      ? new TextEncoder().encode(options.text)
      : await readBytes(place);
    files.push({ path, bytes, executable: commands.has(path) || await isExecutable(place) });
  }
  return files;
}
