/**
 * Platform packages among the found ones: they belong to the family of their main package, and are none by themselves.
 *
 * @module
 */

import { tripleOfName } from "../npm/platform_package.ts";
import { canonicalTriple } from "../target/target.ts";
import { type FoundPackage, type LeftOut, type Manifest, tableAt, textAt } from "./found.ts";
import { platformBase } from "./napi_targets.ts";

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
  for (const one of packages.filter(({ kind }) => kind === "npm")) {
    for (const base of basesOf(one, manifests)) if (!mains.has(base)) mains.set(base, one);
  }
  const members = packages.flatMap((one) => memberOf(one, { mains, manifests }) ?? []);
  const isMember = new Set(members.map((member) => member.package));
  return {
    packages: packages.filter((one) => !isMember.has(one)).map((one) =>
      withFamily(one, members.filter(({ main }) => main === one), manifests)
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
  one: FoundPackage,
  { mains, manifests }: {
    readonly mains: ReadonlyMap<string, FoundPackage>;
    readonly manifests: ReadonlyMap<string, Manifest>;
  },
): Member | undefined {
  if (one.kind !== "npm") return undefined;
  const name = one.registryName;
  for (let at = name.indexOf("-"); at !== -1; at = name.indexOf("-", at + 1)) {
    const base = name.slice(0, at);
    const main = mains.get(base);
    const triple = tripleOfName(name, base);
    if (main === undefined || main === one || triple === undefined) continue;
    if (main.build === "napi" || isForPlatform(manifests.get(one.file))) {
      return { package: one, main, triple };
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
