/**
 * The commands that a package brings: `bin` of its package.json, or the folder that `directories.bin` names.
 *
 * @module
 */

import type { PackageJson } from "./package_json.ts";
import { plainPath } from "./plain_path.ts";

/**
 * Commands as npm reads them (npm-normalize-package-bin): a list stands for its files' names, a command loses whatever
 * folder is in front of it, and a file is looked for in the package wherever its path leads.
 */
export function binOf({ bin, name }: PackageJson["raw"]): Record<string, string> {
  const entries = commandEntries(bin, name).flatMap(([command, file]) => {
    const plain = lastPart(command.replace(/[\\:]/g, "/"));
    const path = typeof file === "string" ? plainPath(`/${file.replaceAll("\\", "/")}`) : "";
    return plain === "" || path === "" ? [] : [[plain, path] as const];
  });
  return Object.fromEntries(entries);
}

function commandEntries(bin: unknown, name: unknown): readonly (readonly [string, unknown])[] {
  // The command of a scoped package is its name without the scope (npm's docs, package.json, bin).
  if (typeof bin === "string") return typeof name === "string" ? [[name, bin]] : [];
  if (typeof bin !== "object" || bin === null) return [];
  if (!Array.isArray(bin)) return Object.entries(bin);
  return bin.flatMap((file) => typeof file === "string" ? [[file, file]] : []);
}

/** `a/b` → `b`; empty for what names a folder. */
function lastPart(path: string): string {
  const last = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return last === "." || last === ".." ? "" : last;
}

/**
 * The same package.json with the commands that `directories.bin` stands for: each file below that folder whose path
 * does not start with a dot, named after it (`@npmcli/package-json` lib/normalize.js, "binDir"). `bin` wins when both
 * are there. `files` are the package's, `/`-separated.
 */
export function withBinFolder(manifest: PackageJson, files: readonly string[]): PackageJson {
  const folder = binFolder(manifest);
  if (folder === undefined) return manifest;
  const commands = files
    .filter((path) => path.startsWith(folder) && !path.slice(folder.length).startsWith("."))
    .map((path) => [path.slice(path.lastIndexOf("/") + 1), path] as const);
  return { ...manifest, bin: Object.fromEntries(commands) };
}

/** The folder of {@link withBinFolder}, with a slash at its end; empty for the package itself. Never outside of it. */
export function binFolder({ raw }: PackageJson): string | undefined {
  const directories = raw["directories"] as { readonly bin?: unknown } | null | undefined;
  const folder = directories?.bin;
  if ("bin" in raw || typeof folder !== "string" || folder === "") return undefined;
  return plainPath(`/${folder}/`);
}
