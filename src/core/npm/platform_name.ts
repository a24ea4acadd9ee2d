/**
 * The names of a family's platform packages: a template for all of them, or a name that a target has of its own.
 *
 * @module
 */

import type { NpmPackage } from "../model/package.ts";
import { KNOWN_TRIPLES, platformOf } from "../target/target.ts";

/** How the platform packages of one family are called. */
export interface FamilyNames {
  /** The main package's name on npm. */
  readonly name: string;
  /** The template; undefined for the usual one. */
  readonly template?: string | undefined;
}

/** A target, as far as its package's name goes. */
export interface NamedTarget {
  /** As the configuration spells it. */
  readonly triple: string;
  /** The package's whole name, where the template does not give it. */
  readonly packageName?: string | undefined;
}

/** A platform package of a family. */
export interface FamilyMember {
  /** Its name on npm. */
  readonly name: string;
  readonly triple: string;
}

/** How the platform packages of a declared package are called. */
export function familyNames(
  { registryName: name, platformName: template }: Pick<NpmPackage, "registryName" | "platformName">,
): FamilyNames {
  return { name, template };
}

/** The platform packages of a declared package, in the order of its targets. */
export function familyMembers(pkg: NpmPackage): readonly FamilyMember[] {
  const family = familyNames(pkg);
  return pkg.targets.map((target) => ({
    name: platformName(family, target),
    triple: target.triple,
  }));
}

/** The template of families that name none: what napi-rs calls its platform packages. */
export const USUAL_TEMPLATE = "{name}-{target}";

/** What a template may hold. */
export const PLACEHOLDERS: readonly string[] = [
  ...["{name}", "{scope}", "{base}", "{target}", "{platform}", "{arch}", "{libc}"],
];

/** The words in braces of a template. */
export function placeholdersOf(template: string): readonly string[] {
  return template.match(/\{[^{}]*\}/g) ?? [];
}

/** The name of one platform package. Throws `PIOT_TARGET_UNKNOWN`. */
export function platformName(family: FamilyNames, { triple, packageName }: NamedTarget): string {
  return packageName ?? fillTemplate(family, triple);
}

/**
 * `@acme/demo` for `linux-x64-gnu` by `{scope}/cli-{platform}-{arch}` → `@acme/cli-linux-x64`. A word that a target does not
 * have (macOS has no C library) goes away together with the mark in front of it, or behind it at the start of a part. Throws
 * `PIOT_TARGET_UNKNOWN`.
 */
function fillTemplate({ name, template = USUAL_TEMPLATE }: FamilyNames, triple: string): string {
  const { os, cpu, libc } = platformOf(triple);
  const words = {
    name,
    scope: scopeOf(name),
    base: baseName(name),
    target: triple,
    platform: os ?? "",
    // What napi-rs and esbuild call what runs on both processors of macOS.
    arch: cpu ?? "universal",
    libc: libc ?? "",
  };
  return Object.entries(words).reduce((text, [word, value]) => {
    if (value !== "" || word === "scope") return text.replaceAll(`{${word}}`, () => value);
    return text.replace(new RegExp(`(?<=^|/)\\{${word}\\}[-._]?|[-._]?\\{${word}\\}`, "g"), "");
  }, template);
}

/** The scope of a name, with its `@`; empty where there is none. */
function scopeOf(name: string): string {
  return /^(@[^/]+)\//.exec(name)?.[1] ?? "";
}

/** A name without its scope: `@acme/demo` → `demo`; what npm calls the command of a package with one. */
export function baseName(name: string): string {
  return name.replace(/^@[^/]+\//, "");
}

/** The target that a name stands for as a platform package of a family, whether or not the family still has it. */
export function tripleOfName(name: string, family: FamilyNames): string | undefined {
  return familyTriples(family).get(name);
}

const known = new Map<string, ReadonlyMap<string, string>>();

/** Every name that a template gives; where it leaves words out, the first triple of that name counts. */
function familyTriples(family: FamilyNames): ReadonlyMap<string, string> {
  const key = JSON.stringify([family.name, family.template]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const names = new Map<string, string>();
  for (const triple of KNOWN_TRIPLES) {
    const name = fillTemplate(family, triple);
    if (!names.has(name)) names.set(name, triple);
  }
  known.set(key, names);
  return names;
}
