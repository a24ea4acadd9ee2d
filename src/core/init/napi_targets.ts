/**
 * The targets of a native addon, as its package.json has them for napi-rs (napi.rs, "CLI", "Napi config").
 *
 * @module
 */

import { isTable, type Table } from "../config/document.ts";
import { canonicalTriple, isKnownTriple, spellingsOf } from "../target/target.ts";
import { tableAt, textAt, textsAt } from "./found.ts";

/** What the `napi` table says of platforms. */
export interface NapiTargets {
  /** As they are to be written, each once: in Node's words, which the loaders that napi-rs writes look for. */
  readonly targets: readonly string[];
  /** Those that are not known here. */
  readonly unknown: readonly string[];
}

/** What napi-rs 2 builds unless `defaults` is false. */
const DEFAULTS: readonly string[] = [
  "x86_64-apple-darwin",
  "x86_64-pc-windows-msvc",
  "x86_64-unknown-linux-gnu",
];

/** napi-rs calls universal binaries otherwise than maturin. */
const ALIASES: Readonly<Record<string, string>> = { "universal-apple-darwin": "darwin-universal" };

/** Reads `napi.targets`, or `napi.triples` of napi-rs 2. */
export function napiTargets(napi: Table): NapiTargets {
  const byTarget = new Map<string, string>();
  const unknown: string[] = [];
  for (const triple of triplesOf(napi)) {
    const known = Object.hasOwn(ALIASES, triple) ? ALIASES[triple]! : triple;
    if (!isKnownTriple(known)) unknown.push(triple);
    else if (!byTarget.has(canonicalTriple(known))) {
      byTarget.set(canonicalTriple(known), nodeSpelling(known));
    }
  }
  return { targets: [...byTarget.values()], unknown };
}

function triplesOf(napi: Table): readonly string[] {
  const named = textsAt(napi, "targets");
  if (named.length > 0 || !isTable(napi.triples)) return named;
  const triples = tableAt(napi, "triples");
  return [...triples.defaults === false ? [] : DEFAULTS, ...textsAt(triples, "additional")];
}

/** Systems as Node calls them, at the start of a target's name; and what napi-rs calls WebAssembly. */
const NODE =
  /^(darwin|ios|win32|cygwin|linux|android|openharmony|freebsd|openbsd|netbsd|sunos|aix|haiku)-|^wasm32-wasi$/;

function nodeSpelling(triple: string): string {
  return spellingsOf(triple).find((one) => NODE.test(one)) ?? triple;
}

/** The name that its platform packages start with, when that is not the package's own. */
export function platformBase(napi: Table): string | undefined {
  return textAt(napi, "packageName") ?? textAt(tableAt(napi, "package"), "name");
}
