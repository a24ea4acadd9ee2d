/**
 * Checks a package that is packed here from a folder: its manifest, and that each promise of the manifest is among the
 * files that npm would pack.
 *
 * @module
 */

import { readBinary } from "../../artifact/binary/binary.ts";
import { join, relative, sep } from "node:path";
import { editJson } from "../../core/npm/json_text.ts";
import { judgeManifest } from "../../core/npm/manifest_rules.ts";
import { binFolder } from "../../core/npm/package_bin.ts";
import {
  type PackageJson,
  parsePackageJson,
  setPackageVersion,
  withBinFolder,
} from "../../core/npm/package_json.ts";
import { missingFiles, type ReferredFile, referredFiles } from "../../core/npm/referred_files.ts";
import { resolveSiblingRanges, type SiblingRanges } from "../../core/npm/workspace.ts";
import type { Failure } from "../../error.ts";
import { readBytes, readTextIfThere, walkFiles } from "../../host/files.ts";
import type { PackOrigin } from "./checkout_guard.ts";
import {
  bundledDependencies,
  explainMissing,
  filesIsNoList,
  type FolderPlace,
  linkedDocuments,
  lostIgnoreFile,
  optionalWarnings,
  otherDirectory,
} from "./folder_problems.ts";
import {
  type Additions,
  binWarnings,
  type CheckContext,
  type CheckedPackage,
  credentialProblems,
  pathWarnings,
  pickReadme,
} from "./package_check.ts";
import { credentialsIn, listPackageFiles, readPackageFiles } from "./package_files.ts";
import { besideInFolder } from "./beside_manifest.ts";
import { judgeOwnPlatform, type OwnPlatform } from "./own_platform.ts";
import { makeManifest } from "./publish_document.ts";
import { mainArtifact } from "./source.ts";

/** What {@link checkFolder} looks at. */
export type FolderCheck = CheckContext & FolderPlace & {
  /** What a family adds to its main package. */
  readonly additions?: Additions;
};

/** Checks a folder. The user's files are only read: the version and the sibling ranges are written into a copy. */
export async function checkFolder(check: FolderCheck): Promise<CheckedPackage> {
  const { release, source: { path: folder } } = check;
  const { edit = (text: string) => text, files: added = new Map<string, string>() } =
    check.additions ?? {};
  const delivered = await readTextIfThere(join(folder, "package.json")) ?? "";
  const manifest = await withCommands(parsePackageJson(delivered, shownName(check)), folder);
  const text = edit(delivered);
  const edited = await withCommands(parsePackageJson(text), folder);
  const ranges = resolveSiblingRanges(edited, check.siblings);
  const own = withoutOwnFolders(await listPackageFiles(edited, check), { check, edited });
  const paths = [...own, ...added.keys()];
  const missing = missingFiles(referredFiles(edited), paths);
  const platform = await platformIn(folder, { release, manifest: edited, paths: own });
  const problems = [
    ...await problemsOf(edited, { check, missing, ranges }),
    ...platform.problems,
    ...credentialProblems(await credentialsIn(folder, own), {
      name: release.package.registryName,
      files: edited.files,
    }),
  ];
  const files = { manifest, paths, readSome: readSomeOf(folder) };
  const warnings = [
    ...await optionalWarnings(missing.filter(({ required }) => !required), check),
    ...await linkedDocuments(edited, check),
    ...followedWarning(ranges, check),
    ...pathWarnings(paths, release),
    ...await binWarnings(release, files),
    ...platform.warnings,
  ];
  const findings = { ...files, problems, warnings };
  if (problems.length > 0) return { ...findings, ...NOT_PACKED };
  const publish = (from: string): string => publishedText(edit(from), check);
  const published = publish(delivered);
  const written = new Map([...added, ["package.json", published]]);
  const final = await withCommands(parsePackageJson(published), folder);
  const readme = await readReadme(folder, paths);
  const beside = await besideInFolder(final, folder);
  const hasBindingGyp = paths.includes("binding.gyp");
  const origin = { ...originOf(check), paths: own, manifest: edited, publish };
  return {
    ...findings,
    origin,
    makeManifest: () =>
      makeManifest(final, { commit: release.commit, readme, hasBindingGyp, beside }),
    readFiles: () =>
      readPackageFiles(folder, { paths, manifest: final, written, programs: platform.programs }),
  };
}

/** Families hold each of their packages against its target. */
async function platformIn(
  folder: string,
  { release: { package: pkg }, manifest, paths }: Pick<FolderCheck, "release"> & {
    readonly manifest: PackageJson;
    readonly paths: readonly string[];
  },
): Promise<OwnPlatform> {
  return await judgeOwnPlatform({
    ...{ name: pkg.registryName, manifest, paths: pkg.build === "none" ? paths : [] },
    read: (path) => readBinary(join(folder, path)),
  });
}

/** package.json as it goes out: at the planned version, with ranges that npm can resolve. */
function publishedText(text: string, { release, siblings }: FolderCheck): string {
  const { edits } = resolveSiblingRanges(parsePackageJson(text), siblings);
  return editJson(setPackageVersion(text, release.version), edits);
}

function followedWarning(
  { followed }: SiblingRanges,
  { release: { package: { name }, version } }: FolderCheck,
): readonly string[] {
  return followed.length === 0 ? [] : [
    `${name} ${version} asks for its siblings at the versions that go with it: ${
      followed.join(", ")
    }`,
  ];
}

function originOf(
  { release, source }: FolderCheck,
): Pick<PackOrigin, "name" | "artifact" | "isDelivered" | "folder"> {
  return {
    name: release.package.registryName,
    artifact: mainArtifact(release).name,
    isDelivered: !source.isCheckout,
    folder: source.path,
  };
}

/**
 * What other packages had delivered lies in the checkout by default, and a package at its root would take it along. A
 * folder that holds files which the manifest asks for is left as it is.
 */
function withoutOwnFolders(
  paths: readonly string[],
  { check: { source, ownFolders }, edited }: {
    readonly check: FolderCheck;
    readonly edited: PackageJson;
  },
): readonly string[] {
  if (!source.isCheckout) return paths;
  const asked = referredFiles(edited);
  const foreign = ownFolders.map((folder) => relative(source.path, folder).split(sep).join("/"))
    .filter((way) => way !== "" && !/^(\.\.(\/|$)|\/|[A-Za-z]:)/.test(way))
    .filter((way) => {
      const inside = paths.filter((path) => path.startsWith(`${way}/`));
      const outside = paths.filter((path) => !inside.includes(path));
      return missingFiles(asked, outside).length === missingFiles(asked, paths).length;
    });
  return paths.filter((path) => !foreign.some((way) => path.startsWith(`${way}/`)));
}

async function problemsOf(
  edited: PackageJson,
  { check, missing, ranges }: {
    readonly check: FolderCheck;
    readonly missing: readonly ReferredFile[];
    readonly ranges: SiblingRanges;
  },
): Promise<readonly Failure[]> {
  const { release: { package: pkg, version }, registries } = check;
  return [
    ...judgeManifest({ manifest: edited, package: pkg, version, registries }),
    ...ranges.problems,
    ...filesIsNoList(edited, check),
    ...await otherDirectory(edited, check),
    ...bundledDependencies(edited, check),
    ...await lostIgnoreFile(edited, check),
    ...await explainMissing(missing.filter(({ required }) => required), check),
  ];
}

/** What messages call a folder's package.json: `packages/demo/package.json`. */
export function shownName({ source, release }: Pick<FolderPlace, "source" | "release">): string {
  const folder = source.isCheckout ? release.package.path : mainArtifact(release).name;
  return `${folder}/package.json`;
}

function readSomeOf(folder: string): CheckedPackage["readSome"] {
  return async (paths) => {
    const contents = new Map<string, Uint8Array>();
    for (const path of paths) contents.set(path, await readBytes(join(folder, path)));
    return contents;
  };
}

function unreachable(): never {
  throw new Error("unreachable: a package with problems is not packed");
}

const NOT_PACKED: Pick<CheckedPackage, "makeManifest" | "readFiles"> = {
  makeManifest: unreachable,
  readFiles: unreachable,
};

/** Fills in the commands of `directories.bin`, which are whatever lies in that folder. */
export async function withCommands(manifest: PackageJson, folder: string): Promise<PackageJson> {
  const below = binFolder(manifest.raw);
  if (below === undefined) return manifest;
  const files = await walkFiles(join(folder, below));
  return withBinFolder(manifest, files.map((path) => `${below}${path}`));
}

async function readReadme(
  folder: string,
  paths: readonly string[],
): Promise<{ name: string; text: string } | undefined> {
  const name = pickReadme(paths);
  if (name === undefined) return undefined;
  return { name, text: await readTextIfThere(join(folder, name)) ?? "" };
}
