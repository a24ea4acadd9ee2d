/**
 * What a file in an artifact's folder is to that row, by its name alone: a wheel or an sdist, of this version or left there
 * by the build of another one.
 *
 * @module
 */

import { basename } from "node:path";
import { artifactNames } from "../../core/model/artifact_name.ts";
import { builtOf, type Dist, type PypiPackage } from "../../core/model/package.ts";
import {
  parseSdistName,
  parseWheelName,
  type SdistName,
  type WheelName,
} from "../../core/pypi/file_name.ts";
import { isSamePep440 } from "../../core/pypi/pep440.ts";
import { PYPI } from "../../core/pypi/pypi_kind.ts";
import { normaliseName } from "../../core/pypi/spelling.ts";
import type { ArtifactFolder, Release } from "../registry.ts";

/** One built file, and every row that delivered it. */
export interface BuiltFile {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  /** The rows whose folders hold it. */
  readonly rows: readonly ArtifactFolder[];
}

/** Where a release stands in the checks. */
export interface CollectContext {
  readonly release: Release<PypiPackage>;
  /** As PyPI spells it. */
  readonly pypiVersion: string;
}

/** What one row's folder holds, by what becomes of it; paths are relative to the folder. */
export interface RowFiles {
  readonly row: ArtifactFolder;
  readonly paths: readonly string[];
  /** Of the row's kind, to be published. */
  readonly wanted: readonly string[];
  /** Of the row's kind, and left by the build of another version. */
  readonly stale: readonly string[];
}

/** Whether a file is named as distributions are. */
export function isDistribution(path: string): boolean {
  // macOS leaves `._demo-1.0-py3-none-any.whl` beside a file, with what its disk could not keep (AppleDouble).
  return /\.(whl|tar\.gz)$/.test(path) && !/(?:^|[/\\])\._[^/\\]*$/.test(path);
}

/** Which of the two a distribution is. */
export function kindOfFile(path: string): Dist {
  return path.endsWith(".whl") ? "wheel" : "sdist";
}

/** Which kind of files a row takes. */
export function kindOfRow({ target }: Pick<ArtifactFolder, "target">): Dist {
  return target === "sdist" ? "sdist" : "wheel";
}

/** The rows that the configuration gives a package, target by artifact's name; other folders came on top of the plan. */
export function plannedRows(pkg: PypiPackage): ReadonlyMap<string, string> {
  const names = artifactNames({ name: pkg.name, ...builtOf(pkg) }, { artifacts: PYPI.artifacts });
  return new Map(names.map(({ name, target }) => [name, target]));
}

function parseName(path: string): SdistName | WheelName | string {
  const name = basename(path);
  return name.endsWith(".whl") ? parseWheelName(name) : parseSdistName(name);
}

/** Whether a file's name is this project's, with another version. */
export function isOfOtherVersion(path: string, { release, pypiVersion }: CollectContext): boolean {
  const name = parseName(path);
  return typeof name !== "string" && !isSamePep440(name.version, pypiVersion) &&
    normaliseName(name.name) === normaliseName(release.package.registryName);
}

/**
 * Parts files of a row's kind. In a planned row a file of another version was left behind where the planned version's
 * counterpart is there, of the same tags: without that, the build may not have got its version, and is refused.
 */
export function splitStale(
  paths: readonly string[],
  { row, context }: { readonly row: ArtifactFolder; readonly context: CollectContext },
): { readonly wanted: readonly string[]; readonly stale: readonly string[] } {
  const isPlanned = plannedRows(context.release.package).has(row.name);
  const current = new Set(
    paths.filter((path) => !isOfOtherVersion(path, context)).map(tagsOf),
  );
  const isStale = (path: string): boolean =>
    isOfOtherVersion(path, context) && (!isPlanned || current.has(tagsOf(path)));
  return {
    wanted: paths.filter((path) => !isStale(path)),
    stale: paths.filter(isStale),
  };
}

/** What follows the version in a wheel's name, but for the build number; the same for every sdist. */
function tagsOf(path: string): string {
  const name = parseName(path);
  if (typeof name === "string" || !("platforms" in name)) return kindOfFile(path);
  return [name.pythons, name.abis, name.platforms].map((tags) => tags.join(".")).join("-");
}
