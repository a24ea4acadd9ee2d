/**
 * Versions of crates, written where publishing would write them: at their source, with the requirements of the crates
 * beside them and Cargo.lock following. Needs cargo, and no network.
 *
 * @module
 */

import { relative } from "node:path";
import { joinFolder } from "../../core/manifest/cargo_sites.ts";
import { combineFailures, Failure } from "../../error.ts";
import { CARGO_INDEX, createCargo } from "../../host/cargo.ts";
import type { VersionTexts, VersionWork, VersionWriter } from "../version_writer.ts";
import { readCargoWorkspaces } from "./cargo_workspace.ts";
import { crateTexts, versionsByFolder } from "./write_versions.ts";

/** Crates among the kinds that versions are written for. */
export const CRATES_VERSIONS: VersionWriter = {
  writesRequirements: true,
  write: writeCrateVersions,
};

/** Throws `PIOT_CRATES_MANIFEST`, `PIOT_CRATES_SHARED_VERSION`, `PIOT_CARGO` or `PIOT_PROGRAM_MISSING`. */
async function writeCrateVersions(work: VersionWork): Promise<VersionTexts> {
  const { host: { env }, root, releases } = work;
  const label = (folder: string): string => relative(root, folder).replaceAll("\\", "/") || ".";
  const cargo = createCargo({ env, index: CARGO_INDEX });
  const folders = releases.map(({ package: { path } }) => joinFolder(root, path));
  const { workspaces, failures } = await readCargoWorkspaces({ cargo, label }, folders);
  const bare = folders.filter((folder) =>
    !failures.has(folder) && !workspaces.some(({ members }) => members.has(folder))
  );
  const problems = [...failures.values(), ...bare.map((folder) => noPackage(label(folder)))];
  if (problems.length > 0) throw combineFailures(problems);
  const versions = versionsByFolder(work);
  return { texts: await crateTexts({ label, workspaces, versions }), notes: [] };
}

function noPackage(path: string): Failure {
  return new Failure(
    "PIOT_CRATES_MANIFEST",
    `Cannot set the version of "${path}/Cargo.toml": it has no [package]`,
    { hint: "Set `path` in putitoutthere.toml to the folder of the crate, not of its workspace" },
  );
}
