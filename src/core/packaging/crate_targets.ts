/**
 * What cargo builds of a crate: what its manifest lists, and what it finds by where files lie (The Cargo Book, "Cargo
 * Targets"; cargo's `util/toml/targets.rs`).
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import { joinFolder } from "../manifest/cargo_sites.ts";

/** A manifest, and the files of its crate. */
export interface TargetsOf {
  readonly document: Table;
  readonly package: Table;
  readonly files: ReadonlySet<string>;
}

interface Found {
  readonly name: string;
  readonly path: string;
}

/** A kind of target that there may be many of: where its files lie, and the key that switches the search off. */
const MANY = [
  { key: "bin", folder: "src/bin", automatic: "autobins" },
  { key: "example", folder: "examples", automatic: "autoexamples" },
  { key: "test", folder: "tests", automatic: "autotests" },
  { key: "bench", folder: "benches", automatic: "autobenches" },
] as const;

/** The keys by which a manifest says of targets that they are not searched for. */
export const AUTOMATIC: readonly string[] = ["autolib", ...MANY.map(({ automatic }) => automatic)];

/** `lib`, and of each other kind a table by name. cargo leaves out what the crate has no file of. */
export function crateTargets(from: TargetsOf): Table {
  const lib = libraryOf(from);
  const many = MANY.map(({ key, folder, automatic }) => {
    const search = from.package[automatic];
    return [key, manyOf(from, { key, found: foundIn(from, { key, folder }), search })] as const;
  });
  return { ...(lib === undefined ? {} : { lib }), ...Object.fromEntries(many) };
}

/** The build script: `false` where there is none, or where the crate has not its file. */
export function buildScript({ package: { build }, files }: TargetsOf): unknown {
  if (build === false) return false;
  const paths = Array.isArray(build) ? build.map(String) : [
    typeof build === "string" ? build : "build.rs",
  ];
  const there = paths.map(plainPath).filter((path) => files.has(path));
  return there.length === 0 ? false : there.length === 1 ? there[0] : there;
}

/** `./src\lib.rs` is `src/lib.rs`. */
export function plainPath(path: string): string {
  return joinFolder("/", path).slice(1);
}

function libraryOf({ document, package: own, files }: TargetsOf): Table | undefined {
  const inferred = files.has("src/lib.rs") ? "src/lib.rs" : undefined;
  const said = isTable(document.lib) ? document.lib : undefined;
  if (said === undefined && (own.autolib === false || inferred === undefined)) return undefined;
  const name = said?.name ?? String(own.name).replaceAll("-", "_");
  const path = pathOf(said) ?? inferred ?? `src/${name}.rs`;
  return files.has(path) ? { ...plainTarget(said ?? {}), name, path } : undefined;
}

function pathOf(target: Table | undefined): string | undefined {
  return typeof target?.path === "string" ? plainPath(target.path) : undefined;
}

function foundIn(
  { package: { name }, files }: TargetsOf,
  { key, folder }: { readonly key: string; readonly folder: string },
): readonly Found[] {
  const found: Found[] = key === "bin" && files.has("src/main.rs")
    ? [{ name: String(name), path: "src/main.rs" }]
    : [];
  for (const path of files) {
    if (!path.startsWith(`${folder}/`)) continue;
    const rest = path.slice(folder.length + 1);
    const stem = /^([^/]+)(?:\.rs|\/main\.rs)$/.exec(rest)?.[1];
    if (stem !== undefined) found.push({ name: stem, path });
  }
  return found;
}

function manyOf(
  from: TargetsOf,
  { key, found, search }: {
    readonly key: string;
    readonly found: readonly Found[];
    readonly search: unknown;
  },
): Table {
  const list = from.document[key];
  const said = Array.isArray(list) ? list.filter(isTable) : undefined;
  const listed = (said ?? []).map((target) => {
    const name = String(target.name);
    return {
      ...plainTarget(target),
      name,
      path: pathOf(target) ?? lookFor(from, { key, name, found }),
    };
  });
  const isNew = ({ name, path }: Found): boolean =>
    !listed.some((target) => target.name === name || target.path === path);
  // Edition 2015 searches only where nothing is listed.
  const isSearched = search === undefined
    ? said === undefined || (from.package.edition ?? "2015") !== "2015"
    : search === true;
  const searched = isSearched ? found.filter(isNew) : [];
  const all: readonly Table[] = [...listed, ...searched.map((one) => ({ ...one }))];
  return Object.fromEntries(
    all.filter(({ path }) => from.files.has(String(path))).map((target) => [target.name, target]),
  );
}

/** Where one lies that says no path; edition 2015 took these places besides. */
function lookFor(
  { files, document }: TargetsOf,
  { key, name, found }: {
    readonly key: string;
    readonly name: string;
    readonly found: readonly Found[];
  },
): string | undefined {
  const usual = found.find((one) => one.name === name)?.path;
  if (usual !== undefined) return usual;
  const hasLibrary = document.lib !== undefined || files.has("src/lib.rs");
  const former = key === "bin"
    ? [...hasLibrary ? [] : [`src/${name}.rs`], "src/main.rs", "src/bin/main.rs"]
    : key === "bench" && name === "bench"
    ? ["src/bench.rs"]
    : [];
  return former.find((path) => files.has(path));
}

/** Spellings of old in the present one. */
const SPELLINGS: Readonly<Record<string, string>> = {
  crate_type: "crate-type",
  proc_macro: "proc-macro",
};

function plainTarget(target: Table): Table {
  return Object.fromEntries(
    Object.entries(target).map(([key, value]) => [SPELLINGS[key] ?? key, value]),
  );
}
