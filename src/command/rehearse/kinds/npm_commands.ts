/**
 * What users of an installed npm package do with it: they load it, and run its programs.
 *
 * @module
 */

import { join, posix } from "node:path";
import { type PackageJson, parsePackageJson } from "../../../core/npm/package_json.ts";
import { kindOfPath, readTextIfThere } from "../../../host/files.ts";
import type { InstalledCommand } from "./rehearsed_kind.ts";

/**
 * The commands of a package that npm installed in a folder: one that loads it, where there is something to load or nothing
 * else that could be done with it, and each of its programs, started by Node. None where there is no such package.
 */
export async function npmCommands(
  name: string,
  cwd: string,
): Promise<readonly InstalledCommand[]> {
  const folder = join(cwd, "node_modules", name);
  const manifest = await readManifest(folder);
  if (manifest === undefined) return [];
  const programs = Object.entries(manifest.bin).map(([command, file]) => ({
    ...{ name: command, program: "node", args: [join(folder, file)] },
    // Nothing else is safe to ask of a program that nobody knows.
    tries: ["--version", "--help"],
  }));
  const isLoaded = programs.length === 0 || await hasOwnEntry(manifest, folder);
  return [...isLoaded ? [loading(name)] : [], ...programs];
}

/** What was loaded may keep Node waiting: it has been loaded by then. */
function loading(name: string): InstalledCommand {
  const load = `import(${JSON.stringify(name)})`;
  const script = `try { await ${load}; process.exit(0); } ` +
    "catch (error) { console.error(error?.message ?? error); process.exit(1); }";
  return {
    name: load,
    program: "node",
    args: ["--input-type=module", "--eval", script],
    tries: [],
  };
}

/** Whether `import` of its name finds something that is not one of its programs, which would run (Node's docs, "Packages"). */
async function hasOwnEntry({ raw, bin }: PackageJson, folder: string): Promise<boolean> {
  const { exports, main } = raw as { readonly exports?: unknown; readonly main?: unknown };
  if (exports !== undefined && exports !== null) return hasDot(exports);
  const programs = Object.values(bin).map((file) => posix.normalize(file));
  const entry = typeof main === "string" && main !== "" ? posix.normalize(main) : "index.js";
  const files = [entry, `${entry}.js`, posix.join(entry, "index.js")];
  if (files.some((file) => programs.includes(file))) return false;
  return typeof main === "string" || await kindOfPath(join(folder, entry)) === "file";
}

/** Keys that start with a dot are paths, others are conditions. */
function hasDot(exports: unknown): boolean {
  if (typeof exports !== "object" || exports === null || Array.isArray(exports)) return true;
  const keys = Object.keys(exports);
  return keys.includes(".") || !keys.some((key) => key.startsWith("."));
}

/** Undefined for one that is not there, or no package.json: publishing says so. */
export async function readManifest(folder: string): Promise<PackageJson | undefined> {
  const text = await readTextIfThere(join(folder, "package.json"));
  try {
    return text === undefined ? undefined : parsePackageJson(text);
  } catch {
    return undefined;
  }
}
