/**
 * What `init` makes of manifests: packages that can be declared, and those that cannot, with the reason.
 *
 * @module
 */

import type { Location } from "../../error.ts";
import type { Table } from "../config/toml_document.ts";
import type { Kind } from "../model/package.ts";

/** A manifest as it was found. */
export interface ManifestFile {
  /** Its path, relative to the root, `/`-separated. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** A manifest whose text is valid TOML or JSON. */
export interface Manifest {
  readonly file: string;
  /** The folder that it lies in; `.` for the root. */
  readonly folder: string;
  readonly table: Table;
}

/** Something that a manifest names: a package by its manifest's path, or by its kind and its name on the registry. */
export type Need =
  & ({ readonly file: string } | { readonly kind: Kind; readonly name: string })
  & {
    /** Whether it gives way when packages would wait for each other in a circle. */
    readonly isWeak: boolean;
  };

/** A package that can be declared. */
export interface FoundPackage {
  readonly kind: Kind;
  readonly file: string;
  readonly folder: string;
  /** Its name on its registry. */
  readonly registryName: string;
  /** The version that its manifest declares, itself or by way of another one, as it stands there. */
  readonly version?: string;
  /** What `first_version` is to be, where that is not the default. */
  readonly firstVersion?: string;
  /** Keys that its kind alone has, with values that are not the default, in the order in which they are written. */
  readonly ownKeys: Readonly<Record<string, string | number | boolean>>;
  /** Its targets, as they are to be written; none for a package without platforms. */
  readonly targets: readonly string[];
  /** By target, the name of its package where nothing else gives it. */
  readonly targetPackages?: Readonly<Record<string, string>>;
  /** Whether the manifest names no targets, so that the usual ones were taken. */
  readonly areTargetsGuessed: boolean;
  /** The manifest of what it is built from, when that is a package of another kind. */
  readonly builtFrom?: string;
  /** What else has to be there before it, as far as it is of this repository. */
  readonly needs: readonly Need[];
  /** What its maintainer should know of how it is declared; sentences without a full stop. */
  readonly notes: readonly string[];
}

/** A manifest that declares something, and nothing that can be declared here. */
export interface LeftOut {
  readonly file: string;
  /** The name in it, when there is one. */
  readonly name?: string;
  /** Why, as a clause: `its publish is false`. */
  readonly reason: string;
}

/** A manifest that cannot be read. */
export interface Unreadable {
  readonly message: string;
  readonly location: Location;
}

/** A {@link LeftOut} as a verdict. */
export function leaveOut(
  manifest: Pick<Manifest, "file">,
  reason: string,
  name?: unknown,
): { readonly leftOut: LeftOut } {
  const named = typeof name === "string" && name !== "" ? { name } : {};
  return { leftOut: { file: manifest.file, ...named, reason } };
}
