/**
 * Writes crates' versions into the work tree, where cargo reads them: for the length of a run, after which every file is
 * put back, or to stay, for the job that builds the crate.
 *
 * @module
 */

import { relative } from "node:path";
import { joinFolder } from "../../core/manifest/cargo_sites.ts";
import {
  type CargoManifest,
  type CrateVersion,
  writeCargoVersions,
} from "../../core/manifest/cargo_versions.ts";
import { combineFailures, Failure } from "../../error.ts";
import { createCargo } from "../../host/cargo.ts";
import { readTextIfThere } from "../../host/files.ts";
import type { Env } from "../../host/host.ts";
import { borrowFiles, writeTexts } from "../../host/write_files.ts";
import type { Defer } from "../registry.ts";
import { type CargoWorkspace, readCargoWorkspace } from "./cargo_workspace.ts";

/** What is to be written where. */
export interface CrateWrites {
  /** How a folder is called in messages. */
  readonly label: (folder: string) => string;
  readonly workspaces: readonly CargoWorkspace[];
  /** By the crate's folder. */
  readonly versions: ReadonlyMap<string, CrateVersion>;
}

/**
 * The new texts of manifests and of Cargo.lock, by path; only of those that change. Throws everything that
 * {@link writeCargoVersions} finds.
 */
export async function crateTexts(
  { label, workspaces, versions }: CrateWrites,
): Promise<ReadonlyMap<string, string>> {
  const manifests = (await Promise.all(workspaces.map(readManifests))).flat();
  const locks = await readLocks(workspaces);
  const written = writeCargoVersions({ manifests, versions, locks, label });
  if (written.problems.length > 0) {
    throw combineFailures(
      written.problems.map(({ code, message, ...rest }) => new Failure(code, message, rest)),
    );
  }
  return new Map([
    ...[...written.manifests].map(([folder, text]) => [`${folder}/Cargo.toml`, text] as const),
    ...[...written.locks].map(([folder, text]) => [`${folder}/Cargo.lock`, text] as const),
  ]);
}

/**
 * Writes versions for the length of a run. Everything that cargo may touch is put back through `defer`: a Cargo.lock
 * that was not there before is removed. Throws before a single file is written.
 */
export async function writeVersions(writes: CrateWrites, defer: Defer): Promise<void> {
  const texts = await crateTexts(writes);
  const locks = writes.workspaces.map(({ root }) => `${root}/Cargo.lock`);
  defer(await borrowFiles([...new Set([...texts.keys(), ...locks])]));
  await writeTexts(texts);
}

async function readManifests({ root, members }: CargoWorkspace): Promise<CargoManifest[]> {
  const folders = [...new Set([root, ...members.keys()])];
  return await Promise.all(folders.map(async (folder) => {
    const text = await readTextIfThere(`${folder}/Cargo.toml`) ?? "";
    const member = members.get(folder);
    const crate = member && { name: member.name, version: member.version };
    return { folder, text, workspace: root, crate };
  }));
}

async function readLocks(workspaces: readonly CargoWorkspace[]): Promise<Map<string, string>> {
  const texts = await Promise.all(
    workspaces.map(async ({ root }) =>
      [root, await readTextIfThere(`${root}/Cargo.lock`)] as const
    ),
  );
  return new Map(
    texts.filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
  );
}

/** Which crate, and where it is. */
export interface SetCrateVersionInput {
  readonly env: Env;
  /** The repository's root, absolute. */
  readonly root: string;
  /** The folder of the crate's Cargo.toml, relative to the root. */
  readonly path: string;
  /** The version in semver's spelling. */
  readonly version: string;
}

/**
 * Writes a version where publishing would write it: at its source, with the requirements of the crates beside it and
 * Cargo.lock following. Gives the files that changed, relative to the root. Needs cargo, and no network. Throws
 * `PIOT_CRATES_MANIFEST`, `PIOT_CARGO` or `PIOT_PROGRAM_MISSING`.
 */
export async function setCrateVersion(input: SetCrateVersionInput): Promise<readonly string[]> {
  const { env, root, path, version } = input;
  const label = (folder: string): string => relative(root, folder).replaceAll("\\", "/") || ".";
  const cargo = createCargo({ env, index: "https://index.crates.io" });
  const folder = joinFolder(root, path);
  const workspace = await readCargoWorkspace({ cargo, label }, folder);
  if (!workspace.members.has(folder)) {
    throw new Failure(
      "PIOT_CRATES_MANIFEST",
      `Cannot set the version of "${path}/Cargo.toml": it has no [package]`,
      { hint: "Set `path` in putitoutthere.toml to the folder of the crate, not of its workspace" },
    );
  }
  const versions = new Map([[folder, { version, isPlanned: true }]]);
  const texts = await crateTexts({ label, workspaces: [workspace], versions });
  await writeTexts(texts);
  return [...texts.keys()].map(label).sort();
}
