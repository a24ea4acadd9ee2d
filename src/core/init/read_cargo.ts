/**
 * Cargo.toml as `init` reads it: whether cargo would publish the crate, and which crates beside it the crate needs (The
 * Cargo Book, "The Manifest Format", "Workspaces").
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import { CRATES } from "../crates/crates_kind.ts";
import { registryNameProblem } from "../model/kind.ts";
import { leaveOut, type Manifest, type Need, type Verdict } from "./found.ts";
import { firstVersionOf, folderFrom, tableAt, textAt, textsAt } from "./manifest_values.ts";

/** Every Cargo.toml, by its folder. */
export type Crates = ReadonlyMap<string, Manifest>;

/** What a Cargo.toml declares; undefined for the root of a workspace that is no crate itself. */
export function judgeCrate(manifest: Manifest, crates: Crates): Verdict {
  const { table, file, folder } = manifest;
  const own = tableAt(table, "package");
  if (!isTable(table.package)) {
    return isTable(table.workspace)
      ? undefined
      : leaveOut(manifest, "it has neither [package] nor [workspace]");
  }
  const name = textAt(own, "name");
  if (name === undefined) return leaveOut(manifest, "its [package] has no name");
  const problem = registryNameProblem(CRATES.names, name);
  if (problem !== undefined) {
    return leaveOut(manifest, `crates.io does not take its name: ${problem}`, name);
  }
  const reason = whyUnpublished(manifest, crates);
  if (reason !== undefined) return leaveOut(manifest, reason, name);
  const firstVersion = firstVersionOf("crates", crateVersion(manifest, crates));
  return {
    found: {
      kind: "crates",
      file,
      folder,
      registryName: name,
      ...(firstVersion === undefined ? {} : { firstVersion }),
      targets: [],
      areTargetsGuessed: false,
      needs: crateNeeds(manifest, crates),
      notes: [],
    },
  };
}

function whyUnpublished(manifest: Manifest, crates: Crates): string | undefined {
  const publish = inherited(manifest, { key: "publish", crates });
  if (publish === NOWHERE) return "its publish is that of a workspace that was not found";
  if (publish === false) return "its publish is false";
  if (Array.isArray(publish) && !publish.includes("crates-io")) {
    return publish.length === 0
      ? "its publish is empty"
      : "its publish names other registries only";
  }
  // cargo takes such a crate for one that is not to be published.
  return "version" in tableAt(manifest.table, "package") ? undefined : "it has no version";
}

/** The version of a crate, or the one that its workspace hands down. */
export function crateVersion(manifest: Manifest, crates: Crates): string | undefined {
  const version = inherited(manifest, { key: "version", crates });
  return typeof version === "string" ? version : undefined;
}

/** A value that a workspace should hand down, and there is no such workspace, or no such value. */
const NOWHERE = Symbol("nowhere");

/** A value of `[package]`, or with `key.workspace = true` that of `[workspace.package]`. */
function inherited(
  manifest: Manifest,
  { key, crates }: { readonly key: string; readonly crates: Crates },
): unknown {
  const value = tableAt(manifest.table, "package")[key];
  if (!isTable(value) || value.workspace !== true) return value;
  const root = workspaceOf(manifest, crates);
  return root === undefined
    ? NOWHERE
    : tableAt(tableAt(root.table, "workspace"), "package")[key] ?? NOWHERE;
}

/** The manifest of a crate's workspace: the one that it names, else the nearest above. */
function workspaceOf(manifest: Manifest, crates: Crates): Manifest | undefined {
  const named = textAt(tableAt(manifest.table, "package"), "workspace");
  if (named !== undefined) return crates.get(folderFrom(manifest.folder, named) ?? "");
  for (let folder: string | undefined = manifest.folder; folder !== undefined;) {
    const found = crates.get(folder);
    if (found !== undefined && isTable(found.table.workspace)) return found;
    folder = folder === "." ? undefined : folderFrom(folder, "..");
  }
  return undefined;
}

/** Whether a crate is made to be loaded by Python or Node, and nothing that Rust code could depend on. */
export function isExtensionOnly({ table }: Manifest): boolean {
  const lib = tableAt(table, "lib");
  const types = [...textsAt(lib, "crate-type"), ...textsAt(lib, "crate_type")];
  return types.length > 0 && types.every((type) => type === "cdylib") && !("bin" in table);
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
export function crateNeeds(manifest: Manifest, crates: Crates): readonly Need[] {
  const { table } = manifest;
  const places = [table, ...Object.values(tableAt(table, "target")).filter(isTable)];
  return places.flatMap((place) =>
    TABLES.flatMap(({ keys, isDev }) =>
      keys.flatMap((key) => Object.entries(tableAt(place, key))).flatMap((entry) => {
        const at = resolve(entry, { manifest, crates });
        if (at === undefined || (isDev && !at.hasVersion)) return [];
        return [{ kind: "crates" as const, what: at.folder, isWeak: isDev }];
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
  { manifest, crates }: { readonly manifest: Manifest; readonly crates: Crates },
): Resolved | undefined {
  if (!isTable(value)) return undefined;
  if (value.workspace !== true) return pathDependency(value, manifest.folder);
  const root = workspaceOf(manifest, crates);
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
