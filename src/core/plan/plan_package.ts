/**
 * One package of a plan, once its version is known.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { plannedArtifacts } from "./matrix.ts";
import type { Package } from "../model/package.ts";
import type { PlannedPackage } from "../model/plan.ts";
import { pypiVersion } from "../pypi/version.ts";
import { renderTag } from "../release/tag.ts";

/** What the package itself does not say. */
export type Ruling = Pick<PlannedPackage, "version" | "bump" | "previous" | "reason">;

/** Writes a package into a plan. */
export function planPackage(one: Package, ruling: Ruling): PlannedPackage {
  return {
    name: one.name,
    kind: one.kind,
    registry_name: one.registryName,
    path: one.path,
    version: ruling.version,
    previous: ruling.previous,
    bump: ruling.bump,
    tag: renderTag(one, ruling.version),
    depends_on: one.dependsOn,
    reason: ruling.reason,
    artifacts: plannedArtifacts(one),
  };
}

/** `PIOT_VERSION_UNMAPPABLE` when the package's registry cannot express the version; none otherwise. */
export function versionFailures(one: Package, version: string): readonly Failure[] {
  if (one.kind !== "pypi") return [];
  try {
    pypiVersion(version, one.name);
    return [];
  } catch (error) {
    if (error instanceof Failure) return [error];
    throw error;
  }
}
