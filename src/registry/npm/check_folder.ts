/**
 * Checks a package that is packed here from a folder: its manifest, and that each promise of the manifest is among the
 * files that npm would pack.
 *
 * @module
 */

import { join } from "node:path";
import { editJson } from "../../core/npm/json_text.ts";
import { judgeManifest } from "../../core/npm/manifest_rules.ts";
import {
  type PackageJson,
  parsePackageJson,
  plainPath,
  setPackageVersion,
  withBinFolder,
} from "../../core/npm/package_json.ts";
import { missingFiles, referredFiles } from "../../core/npm/referred_files.ts";
import { resolveWorkspaceRanges } from "../../core/npm/workspace_ranges.ts";
import type { NpmPackage } from "../../core/package.ts";
import type { Failure } from "../../error.ts";
import { readTextIfThere, walkFiles } from "../../host/files.ts";
import type { Release } from "../registry.ts";
import {
  type CheckContext,
  type CheckedPackage,
  fileCountWarning,
  pickReadme,
} from "./checked_package.ts";
import {
  bundledDependencies,
  explainMissing,
  type FolderPlace,
  lostIgnoreFile,
  optionalWarning,
} from "./folder_problems.ts";
import { makeManifest } from "./manifest.ts";
import { listPackageFiles, readPackageFiles } from "./package_files.ts";
import { mainArtifact } from "./source.ts";

/** What {@link checkFolder} looks at. */
export type FolderCheck = CheckContext & FolderPlace;

/** Checks a folder. The user's files are only read: the version and the sibling ranges are written into a copy. */
export async function checkFolder(check: FolderCheck): Promise<CheckedPackage> {
  const folder = check.source.path;
  const original = await readTextIfThere(join(folder, "package.json")) ?? "";
  const manifest = await withCommands(parsePackageJson(original, shownName(check)), folder);
  const ranges = resolveWorkspaceRanges(manifest, check.versions);
  const paths = await listPackageFiles(manifest, check);
  const missing = missingFiles(referredFiles(manifest), paths);
  const problems = [
    ...judgeManifest({ ...check, manifest, ...factsOf(check.release) }),
    ...ranges.problems,
    ...bundledDependencies(manifest, check),
    ...await lostIgnoreFile(manifest, check),
    ...await explainMissing(missing.filter((one) => one.required), check),
  ];
  const warnings = [
    ...missing.filter((one) => !one.required).map((one) => optionalWarning(one, check)),
    ...fileCountWarning(paths.length, check.release),
  ];
  if (problems.length > 0) return blocked(problems, warnings);
  const text = editJson(setPackageVersion(original, check.release.version), ranges.edits);
  const written = await withCommands(parsePackageJson(text), folder);
  const readme = await readReadme(folder, paths);
  return {
    problems,
    warnings,
    makeManifest: () =>
      makeManifest(written, {
        commit: check.release.commit,
        readme,
        hasBindingGyp: paths.includes("binding.gyp"),
      }),
    readFiles: () => readPackageFiles(folder, { paths, manifest: written, text }),
  };
}

function shownName({ source, release }: FolderPlace): string {
  const folder = source.isCheckout ? release.package.path : mainArtifact(release).name;
  return `${folder}/package.json`;
}

function factsOf({ package: own, version }: Release<NpmPackage>): {
  package: NpmPackage;
  version: string;
} {
  return { package: own, version };
}

function blocked(problems: readonly Failure[], warnings: readonly string[]): CheckedPackage {
  const unreachable = (): never => {
    throw new Error("unreachable: a package with problems is not packed");
  };
  return { problems, warnings, makeManifest: unreachable, readFiles: unreachable };
}

/** Fills in the commands of `directories.bin`, which are whatever lies in that folder. */
async function withCommands(manifest: PackageJson, folder: string): Promise<PackageJson> {
  const { directories } = manifest.raw as { directories?: { bin?: unknown } };
  if (typeof directories?.bin !== "string") return manifest;
  const below = plainPath(directories.bin).replace(/\/+$/, "");
  const files = await walkFiles(join(folder, below));
  return withBinFolder(manifest, files.map((path) => `${below}/${path}`));
}

async function readReadme(
  folder: string,
  paths: readonly string[],
): Promise<{ name: string; text: string } | undefined> {
  const name = pickReadme(paths);
  if (name === undefined) return undefined;
  return { name, text: await readTextIfThere(join(folder, name)) ?? "" };
}
