/**
 * `paths` of a found package: its folder, or the parts of it where others share that folder.
 *
 * @module
 */

import { GLOB } from "../config/path_rules.ts";
import type { FoundPackage } from "./found.ts";
import { isAside, isManifest } from "./manifest_files.ts";
import { folderOf, isBelow } from "./manifest_values.ts";

/** The globs of a package. */
export interface PackageGlobs {
  readonly paths: readonly string[];
  /** Whether they are parts of its folder, chosen by the look of it. */
  readonly areParts: boolean;
}

/** What is known of the repository that the package lies in. */
export interface RepositoryFiles {
  /** Every file of the repository, as far as it is known. */
  readonly files: readonly string[];
  /** Folders of all found packages. */
  readonly folders: readonly string[];
}

/** The globs of a package; `sources` are folders elsewhere that it is built from. */
export function packageGlobs(
  pkg: FoundPackage,
  { sources, repository }: {
    readonly sources: readonly string[];
    readonly repository: RepositoryFiles;
  },
): PackageGlobs {
  const areParts = pkg.folder === "." ||
    repository.folders.some((folder) => isBelow(folder, pkg.folder));
  const own = areParts ? partsOf(pkg, repository.files) : [whole(pkg.folder)];
  const foreign = sources.filter((folder) => folder !== pkg.folder && !isBelow(folder, pkg.folder));
  const elsewhere = foreign.flatMap((folder) =>
    folder === "." ? rootCrate(repository.files) : [whole(folder)]
  );
  const paths = [...new Set([...own, ...elsewhere])];
  return { paths: paths.filter((glob) => GLOB.judge(glob) === undefined), areParts };
}

function whole(folder: string): string {
  return `${escapeGlob(folder)}/**`;
}

/** What a crate at the root is built from. */
function rootCrate(files: readonly string[]): readonly string[] {
  return ["Cargo.toml", ...files.some((path) => path.startsWith("src/")) ? ["src/**"] : []];
}

/** What lies directly in its folder and looks like the package's own. */
function partsOf({ folder, file, kind, build }: FoundPackage, files: readonly string[]): string[] {
  const start = folder === "." ? "" : `${folder}/`;
  const inside = files.filter((path) => path.startsWith(start));
  const foreign = new Set(
    inside.filter((path) => isManifest(path) && folderOf(path) !== folder)
      .map((path) => path.slice(start.length).split("/")[0]!),
  );
  const entries = inside.map((path) => path.slice(start.length));
  const folders = [
    ...new Set(entries.filter((path) => path.includes("/")).map((path) => path.split("/")[0]!)),
  ];
  const own = folders.filter((name) => name === "src" || !(isAside(name) || foreign.has(name)));
  const isNative = build === "maturin" || build === "napi";
  const suits = isNative ? [SOURCES[kind], SOURCES.crates] : [SOURCES[kind]];
  const plain = entries.filter((path) =>
    !path.includes("/") && suits.some((source) => source.test(path))
  );
  const manifest = file.slice(start.length);
  return [
    ...[manifest, ...plain.sort().filter((path) => path !== manifest)].map((path) =>
      `${escapeGlob(start)}${escapeGlob(path)}`
    ),
    ...own.sort().map((name) => `${escapeGlob(start)}${escapeGlob(name)}/**`),
  ];
}

/** Files beside a manifest that are source by their names. */
const SOURCES: Readonly<Record<FoundPackage["kind"], RegExp>> = {
  crates: /^Cargo\.toml$|\.rs$/,
  pypi: /^(setup\.cfg|MANIFEST\.in)$|\.pyi?$/,
  npm: /^(?!.*\.(config|test|spec)\.)(?!\.).*\.[cm]?[jt]sx?$/,
};

/** A path as a glob that matches it alone: a backslash makes the glob character after it plain. */
function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\](){}|]|^!/g, "\\$&");
}
