/**
 * Reads what npm derives fields of a manifest from: the files beside package.json, in a folder or in a tarball.
 *
 * @module
 */

import { join } from "node:path";
import {
  type BesideManifest,
  inFolder,
  isManualPage,
  manFolder,
  typesOf,
} from "../../core/npm/derived_fields.ts";
import type { PackageJson } from "../../core/npm/package_json.ts";
import { kindOfPath, readTextIfThere, walkFiles } from "../../host/files.ts";

/** Of a folder; what is not packed counts too, as it does for npm. */
export async function besideInFolder(
  { raw }: PackageJson,
  folder: string,
): Promise<BesideManifest> {
  const isFile = async (path: string): Promise<boolean> =>
    await kindOfPath(join(folder, path)) === "file";
  const types = typesOf(raw);
  const man = manFolder(raw);
  const pages = man === undefined ? [] : await walkFiles(join(folder, man));
  return {
    hasServer: await isFile("server.js"),
    authors: await isFile("AUTHORS") ? await readTextIfThere(join(folder, "AUTHORS")) : undefined,
    hasTypes: types !== undefined && await isFile(types),
    pages: pages.filter(isManualPage).map((path) => inFolder(man!, path)),
  };
}

/** Of a tarball. */
export async function besideInTarball(
  { raw }: PackageJson,
  { paths, readSome }: {
    readonly paths: readonly string[];
    readonly readSome: (paths: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>;
  },
): Promise<BesideManifest> {
  const types = typesOf(raw);
  const man = manFolder(raw);
  const authors = paths.includes("AUTHORS")
    ? (await readSome(["AUTHORS"])).get("AUTHORS")
    : undefined;
  return {
    hasServer: paths.includes("server.js"),
    authors: authors === undefined ? undefined : new TextDecoder().decode(authors),
    hasTypes: types !== undefined && paths.includes(types),
    pages: man === undefined ? [] : paths.filter((path) => {
      const start = inFolder(man, "");
      return path.startsWith(start) && isManualPage(path.slice(start.length));
    }),
  };
}
