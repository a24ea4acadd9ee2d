/**
 * Platform packages among those that `init` found on npm: they belong to the family of their main package, and are made
 * anew when that is published.
 *
 * @module
 */

import type { FoundPackage, Manifest } from "../init/found.ts";
import type { Gathered, Manifests } from "../init/kind_draft.ts";
import { tableAt, textAt } from "../init/manifest_values.ts";
import { canonicalTriple } from "../target/target.ts";
import { platformBase } from "./napi_table.ts";
import { tripleOfName } from "./platform_name.ts";

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
  { byFile }: Manifests,
): Gathered {
  const mains = new Map<string, FoundPackage>();
  for (const pkg of packages) {
    for (const base of basesOf(pkg, byFile)) if (!mains.has(base)) mains.set(base, pkg);
  }
  const members = packages.flatMap((pkg) => memberOf(pkg, { mains, byFile }) ?? []);
  const isMember = new Set(members.map((member) => member.package));
  return {
    packages: packages.filter((pkg) => !isMember.has(pkg)).map((pkg) =>
      withFamily(pkg, members.filter(({ main }) => main === pkg), byFile)
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
  byFile: Manifests["byFile"],
): readonly string[] {
  const table = byFile.get(file)?.table;
  const other = table === undefined ? undefined : platformBase(tableAt(table, "napi"));
  return other === undefined ? [registryName] : [registryName, other];
}

/** The names that a platform package's main package could have: `demo-linux-x64` may be one of `demo` or `demo-linux`. */
function memberOf(
  pkg: FoundPackage,
  { mains, byFile }: {
    readonly mains: ReadonlyMap<string, FoundPackage>;
    readonly byFile: Manifests["byFile"];
  },
): Member | undefined {
  const name = pkg.registryName;
  for (let at = name.indexOf("-"); at !== -1; at = name.indexOf("-", at + 1)) {
    const base = name.slice(0, at);
    const main = mains.get(base);
    const triple = tripleOfName(name, { name: base });
    if (main === undefined || main === pkg || triple === undefined) continue;
    if (main.ownKeys.build === "napi" || isForPlatform(byFile.get(pkg.file))) {
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
  byFile: Manifests["byFile"],
): FoundPackage {
  if (members.length === 0 || (main.ownKeys.build === "napi" && !main.areTargetsGuessed)) {
    return main;
  }
  const isAddon = main.ownKeys.build === "napi" || members.some(({ package: { file } }) => {
    const table = byFile.get(file)?.table;
    return table !== undefined && (textAt(table, "main") ?? "").endsWith(".node");
  });
  const byTarget = new Map(members.map(({ triple }) => [canonicalTriple(triple), triple]));
  return {
    ...main,
    ownKeys: { ...main.ownKeys, build: isAddon ? "napi" : "bundled-cli" },
    targets: [...byTarget.values()],
    areTargetsGuessed: false,
  };
}
