/**
 * What a main package asks for, held against what its family brings: the names in its scripts, in `optionalDependencies`
 * and in the table of napi-rs.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { canonicalTriple, platformOf, spellingsOf } from "../target/target.ts";
import { someOf } from "../words/phrases.ts";
import {
  type AskedNames,
  askedNames,
  computedFor,
  mayBe,
  mayGrowInto,
  type SoughtName,
  tripleAtEnd,
} from "./asked_names.ts";
import { platformBase } from "./napi_table.ts";
import type { PackageJson } from "./package_json.ts";
import type { Family } from "./platform_links.ts";
import { tripleOfName } from "./platform_name.ts";

/** What is wrong, and what cannot be decided. */
export interface ClaimVerdict {
  readonly problems: readonly Failure[];
  readonly warnings: readonly string[];
}

/** A main package. */
export interface ClaimFacts {
  readonly family: Family;
  readonly manifest: PackageJson;
  /** The texts of its scripts; undefined where the launcher that is added here finds the packages. */
  readonly scripts: readonly string[] | undefined;
  /** Other packages of the repository, by their names on npm. */
  readonly others: ReadonlySet<string>;
}

/** Holds the two against each other. */
export function judgeClaims(facts: ClaimFacts): ClaimVerdict {
  const asked = facts.scripts === undefined
    ? undefined
    : behindAliases(askedNames(facts.scripts), facts.manifest);
  const scripts = asked === undefined ? NOTHING : judgeScripts(facts.family, asked);
  const pins = judgePins(facts);
  return {
    problems: [...pins.problems, ...judgeNapi(facts, asked), ...scripts.problems],
    warnings: [...pins.warnings, ...scripts.warnings],
  };
}

/** Who asks for an alias (`"demo-linux": "npm:@acme/demo-linux-x64@1.0.0"`; npm's docs, "package.json") asks for what it stands for. */
function behindAliases(asked: AskedNames, { raw }: PackageJson): AskedNames {
  const ranges = Object.entries(tableOf(raw["optionalDependencies"]));
  const meant = ranges.flatMap(([alias, range]) => {
    const name = /^(?:npm|workspace):(@?[^@]+)@/.exec(String(range))?.[1];
    return name !== undefined && asked.literals.has(alias) ? [name] : [];
  });
  return { ...asked, literals: new Set([...asked.literals, ...meant]) };
}

function tableOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

const NOTHING: ClaimVerdict = { problems: [], warnings: [] };

function unmet(name: string, { found, hint }: { found: string; hint: string }): Failure {
  return new Failure("PIOT_NPM_MANIFEST", `Cannot publish "${name}": ${found}`, { hint });
}

function pinsOf({ raw }: PackageJson): readonly string[] {
  return Object.keys(tableOf(raw["optionalDependencies"]));
}

/** Optional dependencies that are platform packages of this family by their names, and that it does not bring. */
function judgePins({ family, manifest, others }: ClaimFacts): ClaimVerdict {
  const brought = new Set(family.members.map(({ name }) => name));
  const strange = pinsOf(manifest).filter((pin) => !brought.has(pin) && !others.has(pin));
  const templates = templatesOf(family, manifest);
  const problems = strange.flatMap((pin) => {
    const triple = firstOf(templates, (template) => tripleOfName(pin, { ...family, template }));
    return triple === undefined ? [] : [notBrought(family, { pin, triple })];
  });
  const warnings = strange.filter((pin) =>
    templates.every((template) => tripleOfName(pin, { ...family, template }) === undefined) &&
    tripleAtEnd(pin) !== undefined && isAkin(pin, family)
  ).map((pin) =>
    `"${family.name}": "${pin}" in its optionalDependencies looks like a platform package, and none of its targets is published as that`
  );
  return { problems, warnings };
}

/** The template that is set, what is usual, and what the table of napi-rs says. */
function templatesOf(
  { template }: Family,
  { raw }: PackageJson,
): readonly (string | undefined)[] {
  const base = napiBase(raw);
  return [...new Set([template, undefined, ...(base === undefined ? [] : [`${base}-{target}`])])];
}

function firstOf<T, R>(list: readonly T[], of: (one: T) => R | undefined): R | undefined {
  for (const one of list) {
    const found = of(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isAkin(pin: string, { name }: Family): boolean {
  const scope = /^@[^/]+\//.exec(name)?.[0];
  return pin.startsWith(`${name}-`) || (scope !== undefined && pin.startsWith(scope));
}

function notBrought(
  { name, members }: Family,
  { pin, triple }: { readonly pin: string; readonly triple: string },
): Failure {
  const same = members.find((member) => isSame(member.triple, triple));
  return unmet(name, {
    found: same === undefined
      ? `its optionalDependencies name "${pin}", and "${triple}" is none of its targets`
      : `its optionalDependencies name "${pin}", and the package for "${same.triple}" is published as "${same.name}"`,
    hint: same === undefined
      ? `Add "${triple}" to its targets, or take "${pin}" out of optionalDependencies`
      : `Take "${pin}" out of optionalDependencies, or name the package so: { triple = "${same.triple}", package = "${pin}" }`,
  });
}

function isSame(one: string, other: string): boolean {
  return canonicalTriple(one) === canonicalTriple(other);
}

function napiBase(raw: PackageJson["raw"]): string | undefined {
  const napi = raw["napi"];
  return typeof napi === "object" && napi !== null && !Array.isArray(napi)
    ? platformBase(napi as Parameters<typeof platformBase>[0])
    : undefined;
}

/** The loader that napi-rs writes asks for `{packageName}-{target}`, in Node's words (napi.rs, "Napi config"). */
function judgeNapi({ family, manifest }: ClaimFacts, asked: AskedNames | undefined): Failure[] {
  const base = napiBase(manifest.raw);
  if (base === undefined) return [];
  const other = family.members.filter(({ name, triple }) =>
    !spellingsOf(triple).some((spelling) => name === `${base}-${spelling}`) &&
    asked?.literals.has(name) !== true
  );
  const [first] = other;
  if (first === undefined) return [];
  return [unmet(family.name, {
    found:
      `napi-rs is told that its platform packages are called "${base}-…", and they are published as ${
        someOf(other.map(({ name }) => `"${name}"`), 3)
      }`,
    hint:
      `Set platform_name = "${base}-{target}", or change packageName below napi in package.json`,
  })];
}

function judgeScripts(family: Family, asked: AskedNames): ClaimVerdict {
  const problems: Failure[] = [];
  const unknown: string[] = [];
  for (const member of family.members) {
    if (isAsked(member, asked)) continue;
    const instead = askedInstead(member, asked);
    if (instead !== undefined) problems.push(otherName(family.name, { member, ...instead }));
    else if (!asked.readsPins) unknown.push(member.name);
  }
  if (unknown.length === 0) return { problems, warnings: [] };
  return {
    problems,
    warnings: [
      `no script of "${family.name}" mentions ${
        someOf(unknown.map((name) => `"${name}"`), 5)
      }, nor puts such a name together as far as can be read: what loads its platform packages has to ask for these`,
    ],
  };
}

function isAsked(member: SoughtName, { literals, computed }: AskedNames): boolean {
  return literals.has(member.name) ||
    computed.some((name) => mayBe(name, member) || mayGrowInto(name, member));
}

/** The name under which the scripts look for a target's package instead of its own. */
function askedInstead(
  { triple }: SoughtName,
  { literals, computed }: AskedNames,
): { readonly name: string; readonly shown?: string } | undefined {
  const sums = computed.flatMap((one) => {
    const name = computedFor(one, triple);
    return name === undefined || tripleAtEnd(name) === undefined
      ? []
      : [{ name, shown: one.shown }];
  });
  const named = [...literals].filter((name) => {
    const other = tripleAtEnd(name);
    return other !== undefined && fits(other, triple);
  });
  const exact = named.find((name) => isSame(tripleAtEnd(name)!, triple)) ?? named[0];
  return exact === undefined ? sums[0] : { name: exact };
}

/** Whether what is asked for on one machine would be this target: the C library counts where both say it. */
function fits(other: string, triple: string): boolean {
  const [a, b] = [platformOf(other), platformOf(triple)];
  return a.os === b.os && a.cpu === b.cpu &&
    (a.libc === undefined || b.libc === undefined || a.libc === b.libc);
}

function otherName(
  owner: string,
  { member, name, shown }: {
    readonly member: SoughtName;
    readonly name: string;
    readonly shown?: string;
  },
): Failure {
  const spelling = spellingsOf(member.triple).find((one) =>
    one !== member.triple && name === `${owner}-${one}`
  );
  const way = shown === undefined ? "" : ` (\`${shown}\`)`;
  return unmet(owner, {
    found:
      `its scripts look for "${name}"${way}, and the package for "${member.triple}" is published as "${member.name}"`,
    hint: spelling === undefined
      ? `Set platform_name, or name this one package: { triple = "${member.triple}", package = "${name}" }; or change the scripts`
      : `Write the target as "${spelling}", or change the scripts`,
  });
}
