/**
 * What can be wrong with a folder that a package is packed from, beyond its manifest.
 *
 * @module
 */

import { join } from "node:path";
import type { PackageJson } from "../../core/npm/package_json.ts";
import { missingFiles, type ReferredFile } from "../../core/npm/referred_files.ts";
import type { NpmPackage } from "../../core/package.ts";
import { Failure } from "../../error.ts";
import { kindOfPath, walkFiles } from "../../host/files.ts";
import type { Release } from "../registry.ts";
import { mainArtifact, type Source } from "./source.ts";

/** A folder, and what it is packed for. */
export interface FolderPlace {
  readonly release: Release<NpmPackage>;
  readonly source: Extract<Source, { kind: "folder" }>;
  /** Absolute path of the checkout. */
  readonly root: string;
}

/** What is missing was either not built (`PIOT_ARTIFACT_MISSING`), or is left out by the package's own rules. */
export async function explainMissing(
  missing: readonly ReferredFile[],
  { release, source }: FolderPlace,
): Promise<readonly Failure[]> {
  if (missing.length === 0) return [];
  const onDisk = await walkFiles(source.path);
  const unbuilt = new Set(missingFiles(missing, onDisk));
  const artifact = mainArtifact(release).name;
  const where = source.isCheckout
    ? `the checkout, and there is no artifact "${artifact}"`
    : `the artifact "${artifact}"`;
  return missing.map((one) => {
    const head =
      `Cannot publish "${release.package.registryName}": ${one.field} is "${one.target}"`;
    return unbuilt.has(one)
      ? new Failure("PIOT_ARTIFACT_MISSING", `${head}, which is not in ${where}`, {
        hint: `Build the package and upload its folder as the artifact "${artifact}"`,
      })
      : new Failure("PIOT_NPM_MANIFEST", `${head}, which npm would leave out`, {
        hint: "Add it to `files` in package.json, or take it out of .npmignore or .gitignore",
      });
  });
}

/**
 * upload-artifact leaves out files that start with a dot unless asked (`include-hidden-files`), so an artifact may have
 * lost the ignore file that kept files from being published.
 */
export async function lostIgnoreFile(
  manifest: PackageJson,
  { release, source, root }: FolderPlace,
): Promise<readonly Failure[]> {
  if (manifest.files !== undefined || source.isCheckout) return [];
  for (const name of [".npmignore", ".gitignore"]) {
    if (await isFile(join(source.path, name))) return [];
    if (!await isFile(join(root, release.package.path, name))) continue;
    const artifact = mainArtifact(release).name;
    return [
      new Failure(
        "PIOT_ARTIFACT_INVALID",
        `Cannot publish "${release.package.registryName}": the artifact "${artifact}" lacks the package's ${name}, so files that it leaves out would be published`,
        {
          hint:
            "Name what is published in `files` of package.json, or upload the artifact with `include-hidden-files: true`",
        },
      ),
    ];
  }
  return [];
}

async function isFile(path: string): Promise<boolean> {
  return await kindOfPath(path) === "file";
}

/** Finding what bundling includes needs the installed tree, which a publish job does not have. */
export function bundledDependencies(
  { raw }: PackageJson,
  { release }: FolderPlace,
): readonly Failure[] {
  const list = raw["bundleDependencies"] ?? raw["bundledDependencies"];
  if (list === undefined || list === false || (Array.isArray(list) && list.length === 0)) return [];
  return [
    new Failure(
      "PIOT_NPM_MANIFEST",
      `Cannot pack "${release.package.registryName}": it bundles dependencies`,
      { hint: "Run `npm pack` in the build job and upload the tarball as the artifact" },
    ),
  ];
}

/** A sentence for a file that only tools with conditions of their own would miss. */
export function optionalWarning(
  { field, target }: ReferredFile,
  { release }: FolderPlace,
): string {
  return `"${release.package.registryName}": ${field} is "${target}", which is not published; tools that use this condition will miss it`;
}
