/**
 * Writes the planned versions into the work tree, where cargo reads them, and puts every file back when the run ends.
 *
 * @module
 */

import {
  type CargoManifest,
  type CrateVersion,
  writeCargoVersions,
} from "../../core/manifest/cargo_versions.ts";
import { combineFailures, Failure } from "../../error.ts";
import { borrowFiles, writeTexts } from "../../host/write_files.ts";
import { readTextIfThere } from "../../host/files.ts";
import type { Defer } from "../registry.ts";
import type { CargoWorkspace } from "./cargo_workspace.ts";

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
