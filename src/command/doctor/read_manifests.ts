/**
 * Reads manifests by what publishing and `set-version` read them with. Nothing is written.
 *
 * @module
 */

import type { DeclaredConfig } from "../../core/doctor/facts.ts";
import type { ManifestFacts } from "../../core/doctor/manifest_facts.ts";
import type { Package } from "../../core/model/package.ts";
import { Failure } from "../../error.ts";
import { REGISTRY_KINDS } from "../../registry/kinds.ts";
import type { ManifestPlace } from "../../registry/manifest_reader.ts";
import type { RegistryKind } from "../../registry/registry_kind.ts";

/** By the names of packages. */
export async function readManifests(
  { packages }: Pick<DeclaredConfig, "packages">,
  place: ManifestPlace,
): Promise<ReadonlyMap<string, ManifestFacts>> {
  const kinds = REGISTRY_KINDS.map(async (kind) => {
    const own = packages.filter((pkg) => pkg.kind === kind.rules.kind);
    return own.length === 0 ? [] : await readKind(kind, { own, place });
  });
  return new Map((await Promise.all(kinds)).flat());
}

async function readKind(
  kind: RegistryKind,
  { own, place }: { readonly own: readonly Package[]; readonly place: ManifestPlace },
): Promise<readonly (readonly [string, ManifestFacts])[]> {
  const read = await kind.manifests?.(place);
  if (read === undefined) return [];
  const unwritable = await writeAll(kind, { own, place });
  const all: (readonly [string, ManifestFacts])[] = [];
  for (const [index, pkg] of own.entries()) {
    const reading = await read(pkg, pkg.firstVersion);
    // What stands against all of them together is told of the first.
    all.push([pkg.name, { ...reading, unwritable: index === 0 ? unwritable : [] }]);
  }
  return all;
}

/**
 * Why versions cannot be written: each package at one of its own, as in a release in which one alone has changed, so that
 * an inherited version shows; packages that ship together get the same.
 */
async function writeAll(
  kind: RegistryKind,
  { own, place: { host, root } }: {
    readonly own: readonly Package[];
    readonly place: ManifestPlace;
  },
): Promise<readonly Failure[]> {
  const writer = await kind.versions?.();
  const words = own.map(({ lockstep, name }) => lockstep ?? `\0${name}`);
  const releases = own.map((pkg, index) => ({
    package: pkg,
    version: `1.0.${words.indexOf(words[index]!)}`,
  }));
  try {
    await writer?.write({ host, root, releases, standing: [] });
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [error];
  }
}
