/**
 * The tables of the configuration as the file spells them, defaults filled in, and what every kind of package has of
 * them: camel case, clean paths.
 *
 * @module
 */

import type { Kind, PackageBase, TrustPolicy } from "../model/package.ts";
import type { TargetInput } from "../target/target.ts";
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

/** What `[[package]]` has for every kind. */
export interface CommonTable {
  readonly name: string;
  readonly path: string;
  readonly paths: readonly string[];
  readonly depends_on: readonly string[];
  readonly first_version: string;
  readonly tag_format: string;
  readonly github_release: boolean;
  readonly build_workflow?: string | undefined;
  readonly lockstep?: string | undefined;
  readonly trust_policy?: TrustPolicyTable | undefined;
}

/** `[[package]]` of some kind, which has further keys of its own. */
export type PackageTable = CommonTable & {
  readonly kind: Kind;
  readonly [key: string]: unknown;
};

type WithHoles<V> = V extends readonly (infer E)[] ? readonly (E | undefined)[] : V;

/**
 * The values of a `[[package]]` that are right by themselves; an element that is not leaves a hole. Keys of single kinds
 * are known to these alone, but for those that several have.
 */
export type ValidValues =
  & { readonly [K in keyof CommonTable]?: WithHoles<CommonTable[K]> }
  & {
    readonly build?: string;
    readonly targets?: readonly (TargetInput | undefined)[];
    readonly dists?: readonly string[];
    readonly [key: string]: unknown;
  };

/** What every kind has of the package that a valid table declares; `registryName` is its name there. */
export function toBase(table: CommonTable, registryName: string): PackageBase {
  const { build_workflow, lockstep, trust_policy } = table;
  return {
    name: table.name,
    registryName,
    path: cleanPath(table.path),
    paths: table.paths.map(cleanPath),
    dependsOn: table.depends_on,
    firstVersion: table.first_version,
    tagFormat: table.tag_format,
    githubRelease: table.github_release,
    ...(build_workflow === undefined ? {} : { buildWorkflow: build_workflow }),
    ...(lockstep === undefined ? {} : { lockstep }),
    ...(trust_policy === undefined ? {} : { trustPolicy: toTrustPolicy(trust_policy) }),
  };
}

function toTrustPolicy({ workflow, environment, repository }: TrustPolicyTable): TrustPolicy {
  return {
    workflow,
    ...(environment === undefined ? {} : { environment }),
    ...(repository === undefined ? {} : { repository }),
  };
}
