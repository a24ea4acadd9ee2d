/**
 * Whose tags are whose: what the word before a version means among the packages of a repository.
 *
 * @module
 */

import type { FoundPackage } from "./found.ts";
import { draftOf, type KindDrafts } from "./kind_draft.ts";
import type { TagScheme } from "./tag_schemes.ts";

/** A package with the name that the draft gives it. */
export interface NamedPackage {
  readonly found: FoundPackage;
  readonly name: string;
}

/** A scheme, and the packages that its tags may be of. */
export interface Owned {
  readonly scheme: TagScheme;
  readonly owners: readonly NamedPackage[];
}

/**
 * Whose the tags of each scheme are; those that name nobody are everybody's who has none of its own, and those of a lone
 * package in any case.
 */
export function ownersOf(
  packages: readonly NamedPackage[],
  schemes: readonly TagScheme[],
  drafts: KindDrafts,
): readonly Owned[] {
  const named = schemes.filter(({ word }) => word !== "")
    .map((scheme) => ({ scheme, owners: meant(scheme.word, packages, drafts) }));
  const taken = new Set(named.flatMap(({ owners }) => owners.length === 1 ? owners : []));
  const rest = packages.length === 1 ? packages : packages.filter((pkg) => !taken.has(pkg));
  const bare = schemes.filter(({ word }) => word === "").map((scheme) => ({
    scheme,
    owners: rest,
  }));
  return [...named, ...bare];
}

const fold = (word: string): string => word.toLowerCase().replace(/[_.\s]/g, "-");

/** The packages that a word means: by name before folder, by folder before what they are. */
function meant(
  word: string,
  packages: readonly NamedPackage[],
  drafts: KindDrafts,
): readonly NamedPackage[] {
  const namesOf: readonly ((named: NamedPackage) => readonly string[])[] = [
    ({ name }) => [name],
    ({ found: { registryName } }) => [registryName],
    ({ found: { registryName } }) => [registryName.replace(/^@[^/]*\//, "")],
    ({ found: { folder } }) => [folder, folder.split("/").at(-1)!],
    ({ found }) => [found.kind, ...draftOf(drafts, found).words ?? []],
  ];
  for (const names of namesOf) {
    const found = packages.filter((named) =>
      names(named).some((name) => fold(name) === fold(word))
    );
    if (found.length > 0) return found;
  }
  return [];
}
