/**
 * Packages every crate of a run, workspace by workspace, and measures what came out.
 *
 * @module
 */

import { join } from "node:path";
import { combineFailures, Failure } from "../../error.ts";
import type { Cargo } from "../../host/cargo.ts";
import { fileSize } from "../../host/files.ts";
import { hashFile } from "../../host/hash_file.ts";
import { compareCrateArtifact } from "./crate_artifact.ts";
import { type CratesWork, findStandIns, memberAt, siblingsOf } from "./crate_siblings.ts";
import { crateDigest, crateFileName, type CratesPrepared } from "./crates_prepared.ts";
import type { HeldCrates } from "./held_crates.ts";
import {
  packageCrates,
  type PackagedCrate,
  type PackagingBatch,
  verifyApart,
} from "./package_crates.ts";
import { MOST_CRATE_BYTES } from "./preflight.ts";

/**
 * One prepared release per crate, in the order of the work. Throws, for all workspaces in one go, what cargo says
 * (`PIOT_CARGO`), what a delivered crate contradicts (`PIOT_ARTIFACT_INVALID`), and files that are too big for crates.io
 * (`PIOT_CRATES_UNPUBLISHABLE`).
 */
export async function packageWorkspaces(
  { cargo, held }: { readonly cargo: Cargo; readonly held: HeldCrates },
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
      await packageCrates(cargo, batch);
      for (const crate of crates) prepared.push(await measure(batch, { crate, work }));
      await verifyApart(cargo, batch);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  failures.push(...prepared.flatMap(tooBig));
  if (failures.length > 0) throw combineFailures(failures);
  const order = work.crates.map(({ release }) => release);
  return prepared.sort((one, other) => order.indexOf(one.release) - order.indexOf(other.release));
}

async function measure(
  { workspace, targetFolder }: PackagingBatch,
  { crate: { release, folder }, work }: {
    readonly crate: PackagedCrate;
    readonly work: CratesWork;
  },
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
