/**
 * What a native addon's package.json says for napi-rs: whether that builds it, for which platforms, and how the packages of
 * these are called (napi.rs, "CLI", "Napi config").
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import type { FoundPackage, Manifest } from "../init/found.ts";
import { tableAt, textAt, textsAt } from "../init/manifest_values.ts";
import { canonicalTriple, isKnownTriple, spellingsOf } from "../target/target.ts";

/** Whether napi-rs builds it: it has its configuration, or its command. */
export function isAddon({ table }: Manifest): boolean {
  return isTable(table.napi) ||
    ["dependencies", "devDependencies"].some((key) => "@napi-rs/cli" in tableAt(table, key));
}

/** How an addon is built, and for what; the `napi` table says it, or the usual platforms stand in. */
export function addonPlatforms(
  manifest: Manifest,
  /** Whether the names that it gives them are any. */
  { isNamed }: { readonly isNamed: boolean },
): Pick<FoundPackage, "targets" | "areTargetsGuessed" | "notes"> {
  const napi = tableAt(manifest.table, "napi");
  const { targets, unknown } = napiTargets(napi);
  return {
    targets: targets.length === 0 ? USUAL_ADDONS : targets,
    areTargetsGuessed: targets.length === 0,
    notes: [
      ...unknown.map((target) =>
        `the target ${JSON.stringify(target)} of ${manifest.file} is not known`
      ),
      ...(isNamed ? [] : [
        `${manifest.file} calls its platform packages ${
          platformBase(napi)
        }-…, which npm takes for no name`,
      ]),
    ],
  };
}

/** What the `napi` table says of platforms. */
export interface NapiTargets {
  /** As they are to be written, each once: in Node's words, which the loaders that napi-rs writes look for. */
  readonly targets: readonly string[];
  /** Those that are not known here. */
  readonly unknown: readonly string[];
}

/** What most addons are built for, as Node spells it: what the loaders that napi-rs writes look for. */
const USUAL_ADDONS: readonly string[] = [
  "linux-x64-gnu",
  "linux-arm64-gnu",
  "darwin-x64",
  "darwin-arm64",
  "win32-x64-msvc",
];

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
  return spellingsOf(triple).find((spelling) => NODE.test(spelling)) ?? triple;
}

/** The name that its platform packages start with, when that is not the package's own. */
export function platformBase(napi: Table): string | undefined {
  return textAt(napi, "packageName") ?? textAt(tableAt(napi, "package"), "name");
}
