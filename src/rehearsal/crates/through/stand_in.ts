/**
 * Index lines of crates that nobody on this machine can give: enough for cargo to pack what depends on them, and nothing that
 * could be downloaded or built.
 *
 * @module
 */

import type { IndexLine } from "./cargo_cache.ts";

/** What some manifest asks of a crate. */
export interface Demand {
  /** The crate's name, in the manifest's spelling. */
  readonly name: string;
  /** A requirement as Cargo.toml writes it: `^1.2`, `>=1, <2`. */
  readonly req: string;
  /** Features of it that are asked for. */
  readonly features: readonly string[];
}

/** A line for the lowest version of each requirement, with all features that any of them asks for; none without demands. */
export function standInLines(demands: readonly Demand[]): readonly IndexLine[] {
  const [first] = demands;
  if (first === undefined) return [];
  const { name } = first;
  const features = featuresOf(demands);
  const versions = new Set(demands.map(({ req }) => lowestVersion(req)));
  return [...versions].map((vers) => ({
    name,
    vers,
    deps: [],
    cksum: "0".repeat(64),
    features,
    yanked: false,
  }));
}

/** Every feature that any of them asks for, each switching on nothing. */
export function featuresOf(
  demands: readonly Demand[],
): Readonly<Record<string, readonly string[]>> {
  const features = [...new Set(demands.flatMap((demand) => demand.features))].sort();
  return Object.fromEntries(features.map((feature) => [feature, []]));
}

/** What crates that are told of ask of another one, which the index has in lower case. */
export function demandsIn(lines: Iterable<IndexLine>, name: string): readonly Demand[] {
  return [...lines].flatMap(({ deps }) => Array.isArray(deps) ? deps as IndexedDependency[] : [])
    .map((dep) => ({ name: dep.package ?? dep.name, req: dep.req, features: dep.features ?? [] }))
    .filter((demand) => demand.name.toLowerCase() === name);
}

/** A dependency as an index line has it: `package` is the real name of a renamed one. */
interface IndexedDependency {
  readonly name: string;
  readonly package?: string;
  readonly req: string;
  readonly features?: readonly string[];
}

/** The lowest version that a requirement admits: that of its first comparator with a lower bound, filled up with zeros. */
function lowestVersion(req: string): string {
  const [, operator = "", version = ""] =
    req.split(",").map((comparator) => /^\s*(\^|~|=|>=|>)?\s*(\d[^\s]*)\s*$/.exec(comparator)).find(
      (found) => found !== null,
    ) ?? [];
  const [, numbers = "", pre = ""] = /^([\d.xX*]+)(-[^+]+)?/.exec(version) ?? [];
  const parts = numbers.split(".").filter((part) => /^\d+$/.test(part)).map(Number);
  // `>1.2` leaves all of 1.2 out.
  if (operator === ">") parts.push((parts.pop() ?? 0) + 1);
  const [major = 0, minor = 0, patch = 0] = parts;
  return `${major}.${minor}.${patch}${pre}`;
}
