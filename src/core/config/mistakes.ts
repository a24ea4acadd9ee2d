/**
 * The mistakes that many make in their first file. Each gets a sentence of its own, and what was meant is checked all
 * the same, so that nothing else is left for a second run.
 *
 * @module
 */

import { type Finding, listed, quote } from "./finding.ts";
import { isTable, type Path, type Table } from "./toml_document.ts";

/** A file with its mistakes put right. */
export interface Forgiven {
  readonly root: Table;
  readonly findings: readonly Finding[];
  /** Where something of `root` stands in the file itself. */
  readonly original: (path: Path) => Path;
}

interface Rename {
  readonly from: Path;
  readonly to: Path;
}

interface Notes {
  readonly findings: Finding[];
  readonly renames: Rename[];
  /** The words that `kind` can be. */
  readonly kinds: readonly string[];
}

/** Puts the known mistakes of a file right, and says what they were; `kinds` are the words that `kind` can be. */
export function forgive(
  file: Table,
  { name, kinds }: { readonly name: string; readonly kinds: readonly string[] },
): Forgiven {
  const notes: Notes = { findings: [], renames: [], kinds };
  const lifted = lowerHeaderKeys(file, name, notes);
  const outer = nameArray(lifted, notes);
  const base: Rename[] = [...notes.renames];
  notes.renames.length = 0;
  const root = Array.isArray(outer.package)
    ? {
      ...outer,
      package: outer.package.map((table, index) =>
        isTable(table) ? forgivePackage(table, index, notes) : table
      ),
    }
    : outer;
  const original = (path: Path): Path => [...notes.renames, ...base].reduce(rename, path);
  const findings = notes.findings.map((finding) => ({ ...finding, path: original(finding.path) }));
  return { root, findings, original };
}

function rename(path: Path, { from, to }: Rename): Path {
  const under = from.every((step, depth) => path[depth] === step);
  return under ? [...to, ...path.slice(from.length)] : path;
}

function without(table: Table, ...keys: string[]): Table {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !keys.includes(key)));
}

/** `version = 1` above every table. */
function lowerHeaderKeys(file: Table, name: string, notes: Notes): Table {
  if (!Object.hasOwn(file, "version")) return file;
  notes.findings.push({
    code: "PIOT_CONFIG_UNKNOWN_KEY",
    path: ["version"],
    part: "key",
    message: `Cannot use version at the top of ${name}: it belongs to the table [putitoutthere]`,
    hint: "Keep version = 1 below [putitoutthere]; packages get their versions from their git tags",
  });
  const rest = without(file, "version");
  if (Object.hasOwn(file, "putitoutthere")) return rest;
  notes.renames.push({ from: ["putitoutthere", "version"], to: ["version"] });
  return { ...rest, putitoutthere: { version: file.version } };
}

/** `[[packages]]`, and `[package]` with one pair of brackets. */
function nameArray(file: Table, notes: Notes): Table {
  let root = file;
  let from: Path = ["package"];
  if (Object.hasOwn(file, "packages")) {
    notes.findings.push({
      code: "PIOT_CONFIG_UNKNOWN_KEY",
      path: ["packages"],
      part: "key",
      message: "Cannot use [[packages]]: the table of a package is called [[package]]",
      hint: "Write [[package]], in the singular, above each package",
    });
    root = without(file, "packages");
    if (Object.hasOwn(file, "package")) return root;
    root = { ...root, package: file.packages };
    from = ["packages"];
  }
  if (isTable(root.package)) {
    notes.findings.push({
      path: from,
      part: "key",
      message: `Cannot use [${from[0]}]: packages are an array of tables`,
      hint: "Write [[package]], with two pairs of brackets, above each package",
    });
    notes.renames.push({ from: ["package", 0], to: from });
    return { ...root, package: [root.package] };
  }
  if (from[0] === "packages") notes.renames.push({ from: ["package"], to: from });
  return root;
}

/** Keys that other tools have, and what they are called here. */
const KEYS: readonly {
  readonly wrong: string;
  readonly right: string;
  readonly hint: string | ((kinds: readonly string[]) => string);
}[] = [
  {
    wrong: "registry",
    right: "kind",
    hint: (kinds) => `Write kind = ${listed(kinds, "or")}`,
  },
  { wrong: "files", right: "paths", hint: "Write paths = [globs]: the files that belong to it" },
  { wrong: "globs", right: "paths", hint: "Write paths = [globs]: the files that belong to it" },
];

function forgivePackage(table: Table, index: number, notes: Notes): Table {
  let forgiven = dropVersion(table, index, notes);
  for (const { wrong, right, hint } of KEYS) {
    if (!Object.hasOwn(forgiven, wrong)) continue;
    const path = ["package", index, wrong];
    notes.findings.push({
      code: "PIOT_CONFIG_UNKNOWN_KEY",
      path,
      part: "key",
      message: `Cannot use ${wrong} of ${packageLabel(table, index)}: the key is called ${right}`,
      hint: typeof hint === "string" ? hint : hint(notes.kinds),
    });
    const value = forgiven[wrong];
    forgiven = without(forgiven, wrong);
    if (Object.hasOwn(forgiven, right)) continue;
    notes.renames.push({ from: ["package", index, right], to: path });
    forgiven = { ...forgiven, [right]: value };
  }
  return forgiven;
}

/** Nothing is meant by it that could be checked. */
function dropVersion(table: Table, index: number, notes: Notes): Table {
  if (!Object.hasOwn(table, "version")) return table;
  notes.findings.push({
    code: "PIOT_CONFIG_UNKNOWN_KEY",
    path: ["package", index, "version"],
    part: "key",
    message: `Cannot use version of ${packageLabel(table, index)}: versions come from git tags`,
    hint: "Remove it; first_version is the version of a release without a predecessor",
  });
  return without(table, "version");
}

/** What messages call a package: by its name, or by its place in the file while it has none. */
export function packageLabel(table: Table, index: number): string {
  return typeof table.name === "string" && table.name !== ""
    ? `package ${quote(table.name)}`
    : `package ${index + 1}`;
}
