/**
 * The configuration as checks look at it: with the places of its keys, and the rows that build jobs would get.
 *
 * @module
 */

import { findPlaces } from "../config/places.ts";
import type { Config } from "../model/config.ts";
import { rulesOf } from "../model/kind.ts";
import { matrixRows, planPackage } from "../plan/planned_package.ts";
import type { DeclaredConfig } from "./facts.ts";

/** A configuration as checks look at it. */
export function declaredConfig(
  { packages, kinds }: Config,
  { file, text }: { readonly file: string; readonly text: string },
): DeclaredConfig {
  const locate = findPlaces(text, file);
  const rows = packages.flatMap((pkg) => {
    const declared = { pkg, rules: rulesOf(kinds, pkg) };
    const ruling = { version: pkg.firstVersion, bump: null, previous: null } as const;
    return matrixRows(declared, planPackage(declared, { ...ruling, reason: "first-release" }));
  });
  return {
    ...{ file, packages, kinds, rows },
    place: (pkg, ...key) =>
      locate(["package", packages.findIndex(({ name }) => name === pkg.name), ...key], "value"),
  };
}
