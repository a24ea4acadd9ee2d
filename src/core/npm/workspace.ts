/**
 * Workspaces of npm, pnpm, Yarn and Bun: which folders are members of one, and what becomes of the ranges that mean
 * something in a work tree only.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { compileGlobs } from "../model/glob.ts";
import type { JsonEdit } from "./json_text.ts";
import satisfies from "semver/functions/satisfies.js";
import type { PackageJson } from "./package_json.ts";
import { followSibling, type Sibling } from "./sibling_range.ts";

/** The ranges to write, what was written otherwise than its author did, and every range that cannot be written. */
export interface SiblingRanges {
  readonly edits: readonly JsonEdit[];
  /** Ordinary ranges that follow a sibling, as `dependencies "lib" "^1.0.0" → "^2.0.0"`. */
  readonly followed: readonly string[];
  readonly problems: readonly Failure[];
}

/** Packages of this repository by their names on npm. */
export type Siblings = ReadonlyMap<string, Sibling>;

/** The fields whose packages are installed with a package; nobody installs its devDependencies. */
export const INSTALLED: readonly string[] = [
  "dependencies",
  "optionalDependencies",
  "peerDependencies",
];

/** Protocols that mean something in a work tree only. */
const LOCAL = /^(catalog|link|portal|file):/;

/**
 * The edits that let one package.json ask for its siblings at the versions that they have once this release is out:
 * `workspace:` ranges become ranges that npm can resolve, as the publish commands of pnpm, Yarn and Bun make them
 * (pnpm.io/workspaces, "Publishing workspace packages"), and ordinary ones follow (`followSibling()`). A range that no
 * consumer could resolve is a problem (`PIOT_NPM_WORKSPACE`), and so is a peer range that no longer admits its sibling,
 * since only its author can widen it; except in devDependencies, which nobody installs.
 */
export function resolveSiblingRanges(manifest: PackageJson, siblings: Siblings): SiblingRanges {
  const edits: JsonEdit[] = [];
  const followed: string[] = [];
  const problems: Failure[] = [];
  for (const at of ranges(manifest)) {
    const { field, name, range } = at;
    const resolved = resolveOne(at, siblings);
    if (resolved instanceof Failure) {
      if (INSTALLED.includes(field)) problems.push(resolved);
    } else if (resolved !== undefined) {
      edits.push({ path: [field, name], value: resolved });
      if (!range.startsWith("workspace:")) {
        followed.push(`${field} "${name}" "${range}" → "${resolved}"`);
      }
    }
  }
  return { edits, followed, problems };
}

/** The range to write; undefined when it stays. */
function resolveOne(at: DeclaredRange, siblings: Siblings): string | Failure | undefined {
  if (at.range.startsWith("workspace:")) return resolveRange(at, siblings);
  if (LOCAL.test(at.range)) return localRange(at);
  const [, target, range = ""] = /^npm:(@?[^@]+)@(.*)$/.exec(at.range) ?? [, at.name, at.range];
  const sibling = siblings.get(target!);
  if (sibling === undefined) return undefined;
  const written = follow(at, { range, sibling, target: target! });
  if (typeof written !== "string" || range === at.range) return written;
  return `npm:${target}@${written}`;
}

interface Asked {
  /** Without what stands before a range. */
  readonly range: string;
  readonly sibling: Sibling;
  /** The sibling's name on npm. */
  readonly target: string;
}

/** A range that follows; undefined when it stays. */
function follow(
  at: DeclaredRange,
  { range, sibling, target }: Asked,
): string | Failure | undefined {
  const followed = followSibling(range, sibling);
  const isPeer = at.field === "peerDependencies";
  // Who else may be a peer is a promise of its author: widening it here would be a guess.
  if (isPeer && (followed.to === "keep" || isAdmitted(range, sibling))) return undefined;
  if (isPeer || followed.to === "refuse") return notAdmitted(at, { range, sibling, target });
  return followed.to === "write" ? followed.range : undefined;
}

function isAdmitted(range: string, { version }: Sibling): boolean {
  return satisfies(version, range, true);
}

function notAdmitted(
  { owner, field, name, range }: DeclaredRange,
  { sibling: { version }, target }: Asked,
): Failure {
  return new Failure(
    "PIOT_NPM_WORKSPACE",
    `Cannot publish "${owner}": ${field} "${name}" is "${range}", which does not admit ${target} ${version}, the version that goes with it`,
    {
      hint: field === "peerDependencies"
        ? `Widen the range so that it admits ${version}: who may stand beside it is its author's promise`
        : `Write a range that admits ${version}: lists and comparisons are not rewritten`,
    },
  );
}

interface DeclaredRange {
  /** The package that declares it. */
  readonly owner: string;
  readonly field: string;
  readonly name: string;
  readonly range: string;
}

function ranges({ raw, name: owner = "package.json" }: PackageJson): readonly DeclaredRange[] {
  return [...INSTALLED, "devDependencies"].flatMap((field) => {
    const table = raw[field];
    if (typeof table !== "object" || table === null) return [];
    return Object.entries(table).flatMap(([name, range]) =>
      typeof range === "string" ? [{ owner, field, name, range }] : []
    );
  });
}

/**
 * `workspace:*` → `1.2.0`, `workspace:^` → `^1.2.0`, `workspace:~` → `~1.2.0`, `workspace:^1.0.0` → `^1.0.0`, and the
 * alias `workspace:other@^` → `npm:other@^1.2.0`.
 */
function resolveRange(at: DeclaredRange, siblings: Siblings): string | Failure {
  const wanted = at.range.slice("workspace:".length);
  if (/^(\.{0,2}\/|\.{1,2}$)/.test(wanted)) return pathRange(at);
  const alias = /^(@?[^@]+)@(.*)$/.exec(wanted);
  const target = alias?.[1] ?? at.name;
  const range = alias?.[2] ?? wanted;
  const prefix = alias === null ? "" : `npm:${target}@`;
  const sibling = siblings.get(target);
  if (!["", "*", "^", "~"].includes(range)) {
    if (sibling === undefined) return prefix + range;
    const written = follow(at, { range, sibling, target }) ?? range;
    return typeof written === "string" ? prefix + written : written;
  }
  if (sibling === undefined) return unknownSibling(at, target);
  return `${prefix}${range === "*" ? "" : range}${sibling.version}`;
}

function unknownSibling({ owner, field, name, range }: DeclaredRange, sibling: string): Failure {
  return new Failure(
    "PIOT_NPM_WORKSPACE",
    `Cannot publish "${owner}": ${field} "${name}" is "${range}", and no version of "${sibling}" is known`,
    {
      hint:
        `Declare "${sibling}" in putitoutthere.toml and name it in depends_on, or write a version range`,
    },
  );
}

function pathRange({ owner, field, name, range }: DeclaredRange): Failure {
  return new Failure(
    "PIOT_NPM_WORKSPACE",
    `Cannot publish "${owner}": ${field} "${name}" is "${range}", a folder`,
    { hint: `Write "workspace:^" or a version range instead` },
  );
}

function localRange({ owner, field, name, range }: DeclaredRange): Failure {
  return new Failure(
    "PIOT_NPM_WORKSPACE",
    `Cannot publish "${owner}": ${field} "${name}" is "${range}", which nobody who installs it can resolve`,
    { hint: "Write a version range, or deliver the tarball that your package manager packs" },
  );
}

/**
 * Whether the project of a package.json counts a folder, `/`-separated and relative to it, among its `workspaces`. The
 * last pattern that fits decides, so a later one brings back what an earlier `!` took out (@npmcli/map-workspaces).
 */
export function isWorkspaceMember({ raw }: PackageJson, folder: string): boolean {
  return patternsOf(raw["workspaces"]).reduce((isMember, pattern) => {
    const marks = /^!*/.exec(pattern)![0].length;
    const glob = pattern.slice(marks).replace(/^\.?\/+/, "");
    return compileGlobs([glob])(folder) ? marks % 2 === 0 : isMember;
  }, false);
}

/** A list, or a table with one. */
function patternsOf(workspaces: unknown): readonly string[] {
  const list = Array.isArray(workspaces)
    ? workspaces
    : (workspaces as { readonly packages?: unknown } | null | undefined)?.packages;
  return Array.isArray(list) ? list.filter((pattern) => typeof pattern === "string") : [];
}
