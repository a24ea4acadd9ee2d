/**
 * What crates ask of crates beside them, held against what those will be when they are published.
 *
 * @module
 */

import { nearest, quote } from "../../core/words/phrases.ts";
import { Failure } from "../../error.ts";
import type { CargoDependency, CargoMember } from "./cargo_workspace.ts";
import { type CratesWork, linksOf, memberAt, siblingsOf } from "./crates_work.ts";

/** Features that a crate switches on in one beside it, which has none of that name: cargo resolves no such crate. */
export function missingFeatures(work: CratesWork): Failure[] {
  return work.crates.flatMap(({ release: { package: { name, path } }, folder }) => {
    const own = memberAt(work, folder);
    return siblingsOf(work, folder).flatMap(({ folder: at, sibling, dependency }) => {
      const needed = memberAt(work, at);
      if (own === undefined || needed === undefined) return [];
      const wanted = new Set([...dependency.features ?? [], ...wantedByFeatures(own, dependency)]);
      return [...wanted].filter((feature) => !Object.hasOwn(needed.features, feature)).map(
        (feature) => missing({ name, path }, { of: sibling.name, feature, needed }),
      );
    });
  });
}

/** What features of a crate switch on in a dependency: `"dep/feature"` and `"dep?/feature"`. */
function wantedByFeatures(
  { features }: CargoMember,
  { name, rename }: CargoDependency,
): readonly string[] {
  return Object.values(features).flat().flatMap((item) => {
    const [, dependency, feature] = /^([^/?]+)\??\/(.+)$/.exec(item) ?? [];
    return dependency === (rename ?? name) && feature !== undefined ? [feature] : [];
  });
}

function missing(
  { name, path }: { readonly name: string; readonly path: string },
  { of, feature, needed: { features } }: {
    readonly of: string;
    readonly feature: string;
    readonly needed: CargoMember;
  },
): Failure {
  const near = nearest(feature, Object.keys(features));
  const meant = near === undefined ? "" : `Did you mean ${quote(near)}? `;
  return new Failure(
    "PIOT_CRATES_MANIFEST",
    `Cannot publish ${name}: it switches on the feature ${quote(feature)} of ${of}, which has none`,
    {
      hint: `${meant}Mend it in Cargo.toml of ${name}, or declare ${
        quote(feature)
      } under [features] of ${of}`,
      location: { file: `${path}/Cargo.toml`.replace(/^\.\//, "") },
    },
  );
}

/**
 * Sentences about crates that ship while one beside them asks crates.io for another release of theirs: its workspace takes
 * the folder for it by `[patch]`, and who downloads it does not.
 */
export function olderSiblings(work: CratesWork): readonly string[] {
  return work.crates.flatMap(({ release: { package: { name } }, folder }) =>
    linksOf(work, folder).flatMap(({ folder: at, sibling, dependency: { req }, isAdmitted }) =>
      isAdmitted || work.versions.get(at)?.isPlanned !== true ? [] : [
        `${name} depends on ${sibling.name} ${
          quote(req)
        }, and ${sibling.version} ships beside it: \`[patch]\` does not reach who downloads it, so that they get another release of ${sibling.name}`,
      ]
    )
  );
}
