/**
 * The places of a Cargo.toml that a release writes: the package's version, the version that a workspace hands down, and
 * the requirements on crates that lie beside it, with how a requirement follows the version that it is on.
 *
 * @module
 */

import satisfies from "semver/functions/satisfies.js";
import { withoutBuild } from "../crates/crates_index.ts";
import { type CargoLeaf, type CargoToml, leafAt, spliceText } from "./cargo_toml.ts";

/** Where a package's version stands. */
export type VersionSite =
  | { readonly kind: "own"; readonly leaf: CargoLeaf }
  /** Taken from `[workspace.package]`; the leaf is `version.workspace`. */
  | { readonly kind: "inherited"; readonly leaf: CargoLeaf };

/** Where `[package]` has its version; undefined without one. */
export function packageVersionSite(toml: CargoToml): VersionSite | undefined {
  const own = leafAt(toml, ["package", "version"]);
  if (typeof own?.value === "string") return { kind: "own", leaf: own };
  const inherited = leafAt(toml, ["package", "version", "workspace"]);
  return inherited?.value === true ? { kind: "inherited", leaf: inherited } : undefined;
}

/** Where `[workspace.package]` has the version that members may inherit. */
export function workspaceVersionLeaf(toml: CargoToml): CargoLeaf | undefined {
  const leaf = leafAt(toml, ["workspace", "package", "version"]);
  return typeof leaf?.value === "string" ? leaf : undefined;
}

/** A requirement on a crate in another folder. */
export interface PathRequirement {
  /** The folder as written, relative to the manifest's own. */
  readonly path: string;
  /** The leaf of `version`. */
  readonly leaf: CargoLeaf;
  /** The requirement as written. */
  readonly requirement: string;
}

const TABLES = new Set([
  "dependencies",
  "dev-dependencies",
  "build-dependencies",
  // Spellings of old that cargo still reads.
  "dev_dependencies",
  "build_dependencies",
]);

/**
 * Every dependency that has a `path` and a `version`, in every table and notation. One without a version is left out of
 * what is published (a dev-dependency) or cannot be published at all, and there is nothing to write either way.
 */
export function pathRequirements(toml: CargoToml): PathRequirement[] {
  return toml.leaves.flatMap((leaf) => {
    const above = leaf.path.slice(0, -1);
    if (leaf.path.at(-1) !== "version" || typeof leaf.value !== "string") return [];
    if (!isDependency(above)) return [];
    const path = leafAt(toml, [...above, "path"])?.value;
    return typeof path === "string" ? [{ path, leaf, requirement: leaf.value }] : [];
  });
}

/** `dependencies.x`, `target.'cfg(…)'.dependencies.x` or `workspace.dependencies.x`. */
function isDependency(keys: readonly string[]): boolean {
  const table = keys.at(-2);
  if (table === undefined || !TABLES.has(table)) return false;
  if (keys.length === 2) return true;
  if (keys.length === 3) return keys[0] === "workspace" && table === "dependencies";
  return keys.length === 4 && keys[0] === "target";
}

/**
 * A path below a folder, with `.` and `..` resolved: `("/w/b", "../a")` → `/w/a`. Both sides may use `\`. What leads to a
 * share of Windows, or round its limit of length, goes on doing so: `\\server\share\w` → `//server/share/w`.
 */
export function joinFolder(folder: string, path: string): string {
  const forward = path.replaceAll("\\", "/");
  const isAbsolute = forward.startsWith("/") || /^[A-Za-z]:\//.test(forward);
  const isShare = /^[\\/]{2}[^\\/]/.test(isAbsolute ? path : folder);
  const whole = isAbsolute ? forward : `${folder.replaceAll("\\", "/")}/${forward}`;
  const segments: string[] = [];
  for (const segment of whole.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "." && segment !== "") segments.push(segment);
  }
  return (isShare ? "//" : whole.startsWith("/") ? "/" : "") + segments.join("/");
}

/**
 * A manifest with everything blanked that a release writes. Two manifests with the same blank differ at most by what
 * this program itself writes, so a run that was killed before it could put a manifest back is told from an edit.
 */
export function blankManaged(toml: CargoToml): string {
  const own = packageVersionSite(toml);
  const shared = workspaceVersionLeaf(toml);
  const ranges = [
    ...own === undefined ? [] : [own.leaf.entry],
    ...shared === undefined ? [] : [shared.range],
    ...pathRequirements(toml).map(({ leaf }) => leaf.range),
  ];
  return spliceText(toml.text, ranges.map((range) => ({ range, text: "version" })));
}

/**
 * Whether a version satisfies a requirement as cargo reads it: a bare version is a caret requirement, commas mean
 * "and", build metadata does not count.
 */
export function satisfiesRequirement(requirement: string, version: string): boolean {
  const clauses = requirement.split(",").map((clause) => clause.trim());
  return clauses.filter((clause) => clause !== "").every((clause) => {
    const range = /^\d[\d.]*(?:[-+].*)?$/.test(clause) ? `^${clause}` : clause;
    return satisfies(withoutBuild(version), range);
  });
}
