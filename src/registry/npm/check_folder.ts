/**
 * Checks a package that is packed here from a folder: its manifest, and that each promise of the manifest is among the
 * files that npm would pack.
 *
 * @module
 */

import { join } from "node:path";
import { editJson } from "../../core/npm/json_text.ts";
import { judgeManifest } from "../../core/npm/manifest_rules.ts";
import { binFolder, withBinFolder } from "../../core/npm/package_commands.ts";
import {
  type PackageJson,
  parsePackageJson,
  setPackageVersion,
} from "../../core/npm/package_json.ts";
import { missingFiles, referredFiles } from "../../core/npm/referred_files.ts";
import { resolveWorkspaceRanges } from "../../core/npm/workspace_ranges.ts";
import type { NpmPackage } from "../../core/package.ts";
import { readBytes, readTextIfThere, walkFiles } from "../../host/files.ts";
import type { Release } from "../registry.ts";
import {
  type Additions,
  binWarnings,
  type CheckContext,
  type CheckedPackage,
  pathWarnings,
  pickReadme,
} from "./checked_package.ts";
import {
  bundledDependencies,
  explainMissing,
  filesIsNoList,
  type FolderPlace,
  lostIgnoreFile,
  optionalWarning,
} from "./folder_problems.ts";
import { makeManifest } from "./manifest.ts";
import { listPackageFiles, readPackageFiles } from "./package_files.ts";
import { mainArtifact } from "./source.ts";

/** What {@link checkFolder} looks at. */
export type FolderCheck = CheckContext & FolderPlace & {
  /** What a family adds to its main package. */
  readonly additions?: Additions;
};

/** Checks a folder. The user's files are only read: the version and the sibling ranges are written into a copy. */
export async function checkFolder(check: FolderCheck): Promise<CheckedPackage> {
  const folder = check.source.path;
  const { edit = (text: string) => text, files: added = new Map<string, string>() } =
    check.additions ?? {};
  const delivered = await readTextIfThere(join(folder, "package.json")) ?? "";
  const manifest = await withCommands(parsePackageJson(delivered, shownName(check)), folder);
  const original = edit(delivered);
  const edited = await withCommands(parsePackageJson(original), folder);
  const ranges = resolveWorkspaceRanges(edited, check.versions);
  const paths = [...await listPackageFiles(edited, check), ...added.keys()];
  const missing = missingFiles(referredFiles(edited), paths);
  const problems = [
    ...judgeManifest({ ...check, manifest: edited, ...factsOf(check.release) }),
    ...ranges.problems,
    ...filesIsNoList(edited, check),
    ...bundledDependencies(edited, check),
    ...await lostIgnoreFile(edited, check),
    ...await explainMissing(missing.filter((one) => one.required), check),
  ];
  const files = { manifest, paths, readSome: readSomeOf(folder) };
  const warnings = [
    ...missing.filter((one) => !one.required).map((one) => optionalWarning(one, check)),
    ...pathWarnings(paths, check.release),
    ...await binWarnings(check.release, files),
  ];
  const seen = { ...files, problems, warnings };
  if (problems.length > 0) return { ...seen, ...NOT_PACKED };
  const text = editJson(setPackageVersion(original, check.release.version), ranges.edits);
  const written = await withCommands(parsePackageJson(text), folder);
  const readme = await readReadme(folder, paths);
  return {
    ...seen,
    makeManifest: () =>
      makeManifest(written, {
        commit: check.release.commit,
        readme,
        hasBindingGyp: paths.includes("binding.gyp"),
      }),
    readFiles: () =>
      readPackageFiles(folder, {
        paths,
        manifest: written,
        written: new Map([...added, ["package.json", text]]),
      }),
  };
}

/** What messages call a folder's package.json: \`packages/demo/package.json\`. */
export function shownName({ source, release }: Pick<FolderPlace, "source" | "release">): string {
  const folder = source.isCheckout ? release.package.path : mainArtifact(release).name;
  return `${folder}/package.json`;
}

function factsOf({ package: own, version }: Release<NpmPackage>): {
  package: NpmPackage;
  version: string;
} {
  return { package: own, version };
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
  const below = binFolder(manifest);
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
