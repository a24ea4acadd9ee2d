/**
 * The tables of the configuration as the file spells them, defaults filled in, and the packages that they declare: camel
 * case, clean paths, runners filled in.
 *
 * @module
 */

import type { BundleCli, Kind, Package, PackageBase, TrustPolicy } from "../model/package.ts";
import { parseTarget, type TargetInput } from "../target/target.ts";
import { cleanPath } from "./path_rules.ts";

/** `[putitoutthere]`. */
export interface HeaderTable {
  readonly version: 1;
  readonly cadence: "immediate" | "scheduled";
}

/** `[package.trust_policy]`. */
export interface TrustPolicyTable {
  readonly workflow: string;
  readonly environment?: string | undefined;
  readonly repository?: string | undefined;
}

/** `[package.bundle_cli]`. */
export interface BundleCliTable {
  readonly bin: string;
  readonly stage_to: string;
  readonly crate_path: string;
}

/** What `[[package]]` has for every kind. */
export interface CommonTable {
  readonly name: string;
  readonly path: string;
  readonly paths: readonly string[];
  readonly depends_on: readonly string[];
  readonly first_version: string;
  readonly tag_format: string;
  readonly build_workflow?: string | undefined;
  readonly trust_policy?: TrustPolicyTable | undefined;
}

/** `[[package]]` of a crate. */
export interface CratesTable extends CommonTable {
  readonly kind: "crates";
  readonly crate?: string | undefined;
  readonly features: readonly string[];
  readonly no_default_features: boolean;
}

/** `[[package]]` of a Python project. */
export interface PypiTable extends CommonTable {
  readonly kind: "pypi";
  readonly pypi?: string | undefined;
  readonly build: "setuptools" | "hatch" | "maturin";
  readonly targets: readonly TargetInput[];
  readonly bundle_cli?: BundleCliTable | undefined;
}

/** `[[package]]` of an npm package. */
export interface NpmTable extends CommonTable {
  readonly kind: "npm";
  readonly npm?: string | undefined;
  readonly access: "public" | "restricted";
  readonly tag: string;
  readonly build: "none" | "napi" | "bundled-cli";
  readonly targets: readonly TargetInput[];
}

/** Any `[[package]]`. */
export type PackageTable = CratesTable | PypiTable | NpmTable;

/** Every key that some kind has. */
type Key = keyof CratesTable | keyof PypiTable | keyof NpmTable;

type ValueOf<K extends Key> = PackageTable extends infer T
  ? T extends unknown ? K extends keyof T ? T[K] : never : never
  : never;

type WithHoles<V> = V extends readonly (infer E)[] ? readonly (E | undefined)[] : V;

/** The values of a `[[package]]` that are right by themselves; an element that is not leaves a hole. */
export type ValidValues = { readonly [K in Exclude<Key, "kind">]?: WithHoles<ValueOf<K>> } & {
  readonly kind?: Kind;
};

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
