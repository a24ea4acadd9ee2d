/**
 * Packages every crate of a run that no build job delivered, workspace by workspace, and measures what came out.
 *
 * @module
 */

import { basename, join } from "node:path";
import { isSameVersion } from "../../core/crates/crates_index.ts";
import { combineFailures, Failure } from "../../error.ts";
import { fileSize } from "../../host/files.ts";
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
import type { Refuse } from "../registry.ts";
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
 * (`PIOT_CARGO`), and files that are too big for crates.io (`PIOT_CRATES_UNPUBLISHABLE`).
 */
export async function packageWorkspaces(
  { held, refuse, ...packer }: Packer & {
    readonly held: HeldCrates;
    readonly refuse?: Refuse | undefined;
  },
  work: CratesWork & { readonly targetFolder: string },
): Promise<CratesPrepared[]> {
  const prepared: CratesPrepared[] = [];
  const failures: Failure[] = [];
  const refused = new Set<CratesRelease>();
  const own = (release: CratesRelease, problems: readonly Failure[]): void => {
    if (problems.length === 0) return;
    refused.add(release);
    if (refuse === undefined) failures.push(...problems);
    else refuse(release, combineFailures(problems));
  };
  for (const { root, members } of work.workspaces) {
    const crates = work.crates.filter(({ folder }) => members.has(folder));
    if (crates.length === 0) continue;
    try {
      const standIns = await findStandIns(held, { work, crates });
      const batch = { workspace: root, targetFolder: work.targetFolder, crates, standIns };
      const groups = await packageCrates(packer, batch);
      const measured: CratesPrepared[] = [];
      for (const crate of crates) {
        const one = await measure(batch, { crate, work }).catch(asFailure);
        if (!(one instanceof Failure)) measured.push(one);
        own(crate.release, [
          ...(one instanceof Failure ? [one] : []),
          ...await credentialsInCrate(packagedFile(batch, crate), crate.release),
        ]);
      }
      const unverified = await verifyApart(packer, batch, groups);
      prepared.push(...measured.map((crate) => withWarnings(crate, unverified)));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  for (const one of prepared) own(one.release, tooBig(one));
  if (failures.length > 0) throw combineFailures(failures);
  const order = work.crates.map(({ release }) => release);
  return prepared.filter(({ release }) => !refused.has(release)).sort((left, right) =>
    order.indexOf(left.release) - order.indexOf(right.release)
  );
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
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

/**
 * Crates that ship too, that a batch needs, and that are not in the index yet: folders by name. cargo itself stands in for
 * what it packages together, but for crates that are needed by version and patched by a folder.
 */
async function findStandIns(
  held: HeldCrates,
  { work, crates }: { readonly work: CratesWork; readonly crates: readonly LocatedCrate[] },
): Promise<Map<string, string>> {
  const own = workspaceAt(work, crates[0]!.folder);
  const ready = new Set(work.ready.map(({ folder }) => folder));
  const foreign = crates.flatMap(({ folder }) => siblingsOf(work, folder)).filter((link) =>
    ready.has(link.folder) || work.versions.get(link.folder)?.isPlanned &&
      (workspaceAt(work, link.folder) !== own || link.dependency.path === undefined)
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
  return {
    release,
    files: [{ name, size: await fileSize(path), digest: crateDigest(sha256) }],
    warnings: [],
    way: { by: "cargo", cargo: { workspace, targetFolder } },
    categories: memberAt(work, folder)?.categories ?? [],
    siblings: siblingsOf(work, folder).map(({ sibling }) => sibling),
  };
}

/** A file that crates.io takes from nobody. */
export function tooBig(
  { release, files: [file] }: Pick<CratesPrepared, "release" | "files">,
): Failure[] {
  if (file!.size <= MOST_CRATE_BYTES) return [];
  const message = `Cannot publish ${release.package.name}: ${file!.name} has ${
    file!.size
  } bytes, and crates.io takes ${MOST_CRATE_BYTES}`;
  const hint = "Leave files out with `exclude` or `include` in Cargo.toml";
  return [new Failure("PIOT_CRATES_UNPUBLISHABLE", message, { hint })];
}
