/**
 * Stage two for crates: everything that crates.io or cargo could hold against a release, found before anything is sent.
 *
 * @module
 */

import { join } from "node:path";
import { combineFailures, Failure } from "../../error.ts";
import { isSameVersion } from "../../core/crates/crate_names.ts";
import { joinFolder } from "../../core/manifest/cargo_path.ts";
import type { CrateVersion } from "../../core/manifest/cargo_versions.ts";
import type { Cargo } from "../../host/cargo.ts";
import { fileSize, hashFile, makeTempFolder } from "../../host/files.ts";
import type { Git } from "../../host/git.ts";
import type { Defer, PrepareOptions } from "../registry.ts";
import { type CargoWorkspace, readCargoWorkspaces } from "./cargo_workspace.ts";
import { compareCrateArtifact } from "./crate_artifact.ts";
import {
  crateDigest,
  crateFileName,
  type CrateSibling,
  type CratesPrepared,
  type CratesRelease,
} from "./crates_prepared.ts";
import { requireCleanTree } from "./dirty_guard.ts";
import { excludeFolders } from "./git_exclude.ts";
import type { HeldCrates } from "./held_crates.ts";
import {
  listPackageFiles,
  packageCrates,
  type PackagedCrate,
  type PackagingBatch,
  verifyApart,
} from "./package_crates.ts";
import { MOST_CRATE_BYTES, preflight } from "./preflight.ts";
import { writeVersions } from "./write_versions.ts";

/** What preparing needs. */
export interface PrepareParts {
  readonly cargo: Cargo;
  readonly git: Git;
  readonly held: HeldCrates;
  /** The repository's root, absolute. */
  readonly root: string;
  /** Absolute folders of the run itself, which are never packaged. */
  readonly ownFolders: readonly string[];
  readonly defer: Defer;
}

/** What is to be prepared, with the folders of everything. */
interface Work {
  readonly crates: readonly PackagedCrate[];
  readonly workspaces: readonly CargoWorkspace[];
  /** By folder: the version of every declared crate. */
  readonly versions: ReadonlyMap<string, CrateVersion>;
}

/** Checks, writes versions, packages and verifies all crates of a run. Every problem of one step is thrown in one go. */
export async function prepareCrates(
  parts: PrepareParts,
  releases: readonly CratesRelease[],
  { standing = [] }: PrepareOptions = {},
): Promise<CratesPrepared[]> {
  if (releases.length === 0) return [];
  const crates = releases.map((release) => ({
    release,
    folder: folderOf(parts, release.package.path),
  }));
  const found = await readCargoWorkspaces(parts.cargo, crates.map(({ folder }) => folder));
  const versions = new Map<string, CrateVersion>();
  for (const { package: one, version } of standing) {
    if (one.kind !== "crates") continue;
    versions.set(folderOf(parts, one.path), { version, isPlanned: false });
  }
  for (const { folder, release } of crates) {
    versions.set(folder, { version: release.version, isPlanned: true });
  }
  const work: Work = { crates, workspaces: found.workspaces, versions };
  refuse([...found.failures, ...await findProblems(parts, work)]);
  await writeVersions({ ...parts, ...work });
  const { path: targetFolder, remove } = await makeTempFolder("piot-cargo");
  parts.defer(remove);
  return await packageAll(parts, { ...work, targetFolder });
}

function folderOf({ root }: PrepareParts, path: string): string {
  return joinFolder(root, path);
}

function refuse(failures: readonly Failure[]): void {
  if (failures.length > 0) throw combineFailures(failures);
}

async function findProblems(parts: PrepareParts, work: Work): Promise<Failure[]> {
  const problems = work.crates.flatMap(({ release, folder }) => {
    const member = memberAt(work, folder);
    return member === undefined ? [] : preflight(member, release);
  });
  // Outside a git work tree there is no commit that files could differ from.
  if (work.crates.every(({ release }) => release.commit === undefined)) return problems;
  return [...problems, ...await guardTree(parts, work)];
}

async function guardTree(parts: PrepareParts, { crates, workspaces }: Work): Promise<Failure[]> {
  const { git, cargo, defer } = parts;
  try {
    await excludeFolders({ git, defer }, parts.ownFolders);
    await requireCleanTree({
      git,
      crates: crates.map(({ folder, release }) => ({
        folder,
        listFiles: () => listPackageFiles(cargo, { folder, name: release.package.registryName }),
      })),
      manifests: workspaces.flatMap(({ root, members }) =>
        [root, ...members.keys()].map((folder) => `${folder}/Cargo.toml`)
      ),
      locks: workspaces.map(({ root }) => `${root}/Cargo.lock`),
    });
    return [];
  } catch (error) {
    if (error instanceof Failure) return [error];
    throw error;
  }
}

function workspaceAt({ workspaces }: Work, folder: string): CargoWorkspace | undefined {
  return workspaces.find(({ members }) => members.has(folder));
}

function memberAt(
  work: Work,
  folder: string,
): ReturnType<CargoWorkspace["members"]["get"]> {
  return workspaceAt(work, folder)?.members.get(folder);
}

async function packageAll(
  parts: PrepareParts,
  work: Work & { readonly targetFolder: string },
): Promise<CratesPrepared[]> {
  const prepared: CratesPrepared[] = [];
  const failures: Failure[] = [];
  for (const { root, members } of work.workspaces) {
    const crates = work.crates.filter(({ folder }) => members.has(folder));
    if (crates.length === 0) continue;
    try {
      const standIns = await findStandIns(parts, { work, crates });
      const batch = { workspace: root, targetFolder: work.targetFolder, crates, standIns };
      await packageCrates(parts.cargo, batch);
      for (const crate of crates) prepared.push(await measure(batch, { crate, work }));
      await verifyApart(parts.cargo, batch);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  refuse([...failures, ...prepared.flatMap(tooBig)]);
  const order = work.crates.map(({ release }) => release);
  return prepared.sort((one, other) => order.indexOf(one.release) - order.indexOf(other.release));
}

/** Declared crates that a crate depends on by path and with a version. */
function siblingsOf(work: Work, folder: string): { folder: string; sibling: CrateSibling }[] {
  const member = memberAt(work, folder);
  return (member?.dependencies ?? []).flatMap(({ name, path, req }) => {
    const at = path === undefined || req === "*" ? undefined : joinFolder(path, ".");
    const version = at === undefined ? undefined : work.versions.get(at)?.version;
    return at === undefined || version === undefined
      ? []
      : [{ folder: at, sibling: { name, version } }];
  });
}

/** Crates of other workspaces that a batch needs and that are not in the index yet. */
async function findStandIns(
  { held }: PrepareParts,
  { work, crates }: { readonly work: Work; readonly crates: readonly PackagedCrate[] },
): Promise<Map<string, string>> {
  const own = workspaceAt(work, crates[0]!.folder);
  const foreign = crates.flatMap(({ folder }) => siblingsOf(work, folder))
    .filter(({ folder }) =>
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

async function measure(
  { workspace, targetFolder }: PackagingBatch,
  { crate: { release, folder }, work }: { readonly crate: PackagedCrate; readonly work: Work },
): Promise<CratesPrepared> {
  const name = crateFileName({ name: release.package.registryName, version: release.version });
  const path = join(targetFolder, "package", name);
  const { sha256 } = await hashFile(path, ["sha256"]);
  const warning = await compareCrateArtifact(release, sha256);
  return {
    release,
    files: [{ name, size: await fileSize(path), digest: crateDigest(sha256) }],
    warnings: warning === undefined ? [] : [warning],
    workspace,
    targetFolder,
    siblings: siblingsOf(work, folder).map(({ sibling }) => sibling),
  };
}

function tooBig({ release, files: [file] }: CratesPrepared): Failure[] {
  if (file!.size <= MOST_CRATE_BYTES) return [];
  const message = `Cannot publish ${release.package.name}: ${file!.name} has ${
    file!.size
  } bytes, and crates.io takes ${MOST_CRATE_BYTES}`;
  const hint = "Leave files out with `exclude` or `include` in Cargo.toml";
  return [new Failure("PIOT_CRATES_UNPUBLISHABLE", message, { hint })];
}
