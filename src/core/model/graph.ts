/**
 * The graph of packages: who depends on whom, directly or not.
 *
 * @module
 */

import type { Package } from "./package.ts";

/** Edges by name, in the configuration's order. */
export type Edges = ReadonlyMap<string, readonly string[]>;

/** Both directions of `depends_on`. The configuration is closed and acyclic. */
export interface Graph {
  /** What a package depends on directly. */
  readonly dependencies: Edges;
  /** What depends on a package directly. */
  readonly dependents: Edges;
}

/** What of a package the graph is made of. */
export type GraphNode = Pick<Package, "name" | "dependsOn">;

/** Makes the graph. */
export function makeGraph(packages: readonly GraphNode[]): Graph {
  const dependencies = new Map(packages.map(({ name, dependsOn }) => [name, dependsOn]));
  const dependents = new Map<string, string[]>(packages.map(({ name }) => [name, []]));
  for (const { name, dependsOn } of packages) {
    for (const dependency of dependsOn) dependents.get(dependency)?.push(name);
  }
  return { dependencies, dependents };
}

/**
 * Everything that can be reached over edges from some names, themselves included: each with the neighbour that it was
 * first reached from, undefined for the starts. Breadth first, so the way back is a shortest one.
 */
export function reach(
  edges: Edges,
  starts: Iterable<string>,
): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const start of starts) found.set(start, undefined);
  for (const name of found.keys()) {
    for (const next of edges.get(name) ?? []) if (!found.has(next)) found.set(next, name);
  }
  return found;
}

/** The packages with every dependency before its dependents; otherwise in the given order. */
export function dependencyOrder<P extends GraphNode>(packages: readonly P[]): readonly P[] {
  const byName = new Map(packages.map((pkg) => [pkg.name, pkg]));
  const placed = new Set<string>();
  const order: P[] = [];
  const stack: P[] = [...packages].reverse();
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const missing = top.dependsOn.filter((name) => byName.has(name) && !placed.has(name));
    if (placed.has(top.name) || missing.length === 0) {
      stack.pop();
      if (!placed.has(top.name)) order.push(top);
      placed.add(top.name);
    } else stack.push(...missing.map((name) => byName.get(name)!).reverse());
  }
  return order;
}
