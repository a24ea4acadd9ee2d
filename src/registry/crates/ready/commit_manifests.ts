/**
 * Manifests as a commit has them, and which of them is the root of a crate's workspace.
 *
 * @module
 */

import { isTable, readToml, type Table } from "../../../core/config/toml_document.ts";
import type { WorkspaceRoot } from "../../../core/packaging/inherit_manifest.ts";
import { tableAt, textAt, textsAt } from "../../../core/init/manifest_values.ts";
import { joinFolder } from "../../../core/manifest/cargo_sites.ts";
import { Failure } from "../../../error.ts";
import type { CommitTree } from "../../../host/commit_tree.ts";
import { readCommitted } from "../../../host/work_tree.ts";

/** Reads the Cargo.toml of a folder, from the top of the repository; undefined where there is none that can be read. */
export type ReadManifest = (folder: string) => Promise<Table | undefined>;

/** Makes one that reads each manifest once. */
export function commitManifests(tree: CommitTree): ReadManifest {
  const known = new Map<string, Promise<Table | undefined>>();
  return (folder) => {
    const found = known.get(folder) ?? read(tree, folder);
    known.set(folder, found);
    return found;
  };
}

async function read(tree: CommitTree, folder: string): Promise<Table | undefined> {
  const place = await tree.find(folder === "" ? "Cargo.toml" : `${folder}/Cargo.toml`);
  if (place.kind !== "file") return undefined;
  const [text = ""] = await readCommitted(place.git, [place]);
  try {
    return readToml(text, place.path);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/**
 * The root of the workspace that a crate belongs to, as cargo finds it: the crate itself, the one that it names, else the
 * nearest above that does not exclude it. Undefined for a crate that stands alone.
 */
export async function workspaceRootOf(
  readManifest: ReadManifest,
  { own, folder }: { readonly own: Table; readonly folder: string },
): Promise<WorkspaceRoot | undefined> {
  if (isTable(own.workspace)) return { document: own, folder };
  const named = textAt(tableAt(own, "package"), "workspace");
  if (named !== undefined) {
    const at = from(folder, named);
    const document = await readManifest(at);
    return document && { document, folder: at };
  }
  for (let place = folder; place !== "";) {
    place = place.includes("/") ? place.slice(0, place.lastIndexOf("/")) : "";
    const document = await readManifest(place);
    if (document === undefined || !isTable(document.workspace)) continue;
    if (!excludes(document.workspace, { root: place, folder })) return { document, folder: place };
  }
  return undefined;
}

function from(folder: string, path: string): string {
  return joinFolder(`/${folder}`, path).slice(1);
}

/** What is excluded by its folder may be a member by its name. */
function excludes(
  workspace: Table,
  { root, folder }: { readonly root: string; readonly folder: string },
): boolean {
  const isNamed = (key: string): boolean =>
    textsAt(workspace, key).some((path) => `${folder}/`.startsWith(`${from(root, path)}/`));
  return isNamed("exclude") && !isNamed("members");
}
