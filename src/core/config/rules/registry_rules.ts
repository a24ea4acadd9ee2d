/**
 * What names and versions on the registries must hold to.
 *
 * @module
 */

import { Failure } from "../../../error.ts";
import { type KindRules, registryNameProblem } from "../../model/kind.ts";
import { type Draft, perPackage, registryNameOf, type Rule, triplesOf } from "../draft.ts";
import { type Finding, quote } from "../finding.ts";
import { ONE_BUILD } from "../non_goals.ts";

/** A first version has a spelling on its registry that means the same. */
export const firstVersionsMap: Rule = perPackage((draft) => {
  const { rules, values: { first_version: version } } = draft;
  if (rules === undefined || version === undefined) return [];
  try {
    rules.spelling(version);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, hint = "" } = error;
    return [{ code, message, hint, path: [...draft.path, "first_version"] }];
  }
});

/** A `name` that the registry does not take needs another name beside it. */
export const namesFitRegistries: Rule = perPackage((draft) => {
  const { rules, path, values: { name } } = draft;
  if (rules === undefined || name === undefined) return [];
  const { names, registry } = rules;
  const found = Object.hasOwn(draft.table, names.key)
    ? undefined
    : registryNameProblem(names, name);
  if (found === undefined) return [];
  return [{
    path: [...path, "name"],
    message: `Cannot use name ${quote(name)} on ${registry}: ${found}`,
    hint: `Set ${names.key} to its name there, which ${names.words}`,
  }];
});

interface Claim {
  readonly name: string;
  readonly of: Draft;
  readonly rules: KindRules;
  readonly path: Finding["path"];
  /** Whether it is a platform package of the family, and not the package itself. */
  readonly isPlatform: boolean;
}

/** Every name that a package takes on its registry: its own, and those of its platform packages. */
function claimsOf(draft: Draft): Claim[] {
  const { rules } = draft;
  const own = registryNameOf(draft);
  if (rules === undefined || own === undefined) return [];
  const claim = { name: own.value, of: draft, rules, path: own.path, isPlatform: false };
  const members = triplesOf(draft).flatMap(({ path, value }) => {
    const name = rules.memberName?.(own.value, value);
    return name === undefined ? [] : [{ ...claim, name, path, isPlatform: true }];
  });
  return [claim, ...members];
}

/** No two packages go to one name on one registry. */
export const registryNamesAreUnique: Rule = (drafts) => {
  const first = new Map<string, Claim>();
  return drafts.flatMap(claimsOf).flatMap((claim): Finding[] => {
    const { rules } = claim;
    const key = `${rules.kind} ${rules.names.canonical(claim.name)}`;
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, claim);
      return [];
    }
    if (before.of === claim.of || before.of.values.name === claim.of.values.name) return [];
    const what = before.isPlatform ? "a platform package of " : "";
    return [{
      path: claim.path,
      message: `Cannot use ${quote(claim.name)} on ${rules.registry} for ${claim.of.label}: ` +
        `${what}${before.of.label} has this name there`,
      hint: areTwoBuilds(before, claim)
        ? ONE_BUILD.hint
        : "Give each package a name of its own on its registry",
    }];
  });
};

/** Two builds of one package were meant: each has platforms of its own. */
function areTwoBuilds(before: Claim, claim: Claim): boolean {
  if (before.isPlatform || claim.isPlatform) return false;
  return [before, claim].every(({ of }) => triplesOf(of).length > 0) &&
    before.of.values.build !== claim.of.values.build;
}

/** The names of platform packages must fit, too. */
export const platformNamesFit: Rule = perPackage((draft) =>
  claimsOf(draft).filter(({ isPlatform, name, rules }) =>
    isPlatform && name.length > rules.names.maxLength
  ).map(({ name, path, rules: { names, registry } }) => ({
    path,
    message: `Cannot use a platform package ${quote(name)} of ${draft.label}: ` +
      `its name is longer than ${names.maxLength} characters`,
    hint: `Shorten the name that the package has on ${registry}`,
  }))
);
