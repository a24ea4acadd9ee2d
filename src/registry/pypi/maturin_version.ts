/**
 * The version of a project that maturin takes from Cargo.toml, written where cargo reads it: in the crate, or in the
 * workspace that hands it down. Requirements of crates beside it and Cargo.lock follow, as far as the build needs it.
 *
 * @module
 */

import { joinFolder, packageVersionSite } from "../../core/manifest/cargo_sites.ts";
import { writeCargoVersions } from "../../core/manifest/cargo_versions.ts";
import { combineFailures, Failure } from "../../error.ts";
import { readTextIfThere } from "../../host/files.ts";
import { type CargoFile, type CargoFiles, readCargoFiles } from "./cargo_files.ts";

/** What is to be written. */
export interface MaturinWork {
  /** Absolute. */
  readonly root: string;
  /** The project's folder, absolute. */
  readonly folder: string;
  /** `manifest-path` of `[tool.maturin]`. */
  readonly manifestPath: string | undefined;
  /** In semver's spelling, which is cargo's. */
  readonly version: string;
  /** New texts of files that other packages of the same job already have, by absolute path. */
  readonly made: ReadonlyMap<string, string>;
}

/** What comes of it. */
export type MaturinTexts =
  | { readonly texts: ReadonlyMap<string, string> }
  /** Why nothing is written, as a clause. */
  | { readonly trouble: string };

/** Makes the texts. Throws `PIOT_CRATES_MANIFEST`. */
export async function maturinTexts(work: MaturinWork): Promise<MaturinTexts> {
  const { root, version, made } = work;
  const textOf = async (path: string): Promise<string | undefined> =>
    made.get(path) ?? await readTextIfThere(path);
  const files = await findCrate(work, textOf);
  const own = files?.manifests.find(({ folder }) => folder === files.crate);
  if (files === undefined || own?.crate === undefined) {
    return { trouble: "maturin takes it from a Cargo.toml, and none is found that has it" };
  }
  if (own.crate.version === version) return { texts: new Map() };
  if (made.has(`${siteOf(own)}/Cargo.toml`)) {
    return {
      trouble: `maturin takes it from the crate ${own.crate.name}, which is written at ` +
        `${own.crate.version} for its own release: build the two by their own rows`,
    };
  }
  const label = (folder: string): string =>
    folder.startsWith(`${root}/`) ? folder.slice(root.length + 1) : ".";
  const lock = await textOf(`${own.workspace}/Cargo.lock`);
  const written = writeCargoVersions({
    manifests: files.manifests,
    versions: new Map(
      movedWith(own, files).map((folder) => [folder, { version, isPlanned: true }]),
    ),
    locks: new Map(lock === undefined ? [] : [[own.workspace, lock]]),
    label,
  });
  if (written.problems.length > 0) {
    throw combineFailures(
      written.problems.map(({ code, message, ...rest }) => new Failure(code, message, rest)),
    );
  }
  return {
    texts: new Map([
      ...[...written.manifests].map(([folder, text]) => [`${folder}/Cargo.toml`, text] as const),
      ...[...written.locks].map(([folder, text]) => [`${folder}/Cargo.lock`, text] as const),
    ]),
  };
}

/** `manifest-path`, else the crate beside pyproject.toml or in `rust/` (maturin's guide, "Configuration"). */
async function findCrate(
  { root, folder, manifestPath }: MaturinWork,
  textOf: (path: string) => Promise<string | undefined>,
): Promise<CargoFiles | undefined> {
  const places = manifestPath === undefined ? [".", "rust"] : [`${manifestPath}/..`];
  for (const place of places) {
    const files = await readCargoFiles(joinFolder(folder, place), { root, textOf });
    if (files !== undefined) return files;
  }
  return undefined;
}

function inherits({ toml }: CargoFile): boolean {
  return packageVersionSite(toml)?.kind === "inherited";
}

/** The folder of the manifest in which a crate's version stands. */
function siteOf(own: CargoFile): string {
  return inherits(own) ? own.workspace : own.folder;
}

/** A version that a workspace hands down is that of all who inherit it. */
function movedWith(own: CargoFile, { manifests }: CargoFiles): readonly string[] {
  return inherits(own)
    ? manifests.filter((one) => one.workspace === own.workspace && inherits(one))
      .map(({ folder }) => folder)
    : [own.folder];
}
