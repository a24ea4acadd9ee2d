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
  /** Its path, relative to the folder of the configuration, `/`-separated. */
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

/** Something that a manifest names: a crate by its folder, a project or an npm package by its name on the registry. */
export interface Need {
  readonly kind: Kind;
  /** The folder of a crate, the normalised name of a Python project, or the name of an npm package. */
  readonly what: string;
  /** Whether it gives way when packages would wait for each other in a circle. */
  readonly isWeak: boolean;
}

/** A package that can be declared. */
export interface FoundPackage {
  readonly kind: Kind;
  readonly file: string;
  readonly folder: string;
  /** Its name on its registry. */
  readonly registryName: string;
  /** What `first_version` is to be, where that is not the default. */
  readonly firstVersion?: string;
  /** `build`, where that is not the default. */
  readonly build?: "hatch" | "maturin" | "napi" | "bundled-cli";
  /** Its targets, as they are to be written; none for a package without platforms. */
  readonly targets: readonly string[];
  /** Whether the manifest names no targets, so that the usual ones were taken. */
  readonly areTargetsGuessed: boolean;
  /** `access`, where that is not the default. */
  readonly access?: "restricted";
  /** `tag`, where that is not the default. */
  readonly distTag?: string;
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

/** What became of a manifest; undefined when it declares no package at all. */
export type Verdict =
  | { readonly found: FoundPackage }
  | { readonly leftOut: LeftOut }
  | undefined;

/** A {@link LeftOut} as a verdict. */
export function leaveOut(
  manifest: Pick<Manifest, "file">,
  reason: string,
  name?: unknown,
): Verdict {
  const named = typeof name === "string" && name !== "" ? { name } : {};
  return { leftOut: { file: manifest.file, ...named, reason } };
}
