/**
 * The kinds that can be rehearsed. A further one is its file here, and a server of its own.
 *
 * @module
 */

import type { Kind } from "../../../core/model/package.ts";
import type { CratesState } from "../../../rehearsal/crates/crates_state.ts";
import type { NpmState } from "../../../rehearsal/npm/state.ts";
import type { PypiState } from "../../../rehearsal/pypi/state.ts";
import type { ServiceName } from "../../../rehearsal/server/places.ts";
import { REHEARSED_CRATES } from "./crates.ts";
import { REHEARSED_NPM } from "./npm.ts";
import { REHEARSED_PYPI } from "./pypi.ts";
import type { LocalRegistry, OpenOptions, RehearsedKind } from "./rehearsed_kind.ts";

/** What each registry remembers. */
export interface RegistryStates {
  readonly crates: CratesState;
  readonly pypi: PypiState;
  readonly npm: NpmState;
}

/** Every kind by its word. */
export const REHEARSED: { readonly [K in Kind]: RehearsedKind<RegistryStates[K]> } = {
  crates: REHEARSED_CRATES,
  pypi: REHEARSED_PYPI,
  npm: REHEARSED_NPM,
};

/** The registries, running. */
export type LocalRegistries = { readonly [K in Kind]: LocalRegistry<RegistryStates[K]> };

/** Starts the registry of every kind. */
export async function openRegistries(options: OpenOptions): Promise<LocalRegistries> {
  const opened = await Promise.all(
    Object.values(REHEARSED).map(async ({ rules: { kind }, open }) => [kind, await open(options)]),
  );
  return Object.fromEntries(opened) as LocalRegistries;
}

/** What the report calls the service that a kind is published to. */
export function serviceOf(kind: Kind): ServiceName {
  return REHEARSED[kind].rules.registry as ServiceName;
}
