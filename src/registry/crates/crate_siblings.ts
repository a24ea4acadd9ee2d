/**
 * Which declared crates depend on which, as their manifests say it.
 *
 * @module
 */

import { isSameVersion } from "../../core/crates/crates_index.ts";
import { joinFolder } from "../../core/manifest/cargo_sites.ts";
import type { CrateVersion } from "../../core/manifest/cargo_versions.ts";
import { Failure } from "../../error.ts";
import type { CargoDependency, CargoMember, CargoWorkspace } from "./cargo_workspace.ts";
import type { CrateSibling } from "./crates_prepared.ts";
import type { HeldCrates } from "./held_crates.ts";
import type { PackagedCrate } from "./package_crates.ts";

/** What is to be prepared, with the folders of everything. */
export interface CratesWork {
  readonly crates: readonly PackagedCrate[];
  readonly workspaces: readonly CargoWorkspace[];
  /** The version of every declared crate, by its folder. */
  readonly versions: ReadonlyMap<string, CrateVersion>;
}

/** A declared crate that another one depends on. */
export interface SiblingLink {
  readonly folder: string;
  readonly sibling: CrateSibling;
  readonly kind: CargoDependency["kind"];
}

/** The workspace of a crate's folder. */
function workspaceAt(
  { workspaces }: CratesWork,
  folder: string,
): CargoWorkspace | undefined {
  return workspaces.find(({ members }) => members.has(folder));
}

/** The crate of a folder; undefined for a folder whose Cargo.toml has no `[package]`. */
export function memberAt(work: CratesWork, folder: string): CargoMember | undefined {
  return workspaceAt(work, folder)?.members.get(folder);
}

/** Declared crates that a crate depends on by path and with a version, which is what remains of it when published. */
export function siblingsOf(work: CratesWork, folder: string): SiblingLink[] {
  return (memberAt(work, folder)?.dependencies ?? []).flatMap(({ name, path, req, kind }) => {
    if (path === undefined || req === "*") return [];
    const at = joinFolder(path, ".");
    const version = work.versions.get(at)?.version;
    return version === undefined ? [] : [{ folder: at, sibling: { name, version }, kind }];
  });
}

/**
 * Crates that ship together while `depends_on` does not say that one needs the other: they would go out in any order,
 * and cargo refuses the first when the second is not in the index.
 */
export function undeclaredSiblings(work: CratesWork): Failure[] {
  const byFolder = new Map(work.crates.map((crate) => [crate.folder, crate.release.package]));
  return work.crates.flatMap(({ release: { package: own }, folder }) =>
    siblingsOf(work, folder).flatMap(({ folder: at, kind }) => {
      const needed = byFolder.get(at);
      if (needed === undefined || needed === own || reaches(work, own.name, needed.name)) return [];
      return [
        new Failure(
          "PIOT_CRATES_MANIFEST",
          `Cannot order the crates: ${own.name} depends on ${needed.name} in Cargo.toml and not in putitoutthere.toml`,
          {
            hint: kind === "dev"
              ? `Leave \`version\` out of the dev-dependency, which cargo then leaves out of what is published, or add "${needed.name}" to \`depends_on\``
              : `Add "${needed.name}" to \`depends_on\` of ${own.name}`,
          },
        ),
      ];
    })
  );
}

/** Whether one package depends on another, directly or by way of packages that ship too. */
function reaches({ crates }: CratesWork, from: string, to: string): boolean {
  const waiting = [from];
  const seen = new Set(waiting);
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const one = crates.find(({ release }) => release.package.name === name);
    for (const next of one?.release.package.dependsOn ?? []) {
      if (next === to) return true;
      if (!seen.has(next)) waiting.push(next);
      seen.add(next);
    }
  }
  return false;
}

/** Crates of other workspaces that ship too, that a batch needs, and that are not in the index yet: folders by name. */
export async function findStandIns(
  held: HeldCrates,
  { work, crates }: { readonly work: CratesWork; readonly crates: readonly PackagedCrate[] },
): Promise<Map<string, string>> {
  const own = workspaceAt(work, crates[0]!.folder);
  const foreign = crates.flatMap(({ folder }) => siblingsOf(work, folder)).filter(({ folder }) =>
    workspaceAt(work, folder) !== own && work.versions.get(folder)?.isPlanned
  );
  const standIns = new Map<string, string>();
  for (const { folder, sibling: { name, version } } of foreign) {
    if (standIns.has(name)) continue;
    const entries = await held.index(name);
    if (!entries.some((entry) => isSameVersion(entry.version, version))) standIns.set(name, folder);
  }
  return standIns;
}
