/**
 * The line that the index has of a version, made from its packaged Cargo.toml, and the file that it stands in.
 *
 * @module
 */

import type { Table } from "./upload_body.ts";

/** Where a crate's file is: short names by their length, others by their first two pairs of letters (cargo's reference). */
export function indexPath(name: string): string {
  const lower = name.toLowerCase();
  const [, pair, other] = /^(..)(..)/.exec(lower) ?? [];
  if (pair !== undefined) return `${pair}/${other}/${lower}`;
  return lower.length === 3 ? `3/${lower[0]}/${lower}` : `${lower.length}/${lower}`;
}

/** A dependency as the index has it. */
export interface IndexDependency {
  /** The alias, for a renamed one. */
  readonly name: string;
  readonly req: string;
  readonly features: readonly string[];
  readonly optional: boolean;
  readonly default_features: boolean;
  readonly target: string | null;
  readonly kind: "normal" | "build" | "dev";
  /** The real name of a renamed one. */
  readonly package?: string;
}

const KINDS = [
  ["dependencies", "normal"],
  ["build-dependencies", "build"],
  ["dev-dependencies", "dev"],
] as const;

/** A dependency as a manifest declares it. */
export interface DeclaredDependency {
  readonly line: IndexDependency;
  /** Whether it names another registry. */
  readonly isElsewhere: boolean;
}

/** Every dependency of a packaged manifest, none of them judged. */
export function declaredDependencies(manifest: Table): DeclaredDependency[] {
  const targets = Object.entries(tableAt(manifest, "target"));
  return [[null, manifest] as const, ...targets].flatMap(([target, holder]) =>
    KINDS.flatMap(([table, kind]) =>
      Object.entries(tableAt(holder as Table, table)).map(([name, value]) =>
        declaredDependency({ name, value, kind, target })
      )
    )
  );
}

/** A table of a manifest; empty when there is none. */
export function tableAt(table: Table, key: string): Table {
  const value = table[key];
  return typeof value === "object" && value !== null ? value as Table : {};
}

function declaredDependency(
  { name, value, kind, target }: {
    name: string;
    value: unknown;
    kind: IndexDependency["kind"];
    target: string | null;
  },
): DeclaredDependency {
  const table = (typeof value === "string" ? { version: value } : value) as Table;
  const real = typeof table.package === "string" ? table.package : undefined;
  const line = {
    name,
    req: caret(typeof table.version === "string" ? table.version : "*"),
    features: Array.isArray(table.features) ? table.features as string[] : [],
    optional: table.optional === true,
    default_features: table["default-features"] !== false,
    target,
    kind,
    ...(real === undefined ? {} : { package: real }),
  };
  const isElsewhere = table.registry !== undefined || table["registry-index"] !== undefined;
  return { line, isElsewhere };
}

/** A bare version is written with its caret. */
function caret(req: string): string {
  return req.split(",").map((part) =>
    /^\s*\d+(?:\.\d+)*(?:[-+].*)?\s*$/.test(part) ? `^${part.trim()}` : part.trim()
  )
    .join(", ");
}

/** The whole line. Features that use `dep:` or `?/` stand in `features2`, and the line's layout is then 2. */
export function indexLine(
  manifest: Table,
  { name, version, cksum, deps }: {
    readonly name: string;
    readonly version: string;
    readonly cksum: string;
    readonly deps: readonly IndexDependency[];
  },
): Record<string, unknown> {
  const entries = Object.entries(tableAt(manifest, "features")) as [string, string[]][];
  const isNew = ([, values]: [string, string[]]): boolean =>
    values.some((value) => value.startsWith("dep:") || value.includes("?/"));
  const features2 = entries.filter(isNew);
  const table = tableAt(manifest, "package");
  return {
    name,
    vers: version,
    deps,
    cksum,
    features: Object.fromEntries(entries.filter((entry) => !isNew(entry))),
    ...(features2.length === 0 ? {} : { features2: Object.fromEntries(features2), v: 2 }),
    yanked: false,
    ...(typeof table.links === "string" ? { links: table.links } : {}),
    ...(typeof table["rust-version"] === "string" ? { rust_version: table["rust-version"] } : {}),
  };
}
