/**
 * `depends_on` of found packages, from what their manifests name.
 *
 * @module
 */

import { normaliseName } from "../pypi/spelling.ts";
import type { FoundPackage, Need } from "./found.ts";
import { crateNeeds, type Crates } from "./read_cargo.ts";

/** What a package waits for, and what else belongs to it. */
export interface Links {
  /** In the order of the packages. */
  readonly dependsOn: readonly FoundPackage[];
  /** Folders of crates that it is built from and that are not published, in the order in which they were met. */
  readonly sources: readonly string[];
}

/** The links of all packages. */
export interface Linked {
  readonly links: ReadonlyMap<FoundPackage, Links>;
  /** Sentences about what was left out, since packages cannot wait for each other in a circle. */
  readonly notes: readonly string[];
}

interface Edge {
  readonly from: FoundPackage;
  readonly to: FoundPackage;
  readonly isWeak: boolean;
}

/** Links packages. Of a circle, what is weak gives way first: peers, extras, dev-dependencies. */
export function linkPackages(packages: readonly FoundPackage[], crates: Crates): Linked {
  const byKey = new Map(packages.map((pkg) => [keyOf(pkg), pkg]));
  const sources = new Map<FoundPackage, readonly string[]>();
  const edges = packages.flatMap((from) => {
    const reached = follow(from, { byKey, crates });
    sources.set(from, reached.sources);
    return reached.edges;
  });
  const { kept, notes } = withoutCircles(edges);
  const links = packages.map((pkg) => {
    const waitsFor = kept.get(pkg) ?? new Set<FoundPackage>();
    return [pkg, {
      dependsOn: packages.filter((other) => waitsFor.has(other)),
      sources: sources.get(pkg)!,
    }] as const;
  });
  return { links: new Map(links), notes };
}

function keyOf({ kind, folder, registryName }: FoundPackage): string {
  const what = kind === "crates"
    ? folder
    : kind === "pypi"
    ? normaliseName(registryName)
    : registryName;
  return `${kind} ${what}`;
}

/** What a package needs, seen through crates that are in the repository and not published. */
function follow(
  from: FoundPackage,
  { byKey, crates }: { readonly byKey: ReadonlyMap<string, FoundPackage>; readonly crates: Crates },
): { readonly edges: readonly Edge[]; readonly sources: readonly string[] } {
  const edges: Edge[] = [];
  const sources = new Set<string>();
  const waiting: Need[] = [...from.needs];
  for (let need = waiting.shift(); need !== undefined; need = waiting.shift()) {
    const { kind, what, isWeak } = need;
    const to = byKey.get(`${kind} ${what}`);
    const hidden = kind === "crates" ? crates.get(what) : undefined;
    if (to !== undefined) {
      if (to !== from) edges.push({ from, to, isWeak });
    } else if (hidden !== undefined && !sources.has(what)) {
      sources.add(what);
      waiting.push(
        ...crateNeeds(hidden, crates).map((next) => ({
          ...next,
          isWeak: next.isWeak || isWeak,
        })),
      );
    }
  }
  return { edges, sources: [...sources] };
}

function withoutCircles(edges: readonly Edge[]): {
  readonly kept: ReadonlyMap<FoundPackage, Set<FoundPackage>>;
  readonly notes: readonly string[];
} {
  const kept = new Map<FoundPackage, Set<FoundPackage>>();
  const notes = new Set<string>();
  for (const { from, to } of [...edges].sort((a, b) => Number(a.isWeak) - Number(b.isWeak))) {
    const known = kept.get(from) ?? new Set<FoundPackage>();
    if (known.has(to)) continue;
    if (reaches(kept, { from: to, to: from })) {
      notes.add(
        `${from.file} needs ${to.registryName}, which needs it in turn: its depends_on leaves that out`,
      );
      continue;
    }
    kept.set(from, known.add(to));
  }
  return { kept, notes: [...notes] };
}

function reaches(
  kept: ReadonlyMap<FoundPackage, ReadonlySet<FoundPackage>>,
  { from, to }: { readonly from: FoundPackage; readonly to: FoundPackage },
): boolean {
  const waiting = [from];
  const seen = new Set(waiting);
  for (let pkg = waiting.pop(); pkg !== undefined; pkg = waiting.pop()) {
    if (pkg === to) return true;
    for (const next of kept.get(pkg) ?? []) {
      if (!seen.has(next)) waiting.push(next);
      seen.add(next);
    }
  }
  return false;
}
