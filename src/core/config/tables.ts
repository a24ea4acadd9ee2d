/**
 * The tables of the configuration as the file spells them, defaults filled in.
 *
 * @module
 */

import type { Kind } from "../model/package.ts";
import type { TargetInput } from "../target/target.ts";

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
