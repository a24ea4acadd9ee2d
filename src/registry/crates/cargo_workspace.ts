/**
 * What cargo itself says of the workspaces that crates live in: members and their metadata, with everything inherited
 * already filled in. `cargo metadata --no-deps` needs no network and runs no code of a package.
 *
 * @module
 */

import { wordsOf } from "../../core/crates/cargo_output.ts";
import { patchedCrates } from "../../core/crates/patched_crates.ts";
import { joinFolder } from "../../core/manifest/cargo_sites.ts";
import { Failure } from "../../error.ts";
import type { Cargo } from "../../host/cargo.ts";
import { kindOfPath, readTextIfThere } from "../../host/files.ts";

/** A dependency as `cargo metadata` gives it. */
export interface CargoDependency {
  readonly name: string;
  readonly req: string;
  /** What the manifest calls it, where that is not its name. */
  readonly rename?: string | null;
  /** Features of it that are switched on, but for its default ones. */
  readonly features?: readonly string[];
  /** null for a normal one. */
  readonly kind: "dev" | "build" | null;
  /** The folder of a path dependency, absolute. */
  readonly path?: string;
  /** null for a path, else `registry+…`, `sparse+…` or `git+…`. */
  readonly source: string | null;
  /** The index of another registry than crates.io. */
  readonly registry: string | null;
}

/** A crate of a workspace as `cargo metadata` gives it, with names of its document. */
export interface CargoMember {
  readonly name: string;
  readonly version: string;
  readonly manifest_path: string;
  readonly description: string | null;
  readonly license: string | null;
  readonly license_file: string | null;
  readonly readme: string | null;
  readonly homepage: string | null;
  readonly documentation: string | null;
  readonly repository: string | null;
  readonly keywords: readonly string[];
  readonly categories: readonly string[];
  readonly features: Readonly<Record<string, readonly string[]>>;
  /** null: anywhere; an empty list: `publish = false`. */
  readonly publish: readonly string[] | null;
  readonly dependencies: readonly CargoDependency[];
}

/** One workspace; a crate that stands alone is one of one. */
export interface CargoWorkspace {
  /** The folder of its root manifest, absolute, with `/`. */
  readonly root: string;
  /** By folder, absolute, with `/`. */
  readonly members: ReadonlyMap<string, CargoMember>;
  /** Folders that its `[patch]` takes crates of crates.io from, absolute, with `/`, by their names. */
  readonly patches: ReadonlyMap<string, string>;
}

/** What reading needs. */
export interface WorkspaceReader {
  readonly cargo: Cargo;
  /** How a folder is called in messages. */
  readonly label: (folder: string) => string;
}

/**
 * Reads the workspace that a crate's folder belongs to. Throws `PIOT_CRATES_MANIFEST` when the folder has no Cargo.toml
 * and `PIOT_CARGO` when cargo cannot read it.
 */
export async function readCargoWorkspace(
  { cargo, label }: WorkspaceReader,
  folder: string,
): Promise<CargoWorkspace> {
  const manifest = `${folder}/Cargo.toml`;
  const shown = `"${label(folder)}/Cargo.toml"`;
  if (await kindOfPath(manifest) !== "file") {
    throw new Failure("PIOT_CRATES_MANIFEST", `Cannot read ${shown}: there is no such file`, {
      hint: "Set `path` in putitoutthere.toml to the folder that has the crate's Cargo.toml",
    });
  }
  // With the manifest named, cargo gives every path below the folder as it was named, links unresolved.
  const args = ["metadata", "--no-deps", "--format-version", "1", "--manifest-path", manifest];
  const { code, stdout, stderr } = await cargo(args, { cwd: folder });
  if (code !== 0) {
    throw new Failure("PIOT_CARGO", `Cannot read ${shown}: ${wordsOf(stderr)}`, {
      hint: "Run `cargo metadata --no-deps` in that folder to see it by hand",
    });
  }
  const { workspace_root, packages } = JSON.parse(stdout) as {
    workspace_root: string;
    packages: CargoMember[];
  };
  const members = packages.map((member) =>
    [joinFolder(member.manifest_path, ".."), member] as const
  );
  const root = joinFolder(workspace_root, ".");
  return { root, members: new Map(members), patches: await readPatches(root) };
}

async function readPatches(root: string): Promise<ReadonlyMap<string, string>> {
  const text = await readTextIfThere(`${root}/Cargo.toml`) ?? "";
  const patched = [...patchedCrates(new TextEncoder().encode(text))];
  return new Map(patched.map(([name, path]) => [name, joinFolder(root, path)]));
}

/** The folder of a crate beside it that a member of a workspace depends on; undefined for one that is elsewhere. */
export function folderOfDependency(
  { patches }: Pick<CargoWorkspace, "patches">,
  { name, path, registry, source }: CargoDependency,
): string | undefined {
  if (path !== undefined) return joinFolder(path, ".");
  const isOfCratesIo = registry === null && source?.startsWith("git+") !== true;
  return isOfCratesIo ? patches.get(name) : undefined;
}

/** What {@link readCargoWorkspaces} found. */
export interface ReadWorkspaces {
  /** In the order in which they were found. */
  readonly workspaces: readonly CargoWorkspace[];
  /** What stands against reading, by folder. */
  readonly failures: ReadonlyMap<string, Failure>;
}

/** Reads every workspace that folders belong to, and those of the crates that they reach by path, directly or not. */
export async function readCargoWorkspaces(
  reader: WorkspaceReader,
  folders: readonly string[],
): Promise<ReadWorkspaces> {
  const workspaces: CargoWorkspace[] = [];
  const failures = new Map<string, Failure>();
  const known = new Set<string>();
  const waiting = [...folders];
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    if (known.has(folder)) continue;
    known.add(folder);
    try {
      const workspace = await readCargoWorkspace(reader, folder);
      if (workspaces.some(({ root }) => root === workspace.root)) continue;
      workspaces.push(workspace);
      for (const [own, { dependencies }] of workspace.members) {
        known.add(own);
        waiting.push(...dependencies.flatMap((one) => folderOfDependency(workspace, one) ?? []));
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.set(folder, error);
    }
  }
  return { workspaces, failures };
}
