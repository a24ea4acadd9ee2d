/**
 * Which files of a folder npm publishes, decided by npm's own code, and their contents.
 *
 * @module
 */

import { join, relative, sep } from "node:path";
import packlist from "npm-packlist";
import { findCredential } from "../../artifact/credential_files.ts";
import { plainPath } from "../../core/npm/package_bin.ts";
import { type PackageJson, parsePackageJson } from "../../core/npm/package_json.ts";
import { isWorkspaceMember } from "../../core/npm/workspace.ts";
import { type CredentialFile, isLookedInto } from "../../core/release/credential_file.ts";
import { fileSize, isExecutable, readBytes, readTextIfThere } from "../../host/files.ts";
import type { PackFile } from "./pack.ts";

/** Where packing starts from. */
export interface PackPlace {
  readonly source: { readonly path: string; readonly isCheckout: boolean };
  /** Absolute path of the checkout. */
  readonly root: string;
}

/**
 * The paths of the files that npm would pack from a folder, sorted. `package.json` on disk may say something else than
 * `manifest`, which is what counts.
 */
export async function listPackageFiles(
  manifest: PackageJson,
  { source, root }: PackPlace,
): Promise<readonly string[]> {
  const tree = {
    path: source.path,
    package: packlistManifest(manifest),
    isProjectRoot: true,
    edgesOut: new Map(),
  };
  const options = {
    path: source.path,
    // A workspace of npm's own also obeys the ignore files of the folders above it.
    ...(await isWorkspace({ source, root }) ? { prefix: root, workspaces: [source.path] } : {}),
  };
  // An Arborist node, of which npm-packlist reads only these when nothing is bundled.
  const files = await packlist(tree as unknown as Parameters<typeof packlist>[0], options);
  return files.map((path) => path.replaceAll("\\", "/")).sort();
}

async function isWorkspace({ source, root }: PackPlace): Promise<boolean> {
  const folder = relative(root, source.path).split(sep).join("/");
  if (!source.isCheckout || folder === "") return false;
  const text = await readTextIfThere(join(root, "package.json"));
  return text !== undefined && isWorkspaceMember(parsePackageJson(text), folder);
}

/**
 * npm-packlist compares paths without `./`, and wants `bin` as a table (npm gives it a normalised package.json). For
 * `main` and `browser` npm leaves the `./` where it is, and then the file out, when `files` does not list it.
 */
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
 * Reads files for packing. Commands of `bin` and programs become executable whatever the file system says, since artifact uploads
 * drop that bit; what is in `written` is taken from there instead of the folder.
 */
export async function readPackageFiles(
  folder: string,
  options: {
    readonly paths: readonly string[];
    readonly manifest: PackageJson;
    /** Path → text. */
    readonly written: ReadonlyMap<string, string>;
    /** Compiled files that are started as programs. */
    readonly programs?: ReadonlySet<string>;
  },
): Promise<readonly PackFile[]> {
  const commands = new Set([...Object.values(options.manifest.bin), ...options.programs ?? []]);
  const files: PackFile[] = [];
  for (const path of options.paths) {
    const place = join(folder, path);
    const written = options.written.get(path);
    const bytes = written === undefined
      ? await readBytes(place)
      : new TextEncoder().encode(written);
    const executable = commands.has(path) || (written === undefined && await isExecutable(place));
    files.push({ path, bytes, executable });
  }
  return files;
}

/** The files of a folder that look like credentials. */
export async function credentialsIn(
  folder: string,
  paths: readonly string[],
): Promise<readonly CredentialFile[]> {
  const found: CredentialFile[] = [];
  for (const path of paths) {
    const place = join(folder, path);
    const size = isLookedInto({ path, size: 0 }) ? await fileSize(place) : 0;
    const text = async (): Promise<string> => await readTextIfThere(place) ?? "";
    const credential = await findCredential({ path, size, text });
    if (credential !== undefined) found.push(credential);
  }
  return found;
}
