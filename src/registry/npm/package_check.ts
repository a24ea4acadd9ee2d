/**
 * What a package is checked by, whatever it is made of, and what the checks come to; what a folder and a ready tarball are
 * both warned of.
 *
 * @module
 */

import type { Siblings } from "../../core/npm/workspace.ts";
import { refuseCredentials } from "../../artifact/credential_files.ts";
import type { NpmPackage } from "../../core/model/package.ts";
import { commandWarnings, isScript } from "../../core/npm/package_bin.ts";
import type { PackageJson } from "../../core/npm/package_json.ts";
import type { CredentialFile } from "../../core/release/credential_file.ts";
import type { Failure } from "../../error.ts";
import type { Release } from "../registry.ts";
import type { PackOrigin } from "./checkout_guard.ts";
import type { PackFile } from "./pack.ts";
import type { Manifest } from "./publish_unit.ts";

/** A package after its checks; `makeManifest` and `readFiles` are called only when `problems` is empty. */
export interface CheckedPackage {
  readonly problems: readonly Failure[];
  readonly warnings: readonly string[];
  /** package.json as it was delivered. */
  readonly manifest: PackageJson;
  /** Every file that is published, `/`-separated and relative to package.json. */
  readonly paths: readonly string[];
  /** The contents of some of them, by path. */
  readonly readSome: (paths: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>;
  /** Of a ready tarball: the files that are executable in it. */
  readonly executables?: ReadonlySet<string>;
  /** The ready tarball; undefined when it is to be packed from `readFiles`. */
  readonly tarball?: string;
  /** Where the files lie; undefined for a ready tarball, which nobody packs here. */
  readonly origin?: PackOrigin;
  readonly makeManifest: () => Manifest;
  readonly readFiles: () => Promise<readonly PackFile[]>;
}

/** What a check needs besides its source. */
export interface CheckContext {
  /** Absolute path of the checkout. */
  readonly root: string;
  /** Absolute folders of the run itself, which no package of the checkout takes along. */
  readonly ownFolders: readonly string[];
  /** Registries that a `publishConfig.registry` may name. */
  readonly registries: readonly string[];
  /** Every sibling by its name on npm, at its planned version, else at that of its last release. */
  readonly siblings: Siblings;
}

/** What is written into a package beyond its version. */
export interface Additions {
  /** Edits the text of package.json. */
  readonly edit: (text: string) => string;
  /** Files to add: path → text. */
  readonly files: ReadonlyMap<string, string>;
}

/** The file that npm shows as the README, Markdown before others. `paths` are relative to the package. */
export function pickReadme(paths: readonly string[]): string | undefined {
  const readmes = paths.filter((path) => /^readme(\.[^/]*)?$/i.test(path));
  return readmes.find((path) => /\.m?a?r?k?d(own)?$/i.test(path)) ?? readmes[0];
}

/** Sentences about the files as a whole. */
export function pathWarnings(
  paths: readonly string[],
  { package: pkg }: Release<NpmPackage>,
): readonly string[] {
  const byLower = new Map<string, string>();
  const twins = paths.flatMap((path) => {
    const lower = path.toLowerCase();
    const other = byLower.get(lower);
    byLower.set(lower, path);
    return other === undefined ? [] : [`"${other}" and "${path}"`];
  });
  return [
    ...(twins.length === 0 ? [] : [
      `"${pkg.registryName}": ${twins[0]}${
        twins.length === 1 ? "" : ` (and ${twins.length - 1} more)`
      } are one file on macOS and Windows, where the one that is unpacked last is left`,
    ]),
    // The registry answers 415 "Too many files" from about 65,000 on (pulumi/pulumi-azure-native#2294).
    ...(paths.length <= 60_000
      ? []
      : [`"${pkg.registryName}" has ${paths.length} files; npm refuses somewhere above 60,000`]),
  ];
}

/** `PIOT_CREDENTIAL_FILE` for files of a package, called by its name on npm, that `files` of package.json does not name. */
export function credentialProblems(
  found: readonly CredentialFile[],
  { name, files = [] }: { readonly name: string; readonly files: readonly string[] | undefined },
): readonly Failure[] {
  const named = { names: files, place: "`files` of its package.json" };
  return refuseCredentials(found, { subject: `"${name}"`, named });
}

/** Sentences about the scripts of `bin`, as far as they are among `paths`. */
export async function binWarnings(
  { package: pkg }: Release<NpmPackage>,
  { manifest, paths, readSome }: Pick<CheckedPackage, "manifest" | "paths" | "readSome">,
): Promise<readonly string[]> {
  const commands = Object.entries(manifest.bin)
    .filter(([, path]) => isScript(path) && paths.includes(path));
  const contents = await readSome(commands.map(([, path]) => path));
  return commandWarnings(
    pkg.registryName,
    commands.map(([command, path]) => ({ command, path, bytes: contents.get(path)! })),
  );
}
