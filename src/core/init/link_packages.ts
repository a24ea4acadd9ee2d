/**
 * `depends_on` of found packages, from what their manifests name.
 *
 * @module
 */

import type { FoundPackage, Manifest, Need } from "./found.ts";
import { draftFor, type KindDrafts, type Manifests, nameKey } from "./kind_draft.ts";

/** What a package waits for, and what else belongs to it. */
export interface Links {
  /** In the order of the packages. */
  readonly dependsOn: readonly FoundPackage[];
  /** Manifests of what is not published and it is built from, in the order in which they were met. */
  readonly sources: readonly Manifest[];
}

/** The links of all packages. */
export interface Linked {
  readonly links: ReadonlyMap<FoundPackage, Links>;
  /** Sentences about what was left out, since packages cannot wait for each other in a circle. */
  readonly notes: readonly string[];
}

/** What needs are looked up in. */
export interface LinkContext {
  readonly drafts: KindDrafts;
  readonly manifests: Manifests;
}

interface Edge {
  readonly from: FoundPackage;
  readonly to: FoundPackage;
  readonly isWeak: boolean;
}

/** Links packages. Of a circle, what is weak gives way first: peers, extras, dev-dependencies. */
export function linkPackages(packages: readonly FoundPackage[], context: LinkContext): Linked {
  const find = finder(packages, context.drafts);
  const sources = new Map<FoundPackage, readonly Manifest[]>();
  const edges = packages.flatMap((from) => {
    const reached = follow(from, { ...context, find });
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

type Find = (need: Need) => FoundPackage | undefined;

function finder(packages: readonly FoundPackage[], drafts: KindDrafts): Find {
  const byFile = new Map(packages.map((pkg) => [pkg.file, pkg]));
  const byName = new Map(
    packages.map((pkg) => [nameKey(drafts, { kind: pkg.kind, name: pkg.registryName }), pkg]),
  );
  return (need) => "file" in need ? byFile.get(need.file) : byName.get(nameKey(drafts, need));
}

/** What a package needs, seen through what is in the repository and not published. */
function follow(
  from: FoundPackage,
  { find, manifests, drafts }: LinkContext & { readonly find: Find },
): { readonly edges: readonly Edge[]; readonly sources: readonly Manifest[] } {
  const edges: Edge[] = [];
  const sources = new Set<Manifest>();
  const { needs, builtFrom } = from;
  const waiting = [
    ...needs,
    ...builtFrom === undefined ? [] : [{ file: builtFrom, isWeak: false }],
  ];
  for (let need = waiting.shift(); need !== undefined; need = waiting.shift()) {
    const { isWeak } = need;
    const to = find(need);
    const hidden = "file" in need ? manifests.byFile.get(need.file) : undefined;
    if (to !== undefined) {
      if (to !== from) edges.push({ from, to, isWeak });
    } else if (hidden !== undefined && !sources.has(hidden)) {
      sources.add(hidden);
      const next = draftFor(drafts, hidden.file)?.needs?.(hidden, manifests) ?? [];
      waiting.push(...next.map((need) => ({ ...need, isWeak: need.isWeak || isWeak })));
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
