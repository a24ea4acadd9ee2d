/**
 * Files that are missing from a package's folder, and that npm would have packed: nobody misses them but its users. npm's
 * own code decides, in a folder with nothing but them and the rules that it goes by.
 *
 * @module
 */

import { dirname, join, relative, sep } from "node:path";
import type { PackageJson } from "../../core/npm/package_json.ts";
import { readTextIfThere } from "../../host/files.ts";
import { borrowFolder } from "../../host/loans/loans.ts";
import type { Whereabouts } from "../../host/loans/places.ts";
import { type Tree, writeTree } from "../../host/write_files.ts";
import { listPackageFiles } from "./package_files.ts";

/** The package that they are missing from. */
export interface AbsentContext {
  /** The package's folder, absolute. */
  readonly folder: string;
  /** Absolute path of the checkout. */
  readonly root: string;
  readonly manifest: PackageJson;
  readonly where: Whereabouts;
}

/** Those of some paths below the folder that would be packed, were they there. A folder ends in `/`. */
export async function absentFiles(
  paths: readonly string[],
  { folder, root, manifest, where }: AbsentContext,
): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const way = relative(root, folder).split(sep).join("/");
  const inRoot = (path: string): string => way === "" ? path : `${way}/${path}`;
  const stand = new Map(paths.map((path) => [path.endsWith("/") ? `${path}any` : path, path]));
  const temp = await borrowFolder(where, "piot-absent");
  try {
    const files = [...stand.keys()].map(inRoot);
    await writeTree(temp.path, {
      ...await rulesAbove([...files, inRoot("package.json")], root),
      [inRoot("package.json")]: "{}",
      ...Object.fromEntries(files.map((path) => [path, ""])),
    });
    const source = { path: join(temp.path, way), isCheckout: true };
    const packed = await listPackageFiles(manifest, { source, root: temp.path });
    return packed.flatMap((path) => stand.get(path) ?? []);
  } finally {
    await temp.remove();
  }
}

/** What decides about files: the ignore files in every folder on their way, and the root's package.json for workspaces. */
async function rulesAbove(paths: readonly string[], root: string): Promise<Tree> {
  const folders = new Set(["."]);
  for (const path of paths) {
    for (let at = dirname(path); at !== "."; at = dirname(at)) folders.add(at);
  }
  const candidates = [...folders].flatMap((folder) =>
    [".npmignore", ".gitignore"].map((name) => folder === "." ? name : `${folder}/${name}`)
  );
  const rules: Record<string, string> = {};
  for (const path of ["package.json", ...candidates]) {
    const text = await readTextIfThere(join(root, path));
    if (text !== undefined) rules[path] = text;
  }
  return rules;
}
