/**
 * Packages every crate of a run, workspace by workspace, and measures what came out. A `.crate` that the build job
 * delivers is never what is uploaded, since cargo packages what it publishes: it is held against what cargo packages
 * here, and a difference tells that the two jobs do not see the same files.
 *
 * @module
 */

import { basename, join } from "node:path";
import { isSameVersion } from "../../core/crates/crates_index.ts";
import { combineFailures, Failure } from "../../error.ts";
import { fileSize, walkFiles } from "../../host/files.ts";
import { hashFile } from "../../host/hash_file.ts";
import { credentialsInCrate } from "./check_crate.ts";
import {
  crateDigest,
  crateFileName,
  type CratesPrepared,
  type CratesRelease,
  type CratesWork,
  type LocatedCrate,
  memberAt,
  siblingsOf,
  workspaceAt,
} from "./crates_work.ts";
import type { HeldCrates } from "./held_crates.ts";
import {
  packageCrates,
  type PackagingBatch,
  type Packer,
  type Unverified,
  verifyApart,
} from "./package_crates.ts";
import { MOST_CRATE_BYTES } from "./preflight.ts";

/**
 * One prepared release per crate, in the order of the work. Throws, for all workspaces in one go, what cargo says
 * (`PIOT_CARGO`), what a delivered crate contradicts (`PIOT_ARTIFACT_INVALID`), and files that are too big for crates.io
 * (`PIOT_CRATES_UNPUBLISHABLE`).
 */
export async function packageWorkspaces(
  { held, ...packer }: Packer & { readonly held: HeldCrates },
  work: CratesWork & { readonly targetFolder: string },
): Promise<CratesPrepared[]> {
  const prepared: CratesPrepared[] = [];
  const failures: Failure[] = [];
  for (const { root, members } of work.workspaces) {
    const crates = work.crates.filter(({ folder }) => members.has(folder));
    if (crates.length === 0) continue;
    try {
      const standIns = await findStandIns(held, { work, crates });
      const batch = { workspace: root, targetFolder: work.targetFolder, crates, standIns };
      const groups = await packageCrates(packer, batch);
      const measured: CratesPrepared[] = [];
      for (const crate of crates) {
        measured.push(await measure(batch, { crate, work }));
        failures.push(...await credentialsInCrate(packagedFile(batch, crate), crate.release));
      }
      const unverified = await verifyApart(packer, batch, groups);
      prepared.push(...measured.map((crate) => withWarnings(crate, unverified)));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  failures.push(...prepared.flatMap(tooBig));
  if (failures.length > 0) throw combineFailures(failures);
  const order = work.crates.map(({ release }) => release);
  return prepared.sort((left, right) => order.indexOf(left.release) - order.indexOf(right.release));
}

/** Says of a crate that it was not built, where it was not. */
function withWarnings(prepared: CratesPrepared, unverified: Unverified): CratesPrepared {
  const [, missing] = [...unverified].find(([{ release }]) => release === prepared.release) ?? [];
  if (missing === undefined) return prepared;
  const { package: { name }, version } = prepared.release;
  const whys = missing.map((dependency) => `${dependency.name}: ${dependency.why}`).join("; ");
  const warning =
    `${name} ${version} is packed and not verified, since cargo cannot get what it needs (${whys})`;
  return { ...prepared, warnings: [...prepared.warnings, warning] };
}

/** Crates of other workspaces that ship too, that a batch needs, and that are not in the index yet: folders by name. */
async function findStandIns(
  held: HeldCrates,
  { work, crates }: { readonly work: CratesWork; readonly crates: readonly LocatedCrate[] },
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

function packagedFile({ targetFolder }: PackagingBatch, { release }: LocatedCrate): string {
  const { package: { registryName: name }, version } = release;
  return join(targetFolder, "package", crateFileName({ name, version }));
}

async function measure(
  batch: PackagingBatch,
  { crate, work }: { readonly crate: LocatedCrate; readonly work: CratesWork },
): Promise<CratesPrepared> {
  const { workspace, targetFolder } = batch;
  const { release, folder } = crate;
  const path = packagedFile(batch, crate);
  const name = basename(path);
  const { sha256 } = await hashFile(path, ["sha256"]);
  const warning = await compareDelivered(release, sha256);
  return {
    release,
    files: [{ name, size: await fileSize(path), digest: crateDigest(sha256) }],
    warnings: warning === undefined ? [] : [warning],
    workspace,
    targetFolder,
    categories: memberAt(work, folder)?.categories ?? [],
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

/**
 * Compares a delivered crate. Gives a warning when its bytes differ; undefined when they are the same or none was
 * delivered. Throws `PIOT_ARTIFACT_INVALID` when the folder has the crate at other versions only.
 */
async function compareDelivered(
  release: CratesRelease,
  sha256: string,
): Promise<string | undefined> {
  const artifact = release.artifacts.find(({ folder }) => folder !== undefined);
  if (artifact?.folder === undefined) return undefined;
  const { registryName: name } = release.package;
  const wanted = crateFileName({ name, version: release.version });
  const crates = (await walkFiles(artifact.folder)).filter((file) => file.endsWith(".crate"));
  const found = crates.find((file) => file.split("/").at(-1) === wanted);
  if (found === undefined) {
    const others = crates.filter((file) => isOfCrate(file.split("/").at(-1)!, name));
    if (others.length === 0) return undefined;
    throw new Failure(
      "PIOT_ARTIFACT_INVALID",
      `Cannot use the artifact "${artifact.name}": it holds "${
        others.join('", "')
      }" and not "${wanted}"`,
      {
        hint:
          `Write version ${release.version} into its Cargo.toml before the build job packages it`,
      },
    );
  }
  const delivered = (await hashFile(join(artifact.folder, found), ["sha256"])).sha256;
  if (delivered === sha256) return undefined;
  return `${wanted} of the artifact "${artifact.name}" (sha256 ${delivered}) differs from what cargo packages here (sha256 ${sha256}), which is what is published`;
}

/** Whether a file is some version of a crate: what follows the name is a version, so `demo-util-1.0.0` is not `demo`. */
function isOfCrate(file: string, name: string): boolean {
  return file.startsWith(`${name}-`) && /^\d/.test(file.slice(name.length + 1));
}
