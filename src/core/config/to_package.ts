/**
 * From the file's spelling to the program's: camel case, clean paths, runners filled in.
 *
 * @module
 */

import type { BundleCli, Package, PackageBase, TrustPolicy } from "../model/package.ts";
import { parseTarget } from "../target/target.ts";
import { cleanPath } from "./path_rules.ts";
import type { BundleCliTable, CommonTable, PackageTable, TrustPolicyTable } from "./tables.ts";

/** The package that a valid `[[package]]` declares. */
export function toPackage(table: PackageTable): Package {
  switch (table.kind) {
    case "crates":
      return {
        ...toBase(table, table.crate),
        kind: "crates",
        features: table.features,
        noDefaultFeatures: table.no_default_features,
      };
    case "pypi":
      return {
        ...toBase(table, table.pypi),
        kind: "pypi",
        build: table.build,
        targets: table.targets.map(parseTarget),
        ...(table.bundle_cli === undefined ? {} : { bundleCli: toBundleCli(table.bundle_cli) }),
      };
    case "npm":
      return {
        ...toBase(table, table.npm),
        kind: "npm",
        access: table.access,
        distTag: table.tag,
        build: table.build,
        targets: table.targets.map(parseTarget),
      };
  }
}

function toBase(table: CommonTable, registryName = table.name): PackageBase {
  const { build_workflow, trust_policy } = table;
  return {
    name: table.name,
    registryName,
    path: cleanPath(table.path),
    paths: table.paths.map(cleanPath),
    dependsOn: table.depends_on,
    firstVersion: table.first_version,
    tagFormat: table.tag_format,
    ...(build_workflow === undefined ? {} : { buildWorkflow: build_workflow }),
    ...(trust_policy === undefined ? {} : { trustPolicy: toTrustPolicy(trust_policy) }),
  };
}

function toBundleCli({ bin, stage_to, crate_path }: BundleCliTable): BundleCli {
  return { bin, stageTo: cleanPath(stage_to), cratePath: cleanPath(crate_path) };
}

function toTrustPolicy({ workflow, environment, repository }: TrustPolicyTable): TrustPolicy {
  return {
    workflow,
    ...(environment === undefined ? {} : { environment }),
    ...(repository === undefined ? {} : { repository }),
  };
}
