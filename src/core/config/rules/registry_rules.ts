/**
 * What names and versions on the registries must hold to.
 *
 * @module
 */

import { Failure } from "../../../error.ts";
import { type KindRules, registryNameProblem } from "../../model/kind.ts";
import { type Draft, perPackage, registryNameOf, type Rule, targetsOf } from "../draft.ts";
import { canonicalTriple } from "../../target/target.ts";
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
  /** The target that it is the platform package of; undefined for the package itself. */
  readonly triple: string | undefined;
}

/** Every name that a package takes on its registry: its own, and those of its platform packages. */
function claimsOf(draft: Draft): Claim[] {
  const { rules } = draft;
  const own = registryNameOf(draft);
  if (rules === undefined || own === undefined) return [];
  const claim = { name: own.value, of: draft, rules, path: own.path, triple: undefined };
  const template = rules.templateKey === undefined ? undefined : draft.values[rules.templateKey];
  const family = { name: own.value, ...(typeof template === "string" ? { template } : {}) };
  const members = targetsOf(draft).flatMap(({ path, value: { triple, package: packageName } }) => {
    const name = rules.memberName?.(family, { triple, packageName });
    if (name === undefined) return [];
    const isOwn = packageName !== undefined || template === undefined;
    const at = isOwn ? path : [...draft.path, rules.templateKey!];
    return [{ ...claim, name, path: at, triple }];
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
    if (before.of === claim.of) return twiceInOne(before, claim);
    if (before.of.values.name === claim.of.values.name) return [];
    const what = before.triple === undefined ? "" : "a platform package of ";
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
  if (before.triple !== undefined || claim.triple !== undefined) return false;
  return [before, claim].every(({ of }) => targetsOf(of).length > 0) &&
    before.of.values.build !== claim.of.values.build;
}

/** A name that two packages of one family get. A target that is there twice is another rule's. */
function twiceInOne(before: Claim, { triple, name, path, of }: Claim): Finding[] {
  if (triple === undefined) return [];
  if (before.triple !== undefined && canonicalTriple(before.triple) === canonicalTriple(triple)) {
    return [];
  }
  const other = before.triple === undefined
    ? "the package itself has this name"
    : `target ${quote(before.triple)} has the same name`;
  return [{
    path,
    message: `Cannot use ${quote(name)} for target ${quote(triple)} of ${of.label}: ${other}`,
    hint: "Put {target} into platform_name, or give a target its own: { triple, package }",
  }];
}

/** The names of platform packages must fit, too; one that a target has of its own is judged where it is read. */
export const platformNamesFit: Rule = perPackage((draft) =>
  claimsOf(draft).flatMap(({ triple, name, path, rules: { names, registry } }): Finding[] => {
    const problem = registryNameProblem(names, name);
    // A main package whose own name does not fit is told of itself.
    const own = registryNameOf(draft)!.value;
    if (triple === undefined || problem === undefined) return [];
    if (registryNameProblem(names, own) !== undefined) return [];
    return [{
      path,
      message: `Cannot use ${quote(name)} for target ${
        quote(triple)
      } of ${draft.label}: ${problem}`,
      hint: name.length > names.maxLength
        ? `Shorten the name that the package has on ${registry}`
        : `Change platform_name, or write { triple, package } for the target; a name there ${names.words}`,
    }];
  })
);
