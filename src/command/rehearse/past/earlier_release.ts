/**
 * A release of the past, as the configuration at its tag describes it. Pure.
 *
 * @module
 */

import { type Kinds, rulesOf } from "../../../core/model/kind.ts";
import type { Package } from "../../../core/model/package.ts";
import type { PlannedPackage } from "../../../core/model/plan.ts";
import { lowestFirst } from "../../../core/model/version.ts";
import { plannedArtifacts } from "../../../core/plan/planned_package.ts";
import { shapeOf } from "../../../core/release/tag.ts";
import { Failure } from "../../../error.ts";

/** What a registry got before the rehearsal begins. */
export interface EarlierRelease
  extends Pick<PlannedPackage, "name" | "kind" | "registry_name" | "version" | "artifacts"> {
  readonly tag: string;
  /** Its table in the configuration that it was released with. */
  readonly declared: Package;
}

/** A tag of a package. */
export interface ReleaseTag {
  readonly tag: string;
  readonly version: string;
  /** What the configuration at the tag declares, or why it cannot be known. */
  readonly packages: readonly Package[] | Failure;
}

/** Every release of one package, and what is not known of them. */
export interface PackagePast {
  /** In the order of their versions. */
  readonly releases: readonly EarlierRelease[];
  /** Sentences. */
  readonly warnings: readonly string[];
}

/**
 * What the tags of a package tell. A release whose own configuration does not tell counts as made like the next one that
 * does, else like the last one, else as today's configuration would make it.
 */
export function packagePast(
  today: Package,
  { tags, kinds }: { readonly tags: readonly ReleaseTag[]; readonly kinds: Kinds },
): PackagePast {
  const inOrder = lowestFirst(tags.map(({ version }) => version));
  const known = inOrder.map((version) => {
    const tag = tags.find((one) => one.version === version)!;
    return { ...tag, declared: declaredAt(tag, today) };
  });
  const releases = known.map(({ tag, version, declared }, at): EarlierRelease => {
    const pkg = declared ?? nearest(known, at)?.declared ?? today;
    const rules = rulesOf(kinds, pkg);
    return {
      ...{ name: today.name, kind: pkg.kind, registry_name: pkg.registryName, tag, version },
      ...{ artifacts: plannedArtifacts({ pkg, rules }), declared: pkg },
    };
  });
  return { releases, warnings: untold(today, known) };
}

/** A tag, and the package there: undefined where that is not known. */
type KnownTag = ReleaseTag & { readonly declared: Package | undefined };

/** The package whose tag it is there; it may have had another name. */
function declaredAt({ tag, version, packages }: ReleaseTag, today: Package): Package | undefined {
  if (packages instanceof Failure) return undefined;
  const makes = (pkg: Package): boolean => {
    const { prefix, suffix } = shapeOf(pkg);
    return `${prefix}${version}${suffix}` === tag;
  };
  const sameName = packages.find(({ name }) => name === today.name);
  return sameName !== undefined && makes(sameName) ? sameName : packages.find(makes) ?? sameName;
}

function nearest(known: readonly KnownTag[], at: number): KnownTag | undefined {
  const tells = ({ declared }: KnownTag): boolean => declared !== undefined;
  return known.slice(at + 1).find(tells) ?? [...known.slice(0, at)].reverse().find(tells);
}

/** A sentence about the releases that nothing is known of, for all of a package together. */
function untold({ name }: Package, known: readonly KnownTag[]): readonly string[] {
  const dark = known.filter(({ declared }) => declared === undefined);
  const last = dark.at(-1);
  if (last === undefined) return [];
  const { packages } = last;
  const why = packages instanceof Failure ? packages.message : "it declares no such package";
  const others = dark.length === 1
    ? ""
    : `, nor at ${dark.length - 1} earlier tag${dark.length === 2 ? "" : "s"} of it`;
  const from = dark.length === known.length
    ? "its past is made up from today's"
    : "what was released there is made up from its other tags";
  return [
    `the configuration at ${last.tag} does not tell how ${name} was released (${why})${others}: ${from}`,
  ];
}
