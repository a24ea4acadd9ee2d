/**
 * The kinds that can be rehearsed. A further one is its file here, and a server of its own.
 *
 * @module
 */

import type { Kind } from "../../../core/model/package.ts";
import { Failure } from "../../../error.ts";
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

const REHEARSED: { readonly [K in keyof RegistryStates]: RehearsedKind<RegistryStates[K]> } = {
  crates: REHEARSED_CRATES,
  pypi: REHEARSED_PYPI,
  npm: REHEARSED_NPM,
};

/** The registries, running. */
export type LocalRegistries = {
  readonly [K in keyof RegistryStates]: LocalRegistry<RegistryStates[K]>;
};

/** What a rehearsal knows of a package's kind; undefined when no registry here stands in for the kind's own. */
export function rehearsedKind({ kind }: { readonly kind: Kind }): RehearsedKind | undefined {
  return Object.values<RehearsedKind>(REHEARSED).find(({ rules }) => rules.kind === kind);
}

/** The same. Throws `PIOT_REHEARSAL_KIND` when there is no such registry. */
export function requireRehearsed(
  pkg: { readonly name: string; readonly kind: Kind },
): RehearsedKind {
  const known = rehearsedKind(pkg);
  if (known !== undefined) return known;
  throw new Failure(
    "PIOT_REHEARSAL_KIND",
    `Cannot rehearse ${pkg.name}: no registry on this machine stands in for that of kind "${pkg.kind}"`,
    { hint: "Rehearse the other packages alone with --release NAME" },
  );
}

/** The registry that stands in for that of a kind; undefined when none does. */
export function localRegistryFor(
  registries: LocalRegistries,
  { kind }: { readonly kind: Kind },
): LocalRegistry | undefined {
  return new Map<string, LocalRegistry>(Object.entries(registries)).get(kind);
}

/** Starts the registry of every kind. */
export async function openRegistries(options: OpenOptions): Promise<LocalRegistries> {
  const opened = await Promise.all(
    Object.values(REHEARSED).map(async ({ rules: { kind }, open }) => [kind, await open(options)]),
  );
  return Object.fromEntries(opened) as LocalRegistries;
}

/** What the report calls the service that a package is published to. Throws what `requireRehearsed()` throws. */
export function serviceOf(pkg: { readonly name: string; readonly kind: Kind }): ServiceName {
  return requireRehearsed(pkg).rules.registry as ServiceName;
}
