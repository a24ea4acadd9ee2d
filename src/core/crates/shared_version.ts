/**
 * Crates that have their version from one `[workspace.package]` (The Cargo Book, "Workspaces") and are planned at
 * different ones: no manifest can say both. It is told as soon as there is a plan, since `lockstep` mends it and a build
 * would be for nothing.
 *
 * @module
 */

import { isTable } from "../config/toml_document.ts";
import type { Manifest } from "../init/found.ts";
import type { Manifests } from "../init/kind_draft.ts";
import { fileIn, folderFrom, readTomlManifest, tableAt, textAt } from "../init/manifest_values.ts";
import { workspaceOf } from "./cargo_workspace.ts";
import { CRATES } from "./crates_kind.ts";

/** A crate with the version that it is planned at. */
export interface PlannedCrate {
  readonly name: string;
  /** Its folder, from the repository's top. */
  readonly folder: string;
  readonly version: string;
}

/** The manifests that tell where crates have their versions from: their own, and those above them. */
export function manifestsAbout(crates: readonly Pick<PlannedCrate, "folder">[]): readonly string[] {
  const files = new Set<string>();
  for (const { folder } of crates) {
    for (let at: string | undefined = folder; at !== undefined; at = folderFrom(at, "..")) {
      files.add(fileIn(at, CRATES.manifest));
      if (at === ".") break;
    }
  }
  return [...files];
}

/** The manifests of workspaces that crates name, which need not lie above them. */
export function namedWorkspaces(files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const named = [...readManifests(files).byFile.values()].flatMap(({ table, folder }) => {
    const path = textAt(tableAt(table, "package"), "workspace");
    const at = path === undefined ? undefined : folderFrom(folder, path);
    return at === undefined ? [] : [fileIn(at, CRATES.manifest)];
  });
  return [...new Set(named)].filter((file) => !files.has(file));
}

/**
 * A sentence for every workspace whose one version is planned as several. `files` are the manifests' bytes by their
 * paths; one that is missing or no TOML is somebody else's matter.
 */
export function sharedVersionWarnings(
  crates: readonly PlannedCrate[],
  files: ReadonlyMap<string, Uint8Array>,
): readonly string[] {
  const manifests = readManifests(files);
  const heirs = new Map<string, PlannedCrate[]>();
  for (const crate of crates) {
    const root = sourceOf(crate, manifests);
    if (root !== undefined) heirs.set(root, [...heirs.get(root) ?? [], crate]);
  }
  return [...heirs].filter(([, planned]) => new Set(planned.map(({ version }) => version)).size > 1)
    .map(([root, planned]) => warningOf(root, planned));
}

function readManifests(files: ReadonlyMap<string, Uint8Array>): Manifests {
  const byFile = new Map<string, Manifest>();
  for (const [file, bytes] of files) {
    const manifest = readTomlManifest({ file, bytes });
    if ("table" in manifest) byFile.set(file, manifest);
  }
  return { byFile, versionOf: () => undefined };
}

/** The manifest that hands its version down to a crate; undefined for one with a version of its own. */
function sourceOf({ folder }: PlannedCrate, manifests: Manifests): string | undefined {
  const manifest = manifests.byFile.get(fileIn(folder, CRATES.manifest));
  const version = manifest && tableAt(manifest.table, "package").version;
  if (manifest === undefined || !isTable(version) || version.workspace !== true) return undefined;
  return workspaceOf(manifest, manifests)?.file;
}

function warningOf(root: string, planned: readonly PlannedCrate[]): string {
  const list = planned.map(({ name, version }) => `${name} ${version}`).join(", ");
  return `Crates that have their version from [workspace.package] of ${root} are planned at different ones (${list}), which publish refuses (PIOT_CRATES_SHARED_VERSION): give them the same \`lockstep = "…"\` in putitoutthere.toml, or each crate a \`version = "…"\` of its own`;
}
