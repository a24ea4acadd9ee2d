/**
 * How a kind of package tells what publishing would refuse about a manifest, before anything is built.
 *
 * @module
 */

import type { ManifestReading } from "../core/doctor/manifest_facts.ts";
import type { Package } from "../core/model/package.ts";
import type { Host } from "../host/host.ts";
import type { Endpoints } from "./endpoints.ts";

/** Where manifests are read. */
export interface ManifestPlace {
  readonly host: Pick<Host, "env">;
  /** Absolute folder that the packages' paths start from. */
  readonly root: string;
  readonly endpoints: Endpoints;
}

/** Reads the manifest of one package of its kind, at a version in semver's spelling. What is wrong with it is told. */
export type ManifestReader = (pkg: Package, version: string) => Promise<ManifestReading>;

/** The path of a manifest from the root. */
export function manifestPath({ path }: Package, name: string): string {
  return path === "." ? name : `${path}/${name}`;
}
