/**
 * A `.crate` that the build job delivers. It is never what is uploaded, since cargo packages what it publishes: it is
 * held against what cargo packages here, and a difference tells that the two jobs do not see the same files.
 *
 * @module
 */

import { join } from "node:path";
import { Failure } from "../../error.ts";
import { walkFiles } from "../../host/files.ts";
import { hashFile } from "../../host/hash_file.ts";
import { crateFileName, type CratesRelease } from "./crates_prepared.ts";

/**
 * Compares a delivered crate. Gives a warning when its bytes differ; undefined when they are the same or none was
 * delivered. Throws `PIOT_ARTIFACT_INVALID` when the folder has the crate at other versions only.
 */
export async function compareCrateArtifact(
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
