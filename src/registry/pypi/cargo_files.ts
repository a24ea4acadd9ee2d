/**
 * The manifests of the crate that maturin builds, read from the work tree without cargo, which a job that builds wheels may
 * not have yet: the crate's own, and those of its workspace.
 *
 * @module
 */

import {
  joinFolder,
  packageVersionSite,
  workspaceVersionLeaf,
} from "../../core/manifest/cargo_sites.ts";
import { type CargoToml, leafAt, parseCargoToml } from "../../core/manifest/cargo_toml.ts";
import type { CargoManifest } from "../../core/manifest/cargo_versions.ts";
import { compileGlobs } from "../../core/model/glob.ts";
import { listFolders } from "../../host/files.ts";

/** A manifest as read. */
export interface CargoFile extends CargoManifest {
  readonly toml: CargoToml;
}

/** A crate, and the manifests beside it. */
export interface CargoFiles {
  /** Absolute, with `/`. */
  readonly crate: string;
  /** Every manifest of its workspace that is found, its own among them, the root's first. */
  readonly manifests: readonly CargoFile[];
}

/** How the files are read. */
export interface CargoReading {
  /** Absolute; nothing above it is read. */
  readonly root: string;
  /** The text of a file, absolute; undefined where there is none. */
  readonly textOf: (path: string) => Promise<string | undefined>;
}

interface Read {
  readonly folder: string;
  readonly text: string;
  readonly toml: CargoToml;
}

/** Reads the crate in a folder; undefined where no Cargo.toml is. Throws `PIOT_CRATES_MANIFEST` for bad TOML. */
export async function readCargoFiles(
  folder: string,
  reading: CargoReading,
): Promise<CargoFiles | undefined> {
  const crate = joinFolder(folder, ".");
  const own = await readManifest(crate, reading);
  if (own === undefined) return undefined;
  const root = await workspaceRoot(own, reading) ?? own;
  const found = new Map([[root.folder, root], [crate, own]]);
  const waiting = [own, root];
  for (const member of await memberFolders(root)) await visit(member);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    // What a member needs by its path is a member too, as far as it lies below the root.
    for (const path of pathsIn(next.toml)) await visit(joinFolder(next.folder, path));
  }
  async function visit(place: string): Promise<void> {
    if (found.has(place) || !`${place}/`.startsWith(`${root.folder}/`)) return;
    const read = await readManifest(place, reading);
    if (read === undefined) return;
    found.set(place, read);
    waiting.push(read);
  }
  return { crate, manifests: [...found.values()].map((read) => manifestOf(read, root)) };
}

async function readManifest(folder: string, { textOf }: CargoReading): Promise<Read | undefined> {
  const path = `${folder}/Cargo.toml`;
  const text = await textOf(path);
  return text === undefined ? undefined : { folder, text, toml: parseCargoToml(text, path) };
}

function manifestOf({ folder, text, toml }: Read, root: Read): CargoFile {
  const name = leafAt(toml, ["package", "name"])?.value;
  const site = packageVersionSite(toml);
  const leaf = site?.kind === "inherited" ? workspaceVersionLeaf(root.toml) : site?.leaf;
  const crate = typeof name === "string" && typeof leaf?.value === "string"
    ? { name, version: leaf.value }
    : undefined;
  return { folder, text, toml, workspace: root.folder, crate };
}

function hasWorkspace({ toml }: Read): boolean {
  return toml.leaves.some(({ path, table }) =>
    path[0] === "workspace" || table[0] === "workspace"
  ) ||
    /^\s*\[\s*workspace\s*\]/m.test(toml.text);
}

/** The root that `package.workspace` names, or the nearest one above that does not exclude it (cargo's book, "Workspaces"). */
async function workspaceRoot(own: Read, reading: CargoReading): Promise<Read | undefined> {
  if (hasWorkspace(own)) return own;
  const named = leafAt(own.toml, ["package", "workspace"])?.value;
  if (typeof named === "string") return await readManifest(joinFolder(own.folder, named), reading);
  const top = joinFolder(reading.root, ".");
  for (let folder = own.folder; folder !== top && folder.startsWith(`${top}/`);) {
    folder = joinFolder(folder, "..");
    const read = await readManifest(folder, reading);
    if (read === undefined || !hasWorkspace(read)) continue;
    const excluded = textsAt(read.toml, "exclude").map((path) => joinFolder(folder, path));
    return excluded.some((path) => `${own.folder}/`.startsWith(`${path}/`)) ? undefined : read;
  }
  return undefined;
}

function textsAt(toml: CargoToml, key: string): readonly string[] {
  const items = leafAt(toml, ["workspace", key])?.items ?? [];
  return items.filter((item) => typeof item === "string");
}

/** The folders that `members` names; a glob stands for each folder that fits, one segment after another. */
async function memberFolders({ folder, toml }: Read): Promise<readonly string[]> {
  const found: string[] = [];
  for (const member of textsAt(toml, "members")) {
    found.push(...await expand([folder], member.split("/").filter((part) => part !== ".")));
  }
  return found;
}

async function expand(
  folders: readonly string[],
  segments: readonly string[],
): Promise<readonly string[]> {
  const [first, ...rest] = segments;
  if (first === undefined) return folders;
  if (!/[*?[]/.test(first)) return await expand(folders.map((one) => joinFolder(one, first)), rest);
  const fits = compileGlobs([first]);
  const below: string[] = [];
  for (const folder of folders) {
    const names = await listFolders(folder);
    below.push(...names.filter(fits).map((name) => `${folder}/${name}`));
  }
  return await expand(below, rest);
}

/** The folders that a manifest's dependencies name. */
function pathsIn(toml: CargoToml): readonly string[] {
  return toml.leaves.flatMap(({ path, value }) => {
    const isPath = path.at(-1) === "path" && path.some((key) => /dependencies$/.test(key));
    return isPath && typeof value === "string" ? [value] : [];
  });
}
