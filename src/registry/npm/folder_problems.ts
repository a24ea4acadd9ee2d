/**
 * What can be wrong with a folder that a package is packed from, beyond its manifest.
 *
 * @module
 */

import { join } from "node:path";
import { compileGlobs } from "../../core/model/glob.ts";
import type { NpmPackage } from "../../core/model/package.ts";
import type { PackageJson } from "../../core/npm/package_json.ts";
import { missingFiles, type ReferredFile } from "../../core/npm/referred_files.ts";
import { Failure } from "../../error.ts";
import { isBehindLink, kindOfPath, linksIn, walkFiles } from "../../host/files.ts";
import type { Release } from "../registry.ts";
import { mainArtifact, type Source } from "./source.ts";

/** A folder, and what it is packed for. */
export interface FolderPlace {
  readonly release: Release<NpmPackage>;
  readonly source: Extract<Source, { kind: "folder" }>;
  /** Absolute path of the checkout. */
  readonly root: string;
}

/** What is missing was not built (`PIOT_ARTIFACT_MISSING`), is a link, or is left out by the package's own rules. */
export async function explainMissing(
  missing: readonly ReferredFile[],
  place: FolderPlace,
): Promise<readonly Failure[]> {
  if (missing.length === 0) return [];
  const onDisk = await walkFiles(place.source.path);
  const unbuilt = new Set(missingFiles(missing, onDisk));
  const failures: Failure[] = [];
  for (const file of missing) {
    const isThere = !unbuilt.has(file);
    const isLinked = !isThere && await isLink(file, place.source.path);
    failures.push(whyMissing(file, { place, isThere, isLinked }));
  }
  return failures;
}

async function isLink({ anyOf }: ReferredFile, folder: string): Promise<boolean> {
  for (const path of anyOf.filter((candidate) => !candidate.includes("*"))) {
    if (await isBehindLink(folder, path.replace(/\/$/, ""))) return true;
  }
  return false;
}

function whyMissing(
  { field, target }: ReferredFile,
  { place: { release, source }, isThere, isLinked }: {
    readonly place: FolderPlace;
    readonly isThere: boolean;
    readonly isLinked: boolean;
  },
): Failure {
  const head = `Cannot publish "${release.package.registryName}": ${field} is "${target}"`;
  const artifact = mainArtifact(release).name;
  if (isThere) {
    return new Failure("PIOT_NPM_MANIFEST", `${head}, which npm would leave out`, {
      hint:
        "Add it to `files` in package.json, or take it out of .npmignore or .gitignore; npm never packs node_modules, lock files and .npmrc",
    });
  }
  if (isLinked) {
    return new Failure("PIOT_NPM_MANIFEST", `${head}, a symbolic link, and npm packs none`, {
      hint: "Put a copy in its place in the build job, or name the file that it leads to",
    });
  }
  const where = source.isCheckout
    ? `the checkout, and there is no artifact "${artifact}"`
    : `the artifact "${artifact}"`;
  return new Failure("PIOT_ARTIFACT_MISSING", `${head}, which is not in ${where}`, {
    hint: `Build the package and upload its folder as the artifact "${artifact}"`,
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

/** npm takes a string apart into letters, and stops at other things; either way the wrong files would be published. */
export function filesIsNoList({ raw }: PackageJson, { release }: FolderPlace): readonly Failure[] {
  const { files } = raw;
  if (files === undefined || files === null) return [];
  if (Array.isArray(files) && files.every((path) => typeof path === "string")) return [];
  return [
    new Failure(
      "PIOT_NPM_MANIFEST",
      `Cannot pack "${release.package.registryName}": \`files\` in its package.json is ${
        JSON.stringify(files)
      }, and no list of paths`,
      { hint: 'Write a list of strings, such as "files": ["dist"]' },
    ),
  ];
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

/**
 * pnpm publishes the folder that `publishConfig.directory` names; npm does not know the key. A delivered folder is what it
 * names already, unless that lies in it.
 */
export async function otherDirectory(
  { raw }: PackageJson,
  { release, source }: FolderPlace,
): Promise<readonly Failure[]> {
  const { directory } = (raw["publishConfig"] ?? {}) as { directory?: unknown };
  if (typeof directory !== "string" || /^\.?\/?$/.test(directory)) return [];
  if (!source.isCheckout && await kindOfPath(join(source.path, directory)) !== "folder") return [];
  const artifact = mainArtifact(release).name;
  return [
    new Failure(
      "PIOT_NPM_MANIFEST",
      `Cannot pack "${release.package.registryName}": publishConfig.directory in its package.json is "${directory}", which pnpm publishes in this folder's place`,
      {
        hint:
          `Let the build job upload the folder "${directory}" as the artifact "${artifact}", with a package.json in it; or take the key out`,
      },
    ),
  ];
}

/** npm packs no symbolic links: a README that is one would be missing without a word. */
export async function linkedDocuments(
  manifest: Pick<PackageJson, "files">,
  { release, source }: FolderPlace,
): Promise<readonly string[]> {
  const linked = (await linksIn(source.path)).filter((name) =>
    DOCUMENT.test(name) || (LICENCES.test(name) && isListed(name, manifest))
  );
  return linked.map((name) =>
    `"${release.package.registryName}": ${name} is a symbolic link, and npm packs none: the package goes out without it; put a copy in its place`
  );
}

/** `LICENSE-MIT` and `LICENSE-APACHE`, as crates have them, are packed where `files` does not leave them out. */
const LICENCES = /^(?:licen[cs]e|copying|readme)[-_]/i;

function isListed(name: string, { files }: Pick<PackageJson, "files">): boolean {
  if (files === undefined) return true;
  const globs = files.filter((pattern) => !pattern.startsWith("!"));
  return compileGlobs(globs.map((pattern) => pattern.replace(/^\.?\//, "")))(name);
}

const DOCUMENT = /^(?:readme|licen[cs]e|copying|notice|changelog|history)(?:\.|$)/i;

/** Sentences for files that nothing breaks without; what is a symbolic link is told as one (`linkedDocuments()`). */
export async function optionalWarnings(
  missing: readonly ReferredFile[],
  place: FolderPlace,
): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const file of missing) {
    const isTold = file.field === "files" && await isLink(file, place.source.path);
    if (!isTold) warnings.push(optionalWarning(file, place));
  }
  return warnings;
}

/** A condition of `exports` is one that only tools of the author's own know. */
function optionalWarning(
  { field, target }: ReferredFile,
  { release }: FolderPlace,
): string {
  const what = `"${release.package.registryName}": ${field}`;
  return field === "files"
    ? `${what} names "${target}", which is not there`
    : `${what} is "${target}", which is not published; tools that use this condition will miss it`;
}
