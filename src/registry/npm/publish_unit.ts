/**
 * What stands ready to be sent to npm: one tarball per package name, with its hashes and its manifest.
 *
 * @module
 */

import type { NpmPackage } from "../../core/model/package.ts";
import type { Prepared, Release, ReleaseFile } from "../registry.ts";

/** A manifest as the publish document carries it: package.json, normalised. */
export type Manifest = Readonly<Record<string, unknown>> & {
  readonly name: string;
  readonly version: string;
};

/** One package name at one version: its tarball, and what the registry is told about it. */
export interface NpmUnit {
  readonly name: string;
  readonly version: string;
  /** Absolute path of the tarball. */
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly size: number;
  /** `sha512-` and base64, as `dist.integrity` has it. */
  readonly integrity: string;
  /** SHA-1 in lower-case hex, as `dist.shasum` has it. */
  readonly shasum: string;
  readonly manifest: Manifest;
  /** Units of a lower wave are published before those of a higher one; 0 by default. */
  readonly wave?: number;
}

/** A release of one npm package, or of a whole platform family. */
export interface NpmPrepared extends Prepared {
  readonly release: Release<NpmPackage>;
  /** In upload order; each is the file `name@version` of `files`. */
  readonly units: readonly NpmUnit[];
}

/** The file that a unit is, in the registry-neutral form. */
export function fileOf({ name, version, size, integrity, wave }: NpmUnit): ReleaseFile {
  const file = { name: `${name}@${version}`, size, digest: integrity };
  return wave === undefined ? file : { ...file, wave };
}

/** The unit that a file is. The file must be one of this release. */
export function unitOf(prepared: NpmPrepared, file: ReleaseFile): NpmUnit {
  const unit = prepared.units.find((candidate) => fileOf(candidate).name === file.name);
  if (unit === undefined) throw new Error(`unreachable: ${file.name} is not in this release`);
  return unit;
}
