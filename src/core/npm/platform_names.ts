/**
 * The names of a platform family: one package for each target, beside the main package that people install.
 *
 * @module
 */

import { KNOWN_TRIPLES } from "../target/target.ts";

/** `@acme/demo` for `linux-x64-gnu` → `@acme/demo-linux-x64-gnu`: the target is spelled as the configuration spells it. */
export function platformName(name: string, triple: string): string {
  return `${name}-${triple}`;
}

/** The target that a name stands for as a platform package of `main`, whether or not the family still has it. */
export function tripleOfName(name: string, main: string): string | undefined {
  if (!name.startsWith(`${main}-`)) return undefined;
  const triple = name.slice(main.length + 1);
  return KNOWN_TRIPLES.includes(triple) ? triple : undefined;
}

/** A name without its scope: `@acme/demo` → `demo`; what npm calls the command of a package with one. */
export function baseName(name: string): string {
  return name.replace(/^@[^/]+\//, "");
}
