/**
 * The kinds of packages that there are. A further one is its folder below `src/registry/` and its line here.
 *
 * @module
 */

import { knowKinds, type KnownKinds } from "../core/config/kind_config.ts";
import { type Kinds, kindsOf } from "../core/model/kind.ts";
import { CRATES_REGISTRY } from "./crates/crates_registry.ts";
import { NPM_REGISTRY } from "./npm/npm_registry.ts";
import { PYPI_REGISTRY } from "./pypi/pypi_registry.ts";
import type { RegistryKind } from "./registry_kind.ts";

/** Every kind with its registry, in the order in which lists of them are shown. */
export const REGISTRY_KINDS: readonly RegistryKind[] = [
  CRATES_REGISTRY,
  PYPI_REGISTRY,
  NPM_REGISTRY,
];

/** What is known of every kind. */
export const KINDS: Kinds = kindsOf(REGISTRY_KINDS.map(({ rules }) => rules));

/** What a configuration is read with: the keys of each kind, and all that is known of it. */
export function knownKinds(
  registryKinds: readonly RegistryKind[] = REGISTRY_KINDS,
): KnownKinds {
  return knowKinds(registryKinds.map(({ config }) => config));
}
