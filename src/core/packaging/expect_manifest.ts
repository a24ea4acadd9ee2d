/**
 * The Cargo.toml that cargo writes into a crate, made of the one that the author wrote and of its workspace's (cargo's
 * `prepare_toml_for_publish`).
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import { tableAt } from "../init/manifest_values.ts";
import { type Inheriting, inheritManifest, type WorkspaceRoot } from "./inherit_manifest.ts";
import { resolverOf } from "./plain_manifest.ts";

/** What cargo leaves out of it. */
const LEFT_OUT = [
  "workspace",
  "patch",
  "replace",
  "project",
  "dev_dependencies",
  "build_dependencies",
];
/** What it leaves out of a dependency: where it lies on the author's side. */
const PLACES = ["path", "base", "git", "branch", "tag", "rev"];
const KINDS = ["dependencies", "build-dependencies", "dev-dependencies"];

/** Makes it. */
export function expectManifest(own: Table, inheriting: Inheriting): Table {
  const whole = inheritManifest(own, inheriting);
  const target = Object.entries(tableAt(whole, "target")).map(([key, tables]) =>
    [key, isTable(tables) ? prepareTables(tables) : tables] as const
  );
  const kept = Object.entries(whole).filter(([key]) => !LEFT_OUT.includes(key));
  const { workspace: _, ...rest } = tableAt(whole, "package");
  const prepared: Table = {
    ...Object.fromEntries(kept),
    package: rest,
    ...prepareTables(whole),
    ...(target.length === 0 ? {} : { target: Object.fromEntries(target) }),
  };
  return isTable(prepared.features)
    ? { ...prepared, features: reachable(prepared.features, prepared) }
    : prepared;
}

function prepareTables(tables: Table): Table {
  return Object.fromEntries(
    KINDS.filter((kind) => isTable(tables[kind])).map((kind) => {
      const entries = Object.entries(tableAt(tables, kind));
      // A dev-dependency without a version is of use in the repository alone.
      const kept = kind === "dev-dependencies" ? entries.filter(hasVersion) : entries;
      return [kind, Object.fromEntries(kept.map(([name, value]) => [name, withoutPlace(value)]))];
    }),
  );
}

function hasVersion([, value]: readonly [string, unknown]): boolean {
  return isTable(value) ? value.version !== undefined : value !== undefined;
}

function withoutPlace(value: unknown): unknown {
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !PLACES.includes(key)));
}

/** Features of dependencies that are left out are left out, too. */
function reachable(features: Table, prepared: Table): Table {
  const places = [prepared, ...Object.values(tableAt(prepared, "target")).filter(isTable)];
  const names = new Set(
    places.flatMap((place) => KINDS.flatMap((kind) => Object.keys(tableAt(place, kind)))),
  );
  const isKept = (item: unknown): boolean => {
    const [, whole, before] = /^(?:dep:(.*)|([^/]*?)\??\/.*)$/s.exec(String(item)) ?? [];
    const dependency = whole ?? before;
    return dependency === undefined || names.has(dependency);
  };
  return Object.fromEntries(
    Object.entries(features).map(([name, items]) => [
      name,
      Array.isArray(items) ? items.filter(isKept) : items,
    ]),
  );
}

/** The resolver that a workspace builds with: a root without a package has the oldest one by default. */
export function workspaceResolver({ document }: WorkspaceRoot): string {
  const [shared, own] = [tableAt(document, "workspace"), tableAt(document, "package")];
  const said = shared.resolver ?? own.resolver;
  if (typeof said === "string") return said;
  if (!isTable(document.package)) return "1";
  const edition = isTable(own.edition) ? tableAt(shared, "package").edition : own.edition;
  return resolverOf(edition ?? "2015");
}
