/**
 * Writes a crate's version to stay, for the job that builds it.
 *
 * @module
 */

import { relative } from "node:path";
import { joinFolder } from "../../core/manifest/cargo_sites.ts";
import { Failure } from "../../error.ts";
import { writeTexts } from "../../host/write_files.ts";
import { createCargo } from "../../host/cargo.ts";
import type { Env } from "../../host/host.ts";
import { readCargoWorkspace } from "./cargo_workspace.ts";
import { crateTexts } from "./write_versions.ts";

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
