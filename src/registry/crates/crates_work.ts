/**
 * The crates of a run: what is to be released of them, what is ready, and which depends on which, as their manifests say
 * it.
 *
 * @module
 */

import { satisfiesRequirement } from "../../core/manifest/cargo_sites.ts";
import type { CrateVersion } from "../../core/manifest/cargo_versions.ts";
import type { CratesPackage } from "../../core/model/package.ts";
import type { Prepared, Release } from "../registry.ts";
import {
  type CargoDependency,
  type CargoMember,
  type CargoWorkspace,
  folderOfDependency,
} from "./cargo_workspace.ts";

/** A release of a crate. */
export type CratesRelease = Release<CratesPackage>;

/** A release, and where its crate is. */
export interface LocatedCrate {
  readonly release: CratesRelease;
  /** The folder of its Cargo.toml, absolute, with `/`. */
  readonly folder: string;
}

/** A crate on the registry that another one depends on, which must be in the index before cargo can package the dependent. */
export interface CrateSibling {
  /** Its name on crates.io. */
  readonly name: string;
  readonly version: string;
}

/** How cargo is to be called for a crate. */
export interface CargoUpload {
  /** The workspace's folder, where cargo runs: its settings are found from there. */
  readonly workspace: string;
  /** The folder that cargo builds and packages in, outside the work tree. */
  readonly targetFolder: string;
}

/** A crate that was built elsewhere, and goes out as it is. */
export interface ReadyUpload {
  /** Absolute path of the `.crate`. */
  readonly path: string;
  /** Bytes of it. */
  readonly size: number;
  /** The JSON that goes before it. */
  readonly document: string;
}

/** What {@link Prepared} is for crates: one file, the `.crate`, and how it goes out. */
export interface CratesPrepared extends Prepared {
  readonly release: CratesRelease;
  /** By cargo, or as it is. */
  readonly way:
    | { readonly by: "cargo"; readonly cargo: CargoUpload }
    | { readonly by: "ready"; readonly ready: ReadyUpload };
  /** Slugs that its Cargo.toml names; crates.io alone knows which there are. */
  readonly categories: readonly string[];
  /** Declared crates that this one depends on. */
  readonly siblings: readonly CrateSibling[];
}

/** The name that a crate's file has everywhere: `demo-1.0.0.crate`. */
export function crateFileName({ name, version }: CrateSibling): string {
  return `${name}-${version}.crate`;
}

/** The digest of a `.crate` as the sparse index spells it. */
export function crateDigest(sha256: string): string {
  return `sha256-${sha256}`;
}

/** cargo's own name for a crate at a version; it refuses to run when the manifest says another version. */
export function specOf({ package: { registryName }, version }: CratesRelease): string {
  return `${registryName}@${version}`;
}

/** What is to be prepared, with the folders of everything. */
export interface CratesWork {
  /** Those that cargo packages here. */
  readonly crates: readonly LocatedCrate[];
  /** Those that ship besides, and are ready. */
  readonly ready: readonly LocatedCrate[];
  readonly workspaces: readonly CargoWorkspace[];
  /** The version of every declared crate, by its folder. */
  readonly versions: ReadonlyMap<string, CrateVersion>;
}

/** A declared crate that another one depends on. */
export interface SiblingLink {
  readonly folder: string;
  readonly sibling: CrateSibling;
  readonly dependency: CargoDependency;
  readonly kind: CargoDependency["kind"];
}

/** The workspace of a crate's folder. */
export function workspaceAt(
  { workspaces }: CratesWork,
  folder: string,
): CargoWorkspace | undefined {
  return workspaces.find(({ members }) => members.has(folder));
}

/** The crate of a folder; undefined for a folder whose Cargo.toml has no `[package]`. */
export function memberAt(work: CratesWork, folder: string): CargoMember | undefined {
  return workspaceAt(work, folder)?.members.get(folder);
}

/**
 * Declared crates that a crate depends on with a version, which is what remains of it when published: by path, or by a
 * `[patch]` of a version that the requirement admits. One that it does not admit is another release of that crate.
 */
export function siblingsOf(work: CratesWork, folder: string): SiblingLink[] {
  return linksOf(work, folder).filter(({ isAdmitted }) => isAdmitted);
}

/** Declared crates that a crate depends on, and whether at the very version that they have now. */
export function linksOf(
  work: CratesWork,
  folder: string,
): (SiblingLink & { readonly isAdmitted: boolean })[] {
  const workspace = workspaceAt(work, folder);
  return (workspace?.members.get(folder)?.dependencies ?? []).flatMap((dependency) => {
    const { name, path, req, kind } = dependency;
    const at = folderOfDependency(workspace!, dependency);
    const version = at === undefined ? undefined : work.versions.get(at)?.version;
    if (at === undefined || version === undefined || req === "*") return [];
    // A requirement by path follows the version.
    const isAdmitted = path !== undefined || satisfiesRequirement(req, version);
    return [{ folder: at, sibling: { name, version }, dependency, kind, isAdmitted }];
  });
}
