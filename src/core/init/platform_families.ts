/**
 * The platforms of npm packages: platform packages among the found ones, which belong to the family of their main package,
 * and what a native addon's package.json says for napi-rs (napi.rs, "CLI", "Napi config").
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import { tripleOfName } from "../npm/platform_package.ts";
import { canonicalTriple, isKnownTriple, spellingsOf } from "../target/target.ts";
import type { FoundPackage, LeftOut, Manifest } from "./found.ts";
import { tableAt, textAt, textsAt } from "./manifest_values.ts";

/** Packages with families put together. */
export interface Families {
  readonly packages: readonly FoundPackage[];
  readonly leftOut: readonly LeftOut[];
}

interface Member {
  readonly package: FoundPackage;
  readonly main: FoundPackage;
  readonly triple: string;
}

/**
 * Takes platform packages, `{name}-{target}` of another found package, out. Where their main package names no targets
 * they tell it, and what kind of family it is: addons end in `.node`, everything else is a program.
 */
export function gatherFamilies(
  packages: readonly FoundPackage[],
  manifests: ReadonlyMap<string, Manifest>,
): Families {
  const mains = new Map<string, FoundPackage>();
  for (const pkg of packages.filter(({ kind }) => kind === "npm")) {
    for (const base of basesOf(pkg, manifests)) if (!mains.has(base)) mains.set(base, pkg);
  }
  const members = packages.flatMap((pkg) => memberOf(pkg, { mains, manifests }) ?? []);
  const isMember = new Set(members.map((member) => member.package));
  return {
    packages: packages.filter((pkg) => !isMember.has(pkg)).map((pkg) =>
      withFamily(pkg, members.filter(({ main }) => main === pkg), manifests)
    ),
    leftOut: members.map(({ package: { file, registryName: name }, main }) => ({
      file,
      name,
      reason: `it is a platform package of ${main.registryName}, made when that is published`,
    })),
  };
}

function basesOf(
  { file, registryName }: FoundPackage,
  manifests: ReadonlyMap<string, Manifest>,
): readonly string[] {
  const table = manifests.get(file)?.table;
  const other = table === undefined ? undefined : platformBase(tableAt(table, "napi"));
  return other === undefined ? [registryName] : [registryName, other];
}

/** The names that a platform package's main package could have: `demo-linux-x64` may be one of `demo` or `demo-linux`. */
function memberOf(
  pkg: FoundPackage,
  { mains, manifests }: {
    readonly mains: ReadonlyMap<string, FoundPackage>;
    readonly manifests: ReadonlyMap<string, Manifest>;
  },
): Member | undefined {
  if (pkg.kind !== "npm") return undefined;
  const name = pkg.registryName;
  for (let at = name.indexOf("-"); at !== -1; at = name.indexOf("-", at + 1)) {
    const base = name.slice(0, at);
    const main = mains.get(base);
    const triple = tripleOfName(name, base);
    if (main === undefined || main === pkg || triple === undefined) continue;
    if (main.build === "napi" || isForPlatform(manifests.get(pkg.file))) {
      return { package: pkg, main, triple };
    }
  }
  return undefined;
}

function isForPlatform(manifest: Manifest | undefined): boolean {
  return ["os", "cpu", "libc"].some((key) => Array.isArray(manifest?.table[key]));
}

function withFamily(
  main: FoundPackage,
  members: readonly Member[],
  manifests: ReadonlyMap<string, Manifest>,
): FoundPackage {
  if (members.length === 0 || (main.build === "napi" && !main.areTargetsGuessed)) return main;
  const isAddon = main.build === "napi" || members.some(({ package: { file } }) => {
    const table = manifests.get(file)?.table;
    return table !== undefined && (textAt(table, "main") ?? "").endsWith(".node");
  });
  const byTarget = new Map(members.map(({ triple }) => [canonicalTriple(triple), triple]));
  return {
    ...main,
    build: isAddon ? "napi" : "bundled-cli",
    targets: [...byTarget.values()],
    areTargetsGuessed: false,
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
export const USUAL_ADDONS: readonly string[] = [
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
