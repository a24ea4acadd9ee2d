/**
 * Platform packages among those that `init` found on npm: they belong to the family of their main package, and are made
 * anew when that is published.
 *
 * @module
 */

import type { FoundPackage, Manifest } from "../init/found.ts";
import type { Gathered, Manifests } from "../init/kind_draft.ts";
import { tableAt, textAt, textsAt } from "../init/manifest_values.ts";
import { canonicalTriple } from "../target/target.ts";
import { readNames, tripleOfPlatform } from "./family_template.ts";
import { platformBase } from "./napi_table.ts";
import { tripleOfName } from "./platform_name.ts";
import { unseenPlatforms } from "./unseen_platforms.ts";

interface Member {
  readonly package: FoundPackage;
  readonly main: FoundPackage;
  readonly triple: string;
}

/**
 * Takes platform packages, `{name}-{target}` of another found package or one of its optional dependencies, out. Where their main package names no targets
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
  const brought = broughtBy(packages, byFile);
  const members = packages.flatMap((pkg) => memberOf(pkg, { mains, byFile, brought }) ?? []);
  const isMember = new Set(members.map((member) => member.package));
  const names = new Set(packages.map(({ registryName }) => registryName));
  const families = packages.filter((pkg) => !isMember.has(pkg)).map((pkg) =>
    withFamily(pkg, members.filter(({ main }) => main === pkg), byFile)
  );
  return {
    packages: families.map((pkg) => withUnseen(pkg, { names, byFile })),
    leftOut: members.map(({ package: { file, registryName: name }, main }) => ({
      file,
      name,
      reason: `it is a platform package of ${main.registryName}, made when that is published`,
    })),
  };
}

function withUnseen(
  pkg: FoundPackage,
  { names, byFile }: Pick<Manifests, "byFile"> & { readonly names: ReadonlySet<string> },
): FoundPackage {
  const table = byFile.get(pkg.file)?.table;
  if (table === undefined) return pkg;
  const notes = unseenPlatforms(pkg, { table, isFound: (name) => names.has(name) });
  return notes.length === 0 ? pkg : { ...pkg, notes: [...pkg.notes, ...notes] };
}

function basesOf(
  { file, registryName }: FoundPackage,
  byFile: Manifests["byFile"],
): readonly string[] {
  const table = byFile.get(file)?.table;
  const other = table === undefined ? undefined : platformBase(tableAt(table, "napi"));
  return other === undefined ? [registryName] : [registryName, other];
}

/**
 * A platform package's main package is the one that brings it along, or that its name begins with: `demo-linux-x64` may be one
 * of `demo` or `demo-linux`.
 */
function memberOf(
  pkg: FoundPackage,
  { mains, byFile, brought }: {
    readonly mains: ReadonlyMap<string, FoundPackage>;
    readonly byFile: Manifests["byFile"];
    readonly brought: ReadonlyMap<string, FoundPackage>;
  },
): Member | undefined {
  const name = pkg.registryName;
  const manifest = byFile.get(pkg.file);
  for (let at = name.indexOf("-"); at !== -1; at = name.indexOf("-", at + 1)) {
    const base = name.slice(0, at);
    const main = mains.get(base);
    const triple = tripleOfName(name, { name: base });
    if (main === undefined || main === pkg || triple === undefined) continue;
    if (main.ownKeys.build === "napi" || isForPlatform(manifest)) {
      return { package: pkg, main, triple };
    }
  }
  const main = brought.get(name);
  if (main === undefined || main === pkg || !isForPlatform(manifest)) return undefined;
  const [os, cpu, libc] = ["os", "cpu", "libc"].map((key) => textsAt(manifest!.table, key));
  const triple = tripleOfPlatform(name, { os: os!, cpu: cpu!, libc: libc! });
  return triple === undefined ? undefined : { package: pkg, main, triple };
}

/** By name, the package that has another among its optional dependencies. */
function broughtBy(
  packages: readonly FoundPackage[],
  byFile: Manifests["byFile"],
): ReadonlyMap<string, FoundPackage> {
  const brought = packages.flatMap((pkg) => {
    const table = byFile.get(pkg.file)?.table;
    const names = table === undefined ? [] : Object.keys(tableAt(table, "optionalDependencies"));
    return names.map((name) => [name, pkg] as const);
  });
  return new Map(brought);
}

function isForPlatform(manifest: Manifest | undefined): boolean {
  return ["os", "cpu", "libc"].some((key) => Array.isArray(manifest?.table[key]));
}

function withFamily(
  main: FoundPackage,
  members: readonly Member[],
  byFile: Manifests["byFile"],
): FoundPackage {
  if (members.length === 0) return main;
  if (main.ownKeys.build === "napi" && !main.areTargetsGuessed) return withOthers(main, members);
  const isAddon = main.ownKeys.build === "napi" || members.some(({ package: { file } }) => {
    const table = byFile.get(file)?.table;
    return table !== undefined && (textAt(table, "main") ?? "").endsWith(".node");
  });
  const byTarget = new Map(members.map((member) => [canonicalTriple(member.triple), member]));
  const own = [...byTarget.values()];
  const { template, packages } = readNames(
    main.registryName,
    own.map(({ package: { registryName: name }, triple }) => ({ name, triple })),
  );
  return {
    ...main,
    ownKeys: {
      ...main.ownKeys,
      build: isAddon ? "napi" : "bundled-cli",
      ...(template === undefined ? {} : { platform_name: template }),
    },
    targets: own.map(({ triple }) => triple),
    ...(Object.keys(packages).length === 0 ? {} : { targetPackages: packages }),
    areTargetsGuessed: false,
  };
}

/** A platform whose package is there is published, whether or not the configuration of napi-rs names it. */
function withOthers(main: FoundPackage, members: readonly Member[]): FoundPackage {
  const known = new Set(main.targets.map(canonicalTriple));
  const others = members.filter(({ triple }) => !known.has(canonicalTriple(triple)));
  const notes = others.map(({ package: { file }, triple }) =>
    `${main.file} does not name the target ${triple}, and ${file} is a package for it: it is declared too`
  );
  const targets = [...main.targets, ...others.map(({ triple }) => triple)];
  return {
    ...main,
    ...namesOf(main, { members, targets }),
    targets,
    notes: [...main.notes, ...notes],
  };
}

/**
 * The packages have the names that they have: napi-rs is told them where it makes the packages, and need not be where
 * people wrote them.
 */
function namesOf(
  { registryName, ownKeys }: FoundPackage,
  { members, targets }: {
    readonly members: readonly Member[];
    readonly targets: readonly string[];
  },
): Partial<Pick<FoundPackage, "ownKeys" | "targetPackages">> {
  const told = ownKeys.platform_name;
  const { template, packages } = readNames(
    registryName,
    members.map(({ package: { registryName: name }, triple }) => ({
      name,
      triple: targets.find((target) => canonicalTriple(target) === canonicalTriple(triple))!,
    })),
    typeof told === "string" ? told : undefined,
  );
  return {
    ownKeys: { ...ownKeys, ...(template === undefined ? {} : { platform_name: template }) },
    ...(Object.keys(packages).length === 0 ? {} : { targetPackages: packages }),
  };
}
