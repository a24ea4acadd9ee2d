/**
 * `paths` of a found package: its folder, or the parts of it where others share that folder.
 *
 * @module
 */

import { GLOB } from "../config/path_rules.ts";
import type { FoundPackage, Manifest } from "./found.ts";
import { draftFor, draftOf, type KindDrafts } from "./kind_draft.ts";
import { isAside } from "./manifest_files.ts";
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
  readonly drafts: KindDrafts;
}

/** The globs of a package; `sources` are manifests elsewhere of what it is built from. */
export function packageGlobs(
  pkg: FoundPackage,
  { sources, repository }: {
    readonly sources: readonly Manifest[];
    readonly repository: RepositoryFiles;
  },
): PackageGlobs {
  const areParts = pkg.folder === "." ||
    repository.folders.some((folder) => isBelow(folder, pkg.folder));
  const own = areParts ? partsOf(pkg, repository) : [whole(pkg.folder)];
  const foreign = sources.filter(({ folder }) =>
    folder !== pkg.folder && !isBelow(folder, pkg.folder)
  );
  const elsewhere = foreign.flatMap(({ folder, file }) =>
    folder === "." ? rootSources(file, repository.files) : [whole(folder)]
  );
  const paths = [...new Set([...own, ...elsewhere])];
  return { paths: paths.filter((glob) => GLOB.judge(glob) === undefined), areParts };
}

function whole(folder: string): string {
  return `${escapeGlob(folder)}/**`;
}

/** What a source at the root is built from. */
function rootSources(manifest: string, files: readonly string[]): readonly string[] {
  return [manifest, ...files.some((path) => path.startsWith("src/")) ? ["src/**"] : []];
}

/** What lies directly in its folder and looks like the package's own. */
function partsOf(pkg: FoundPackage, { files, drafts }: RepositoryFiles): string[] {
  const { folder, file } = pkg;
  const start = folder === "." ? "" : `${folder}/`;
  const inside = files.filter((path) => path.startsWith(start));
  const foreign = new Set(
    inside.filter((path) => draftFor(drafts, path) !== undefined && folderOf(path) !== folder)
      .map((path) => path.slice(start.length).split("/")[0]!),
  );
  const entries = inside.map((path) => path.slice(start.length));
  const folders = [
    ...new Set(entries.filter((path) => path.includes("/")).map((path) => path.split("/")[0]!)),
  ];
  const own = folders.filter((name) => name === "src" || !(isAside(name) || foreign.has(name)));
  const suits = sourcesOf(pkg, drafts);
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

/** Files beside its manifest that are source by their names: its own, and those of what its build compiles. */
function sourcesOf(pkg: FoundPackage, drafts: KindDrafts): readonly RegExp[] {
  const draft = draftOf(drafts, pkg);
  const compiled = draft.compiles?.(pkg);
  const other = compiled === undefined ? undefined : draftFor(drafts, compiled);
  return [draft.sources, ...other === undefined ? [] : [other.sources]];
}

/** A path as a glob that matches it alone: a backslash makes the glob character after it plain. */
function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\](){}|]|^!/g, "\\$&");
}
