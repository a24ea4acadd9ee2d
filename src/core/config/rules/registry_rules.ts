/**
 * What names on the registries must hold to.
 *
 * @module
 */

import type { Kind } from "../../model/package.ts";
import {
  canonicalRegistryName,
  NAME_FORMS,
  registryNameProblem,
} from "../../release/registry_name.ts";
import {
  type Draft,
  perPackage,
  REGISTRY_KEYS,
  registryNameOf,
  type Rule,
  triplesOf,
} from "../draft.ts";
import { type Finding, quote } from "../finding.ts";

const REGISTRIES: Readonly<Record<Kind, string>> = {
  crates: "crates.io",
  pypi: "PyPI",
  npm: "npm",
};

/** A `name` that the registry does not take needs another name beside it. */
export const namesFitRegistries: Rule = perPackage((draft) => {
  const { kind, path, values: { name } } = draft;
  if (kind === undefined || name === undefined) return [];
  const key = REGISTRY_KEYS[kind];
  const found = Object.hasOwn(draft.table, key) ? undefined : registryNameProblem(kind, name);
  if (found === undefined) return [];
  return [{
    path: [...path, "name"],
    message: `Cannot use name ${quote(name)} on ${REGISTRIES[kind]}: ${found}`,
    hint: `Set ${key} to its name there, which ${NAME_FORMS[kind].words}`,
  }];
});

interface Claim {
  readonly name: string;
  readonly of: Draft;
  readonly path: Finding["path"];
  /** Whether it is a platform package of the family, and not the package itself. */
  readonly isPlatform: boolean;
}

/** Every name that a package takes on its registry: its own, and those of its platform packages. */
function claimsOf(draft: Draft): Claim[] {
  const own = registryNameOf(draft);
  if (own === undefined) return [];
  const claim = { name: own.value, of: draft, path: own.path, isPlatform: false };
  if (draft.kind !== "npm") return [claim];
  return [
    claim,
    ...triplesOf(draft).map(({ path, value }) => ({
      name: `${own.value}-${value}`,
      of: draft,
      path,
      isPlatform: true,
    })),
  ];
}

/** No two packages go to one name on one registry. */
export const registryNamesAreUnique: Rule = (drafts) => {
  const first = new Map<string, Claim>();
  return drafts.flatMap(claimsOf).flatMap((claim): Finding[] => {
    const kind = claim.of.kind!;
    const key = `${kind} ${canonicalRegistryName(kind, claim.name)}`;
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, claim);
      return [];
    }
    if (before.of === claim.of || before.of.values.name === claim.of.values.name) return [];
    const what = before.isPlatform ? "a platform package of " : "";
    return [{
      path: claim.path,
      message: `Cannot use ${quote(claim.name)} on ${REGISTRIES[kind]} for ${claim.of.label}: ` +
        `${what}${before.of.label} has this name there`,
      hint: "Give each package a name of its own on its registry",
    }];
  });
};

/** Platform packages are named `{name}-{target}`, and that must fit too. */
export const platformNamesFit: Rule = perPackage((draft) =>
  claimsOf(draft).filter(({ isPlatform, name }) =>
    isPlatform && name.length > NAME_FORMS.npm.maxLength
  ).map(({ name, path }) => ({
    path,
    message: `Cannot use a platform package ${quote(name)} of ${draft.label}: ` +
      `its name is longer than ${NAME_FORMS.npm.maxLength} characters`,
    hint: "Shorten the name that the package has on npm",
  }))
);
