/**
 * What a crate has from other Cargo.toml files of the repository: values that its workspace hands down, and the crates
 * beside it that it needs (The Cargo Book, "Workspaces", "Specifying Dependencies").
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import type { Manifest, Need } from "../init/found.ts";
import type { Manifests } from "../init/kind_draft.ts";
import { fileIn, folderFrom, tableAt, textAt } from "../init/manifest_values.ts";
import { CRATES } from "./crates_kind.ts";

/** The version of a crate, or the one that its workspace hands down. */
export function crateVersion(manifest: Manifest, manifests: Manifests): string | undefined {
  const version = inherited(manifest, { key: "version", manifests });
  return typeof version === "string" ? version : undefined;
}

/** A value that a workspace should hand down, and there is no such workspace, or no such value. */
export const NOWHERE: unique symbol = Symbol("nowhere");

/** A value of `[package]`, or with `key.workspace = true` that of `[workspace.package]`. */
export function inherited(
  manifest: Manifest,
  { key, manifests }: { readonly key: string; readonly manifests: Manifests },
): unknown {
  const value = tableAt(manifest.table, "package")[key];
  if (!isTable(value) || value.workspace !== true) return value;
  const root = workspaceOf(manifest, manifests);
  return root === undefined
    ? NOWHERE
    : tableAt(tableAt(root.table, "workspace"), "package")[key] ?? NOWHERE;
}

/** The manifest of a crate's workspace: the one that it names, else the nearest above; undefined where there is none. */
export function workspaceOf(manifest: Manifest, manifests: Manifests): Manifest | undefined {
  const named = textAt(tableAt(manifest.table, "package"), "workspace");
  if (named !== undefined) return crateIn(folderFrom(manifest.folder, named), manifests);
  for (let folder: string | undefined = manifest.folder; folder !== undefined;) {
    const found = crateIn(folder, manifests);
    if (found !== undefined && isTable(found.table.workspace)) return found;
    folder = folder === "." ? undefined : folderFrom(folder, "..");
  }
  return undefined;
}

function crateIn(folder: string | undefined, { byFile }: Manifests): Manifest | undefined {
  return folder === undefined ? undefined : byFile.get(fileIn(folder, CRATES.manifest));
}

/** The tables of dependencies, with their spellings of old. */
const TABLES: readonly { readonly keys: readonly string[]; readonly isDev: boolean }[] = [
  { keys: ["dependencies"], isDev: false },
  { keys: ["build-dependencies", "build_dependencies"], isDev: false },
  { keys: ["dev-dependencies", "dev_dependencies"], isDev: true },
];

/**
 * The crates beside it that a crate cannot be published without. A dev-dependency without a version is left out of what
 * is published, so it is none.
 */
export function crateNeeds(manifest: Manifest, manifests: Manifests): readonly Need[] {
  const { table } = manifest;
  const places = [table, ...Object.values(tableAt(table, "target")).filter(isTable)];
  return places.flatMap((place) =>
    TABLES.flatMap(({ keys, isDev }) =>
      keys.flatMap((key) => Object.entries(tableAt(place, key))).flatMap((entry) => {
        const at = resolve(entry, { manifest, manifests });
        if (at === undefined || (isDev && !at.hasVersion)) return [];
        return [{ file: fileIn(at.folder, CRATES.manifest), isWeak: isDev }];
      })
    )
  );
}

interface Resolved {
  readonly folder: string;
  readonly hasVersion: boolean;
}

/** Where a dependency lies, when that is in a folder beside. */
function resolve(
  [name, value]: readonly [string, unknown],
  { manifest, manifests }: { readonly manifest: Manifest; readonly manifests: Manifests },
): Resolved | undefined {
  if (!isTable(value)) return undefined;
  if (value.workspace !== true) return pathDependency(value, manifest.folder);
  const root = workspaceOf(manifest, manifests);
  if (root === undefined) return undefined;
  return pathDependency(
    tableAt(tableAt(tableAt(root.table, "workspace"), "dependencies"), name),
    root.folder,
  );
}

function pathDependency(dependency: Table, from: string): Resolved | undefined {
  const path = textAt(dependency, "path");
  const folder = path === undefined ? undefined : folderFrom(from, path);
  return folder === undefined
    ? undefined
    : { folder, hasVersion: textAt(dependency, "version") !== undefined };
}
