/**
 * A Cargo.toml with everything filled in that its workspace hands down (The Cargo Book, "Workspaces"; cargo's
 * `normalize_toml`).
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import { tableAt } from "../init/manifest_values.ts";
import { joinFolder } from "../manifest/cargo_sites.ts";

/** The manifest of a workspace's root, and where it lies: empty for the top of the repository. */
export interface WorkspaceRoot {
  readonly document: Table;
  readonly folder: string;
}

/** What an inherited requirement says in the end, given where it stands and what the root says. */
export type Requirement = (place: readonly string[], committed: string) => string;

/** How a manifest is filled in. */
export interface Inheriting {
  /** Undefined for a crate that stands alone. */
  readonly root: WorkspaceRoot | undefined;
  /** Asked for requirements on crates that lie in the repository, which a release writes. */
  readonly requirement: Requirement;
}

/** Tables of dependencies, each by its present spelling. */
const DEPENDENCIES: Readonly<Record<string, readonly string[]>> = {
  dependencies: ["dependencies"],
  "dev-dependencies": ["dev-dependencies", "dev_dependencies"],
  "build-dependencies": ["build-dependencies", "build_dependencies"],
};

/** Fills it in. What the root lacks is undefined. */
export function inheritManifest(own: Table, inheriting: Inheriting): Table {
  const shared = tableAt(inheriting.root?.document ?? {}, "workspace");
  const { lints } = own;
  return {
    ...own,
    package: inheritPackage(
      isTable(own.package) ? own.package : tableAt(own, "project"),
      inheriting,
    ),
    ...(isInherited(lints) ? { lints: shared.lints } : {}),
    ...inheritTables(own, { place: [], inheriting }),
    ...(isTable(own.target)
      ? {
        target: Object.fromEntries(
          Object.entries(own.target).map(([key, tables]) => [
            key,
            isTable(tables)
              ? inheritTables(tables, { place: ["target", key], inheriting })
              : tables,
          ]),
        ),
      }
      : {}),
  };
}

function isInherited(value: unknown): value is Table {
  return isTable(value) && value.workspace === true;
}

/** Files that a root names lie beside the root: they are absolute from the top of the repository. */
const FILES = ["readme", "license-file"];

function inheritPackage(own: Table, { root }: Inheriting): Table {
  const shared = tableAt(tableAt(root?.document ?? {}, "workspace"), "package");
  return Object.fromEntries(
    Object.entries(own).map(([key, value]) => {
      if (key === "metadata" || !isInherited(value)) return [key, value];
      const handed = key === "readme" && shared[key] === true ? "README.md" : shared[key];
      return FILES.includes(key) && typeof handed === "string"
        ? [key, joinFolder(`/${root?.folder ?? ""}`, handed)]
        : [key, handed];
    }),
  );
}

interface Placed {
  readonly place: readonly string[];
  readonly inheriting: Inheriting;
}

function inheritTables(tables: Table, { place, inheriting }: Placed): Table {
  return Object.fromEntries(
    Object.entries(DEPENDENCIES).flatMap(([key, spellings]) => {
      const spelling = spellings.find((name) => isTable(tables[name]));
      if (spelling === undefined) return [];
      const at = [...place, key];
      const table = Object.entries(tables[spelling] as Table).map(([name, value]) => [
        name,
        isInherited(value) ? inheritOne(value, { place: [...at, name], inheriting }) : value,
      ]);
      return [[key, Object.fromEntries(table)]];
    }),
  );
}

/** Features are added to the root's; `default-features = false` counts only where the root has it too. */
function inheritOne(own: Table, { place, inheriting: { root, requirement } }: Placed): unknown {
  const all = tableAt(tableAt(root?.document ?? {}, "workspace"), "dependencies");
  const name = place.at(-1)!;
  const said = Object.hasOwn(all, name) ? all[name] : undefined;
  if (said === undefined) return undefined;
  const handed: Table = isTable(said) ? said : { version: said };
  const { path, version } = handed;
  const defaults = defaultsOf(own) === true ? true : defaultsOf(handed);
  return {
    ...handed,
    features: [...listOf(handed.features), ...listOf(own.features)],
    ...(own.optional === undefined ? {} : { optional: own.optional }),
    ...(own.public === undefined ? {} : { public: own.public }),
    ...(defaults === undefined ? {} : { "default-features": defaults }),
    ...(path !== undefined && typeof version === "string"
      ? { version: requirement(place, version) }
      : {}),
  };
}

function defaultsOf(dependency: Table): unknown {
  return dependency["default-features"] ?? dependency.default_features;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
