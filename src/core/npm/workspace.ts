/**
 * Workspaces of npm, pnpm, Yarn and Bun: which folders are members of one, and what becomes of the ranges that mean
 * something in a work tree only.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { compileGlobs } from "../model/glob.ts";
import type { JsonEdit } from "./json_text.ts";
import type { PackageJson } from "./package_json.ts";

/** The ranges to write, and every range that cannot be written. */
export interface WorkspaceRanges {
  readonly edits: readonly JsonEdit[];
  readonly problems: readonly Failure[];
}

/** The fields whose packages are installed with a package; nobody installs its devDependencies. */
export const INSTALLED: readonly string[] = [
  "dependencies",
  "optionalDependencies",
  "peerDependencies",
];

/** Protocols that mean something in a work tree only. */
const LOCAL = /^(catalog|link|portal|file):/;

/**
 * The edits that turn the `workspace:` ranges of one package.json into ranges that npm can resolve, as the publish commands
 * of pnpm, Yarn and Bun do (pnpm.io/workspaces, "Publishing workspace packages"). `versions` holds the version of each sibling by its name on npm. A range that no
 * consumer could resolve is a problem (`PIOT_NPM_WORKSPACE`), except in devDependencies, which stay as they are.
 */
export function resolveWorkspaceRanges(
  manifest: PackageJson,
  versions: ReadonlyMap<string, string>,
): WorkspaceRanges {
  const edits: JsonEdit[] = [];
  const problems: Failure[] = [];
  for (const at of ranges(manifest)) {
    const { field, name, range } = at;
    const resolved = range.startsWith("workspace:")
      ? resolveRange(at, versions)
      : LOCAL.test(range)
      ? localRange(at)
      : undefined;
    if (typeof resolved === "string") edits.push({ path: [field, name], value: resolved });
    else if (resolved !== undefined && INSTALLED.includes(field)) problems.push(resolved);
  }
  return { edits, problems };
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
function resolveRange(
  at: DeclaredRange,
  versions: ReadonlyMap<string, string>,
): string | Failure {
  const wanted = at.range.slice("workspace:".length);
  if (/^(\.{0,2}\/|\.{1,2}$)/.test(wanted)) return pathRange(at);
  const alias = /^(@?[^@]+)@(.*)$/.exec(wanted);
  const sibling = alias?.[1] ?? at.name;
  const range = alias?.[2] ?? wanted;
  const prefix = alias === null ? "" : `npm:${sibling}@`;
  if (!["", "*", "^", "~"].includes(range)) return prefix + range;
  const version = versions.get(sibling);
  if (version === undefined) return unknownSibling(at, sibling);
  return `${prefix}${range === "*" ? "" : range}${version}`;
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
