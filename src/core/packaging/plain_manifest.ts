/**
 * A manifest in a form in which two that mean the same to cargo are the same, whichever cargo wrote them: targets by name,
 * defaults said, empty lists and spellings of old gone.
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import { tableAt } from "../init/manifest_values.ts";
import { joinFolder } from "../manifest/cargo_sites.ts";
import { AUTOMATIC, buildScript, crateTargets } from "./crate_targets.ts";

/** What a manifest is read beside. */
export interface PlainContext {
  /** The files of the crate, from its folder. */
  readonly files: ReadonlySet<string>;
  /** The crate's folder from the top of the repository. */
  readonly folder: string;
  /** The resolver that its workspace builds with; undefined where its own manifest says it. */
  readonly resolver?: string | undefined;
}

const TARGETS = ["lib", "bin", "example", "test", "bench"];
const DEPENDENCIES = ["dependencies", "dev-dependencies", "build-dependencies"];

/** Rewrites one that inherits nothing. */
export function plainManifest(document: Table, context: PlainContext): Table {
  const own = tableAt(document, "package");
  const plain: Table = {
    ...without(document, TARGETS),
    ...plainTables(document),
    ...crateTargets({ document, package: own, files: context.files }),
    package: plainPackage(document, context),
    profile: plainProfile(document.profile),
    lints: plainLints(document.lints),
    target: isTable(document.target)
      ? Object.fromEntries(
        Object.entries(document.target).map(([key, tables]) => [
          key,
          isTable(tables) ? { ...tables, ...plainTables(tables) } : tables,
        ]),
      )
      : document.target,
  };
  return pruned(plain) as Table;
}

function without(table: Table, keys: readonly string[]): Table {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !keys.includes(key)));
}

function plainPackage(document: Table, { files, folder, resolver }: PlainContext): Table {
  const own = tableAt(document, "package");
  const edition = own.edition ?? "2015";
  const from = { document, package: own, files };
  return {
    ...without(own, Object.keys(own).filter((key) => isSearch(key, own[key]))),
    edition,
    build: buildScript(from),
    readme: readmeOf(own.readme, { files, folder }),
    "license-file": placeOf(own["license-file"], folder),
    resolver: resolver ?? own.resolver ?? resolverOf(edition),
  };
}

/** Whether a key says of targets that they are not searched for, be it of a kind that a cargo to come has. */
function isSearch(key: string, value: unknown): boolean {
  return AUTOMATIC.includes(key) || /^auto[a-z]+$/.test(key) && value === false;
}

/** The resolver of an edition (The Cargo Book, "Resolver versions"). */
export function resolverOf(edition: unknown): string {
  return edition === "2021" ? "2" : edition === "2015" || edition === "2018" ? "1" : "3";
}

const READMES = ["README.md", "README.txt", "README"];

function readmeOf(said: unknown, { files, folder }: PlainContext): unknown {
  if (said === undefined) return READMES.find((name) => files.has(name)) ?? false;
  return said === true ? "README.md" : placeOf(said, folder);
}

/** Where a file lies in the crate: cargo puts what is above the crate at its top. */
function placeOf(path: unknown, folder: string): unknown {
  if (typeof path !== "string") return path;
  const top = joinFolder(`/${folder}`, ".");
  const whole = joinFolder(top, path);
  const base = top === "/" ? top : `${top}/`;
  return whole.startsWith(base) ? whole.slice(base.length) : whole.split("/").at(-1);
}

function plainTables(tables: Table): Table {
  return Object.fromEntries(
    DEPENDENCIES.filter((key) => isTable(tables[key])).map((key) => [
      key,
      Object.fromEntries(
        Object.entries(tableAt(tables, key)).map(([name, value]) => [name, plainOne(value)]),
      ),
    ]),
  );
}

const CRATES_IO = [
  "crates-io",
  "https://github.com/rust-lang/crates.io-index",
  "sparse+https://index.crates.io/",
];

/** A registry is told from none. Which one is known to the settings of cargo alone; it takes no crate to crates.io anyway. */
function plainOne(value: unknown): Table {
  const said: Table = isTable(value) ? value : { version: value };
  const { registry, "registry-index": index, default_features: defaults, ...rest } = said;
  const place = index ?? registry;
  const isOther = place !== undefined && !CRATES_IO.includes(String(place));
  const plain: Record<string, unknown> = { ...rest, ...(isOther ? { registry: true } : {}) };
  plain["default-features"] ??= defaults;
  if (plain["default-features"] === true) delete plain["default-features"];
  for (const key of ["optional", "public"]) if (plain[key] === false) delete plain[key];
  return plain;
}

const DEBUG = new Map<unknown, number>([
  [false, 0],
  ["none", 0],
  [true, 2],
  ["full", 2],
  ["limited", 1],
]);

/** cargo writes numbers for some words of `[profile]`. */
function plainProfile(value: unknown, key = ""): unknown {
  if (isTable(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, plainProfile(inner, name)]),
    );
  }
  if (key === "debug") return DEBUG.get(value) ?? value;
  return key === "opt-level" && /^\d$/.test(String(value)) ? Number(value) : value;
}

/** cargo says the priority of a lint that has a table. */
function plainLints(tools: unknown): unknown {
  if (!isTable(tools)) return tools;
  const plainTool = (lints: unknown): unknown =>
    isTable(lints)
      ? Object.fromEntries(
        Object.entries(lints).map(([name, value]) => [
          name,
          isTable(value) ? { ...value, priority: value.priority ?? 0 } : value,
        ]),
      )
      : lints;
  return Object.fromEntries(Object.entries(tools).map(([tool, lints]) => [tool, plainTool(lints)]));
}

/** Tables of which an empty one is none; `[workspace]` says something without a word. */
const SAY_NOTHING = [
  ...[...TARGETS, ...DEPENDENCIES, "target", "features", "badges", "lints", "profile"],
  ...["cargo-features", "hints"],
];

/** Without what is undefined, and without empty lists and tables, which say nothing; those of features say that they are. */
function pruned(value: unknown, path: readonly string[] = []): unknown {
  if (!isTable(value)) return value;
  const isKept = (key: string): boolean =>
    path.length === 1 && path[0] === "features" ||
    path.length === 0 && !SAY_NOTHING.includes(key) ||
    path.slice(0, 2).join(".") === "package.metadata" ||
    DEPENDENCIES.includes(path.at(-1) ?? "");
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, pruned(inner, [...path, key])] as const)
      .filter(([key, inner]) => inner !== undefined && (isKept(key) || !isEmpty(inner))),
  );
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length === 0
    : isTable(value) && !(value instanceof Date) && Object.keys(value).length === 0;
}
