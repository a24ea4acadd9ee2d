/**
 * Manifests in, packages out: all that can be declared, and for everything else the reason.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { decodeConfig } from "../config/decode.ts";
import { isTable, readToml, type Table } from "../config/document.ts";
import { FOLDER } from "../config/path_rules.ts";
import { canonicalRegistryName } from "../release/registry_name.ts";
import {
  folderOf,
  type FoundPackage,
  type LeftOut,
  type Manifest,
  type ManifestFile,
  type Unreadable,
  type Verdict,
} from "./found.ts";
import { jsonMistake } from "./json_mistake.ts";
import { gatherFamilies } from "./platform_families.ts";
import { type Crates, isExtensionOnly, judgeCrate } from "./read_cargo.ts";
import { isAddon, judgePackage } from "./read_package_json.ts";
import { judgeProject } from "./read_pyproject.ts";
import { sampleFolder } from "./sample_folders.ts";

/** The names of manifests, in the order in which their packages are written. */
const MANIFESTS: readonly string[] = ["Cargo.toml", "pyproject.toml", "package.json"];

/** Whether a path is that of a manifest. */
export function isManifest(path: string): boolean {
  return MANIFESTS.includes(bareName(path));
}

function bareName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What there is. */
export interface Findings {
  /** Crates, then Python projects, then npm packages, each by their folders. */
  readonly packages: readonly FoundPackage[];
  readonly leftOut: readonly LeftOut[];
  readonly unreadable: readonly Unreadable[];
  /** Every Cargo.toml by its folder: also of crates that are not published. */
  readonly crates: Crates;
}

/** Finds the packages of manifests, in whatever order they come. */
export function findPackages(files: readonly ManifestFile[]): Findings {
  const unreadable: Unreadable[] = [];
  const manifests = [...files].sort((a, b) => order(a.file, b.file)).flatMap((file) => {
    const read = readManifest(file);
    if ("table" in read) return [read];
    unreadable.push(read);
    return [];
  });
  const byFile = new Map(manifests.map((one) => [one.file, one]));
  const crates = new Map(
    manifests.filter(({ file }) => bareName(file) === "Cargo.toml").map((one) => [one.folder, one]),
  );
  const verdicts = manifests.flatMap((one) => judge(one, crates) ?? []);
  const found = verdicts.flatMap((one) => "found" in one ? [one.found] : []);
  const families = gatherFamilies(found, byFile);
  const extensions = takeOut(families.packages, extensionReason(families.packages, byFile));
  const once = takeOut(extensions.kept, repeatReason(extensions.kept));
  const leftOut = [
    ...verdicts.flatMap((one) => "leftOut" in one ? [one.leftOut] : []),
    ...families.leftOut,
    ...extensions.leftOut,
    ...once.leftOut,
  ].sort((a, b) => order(a.file, b.file));
  return { packages: once.kept, leftOut, unreadable, crates };
}

/** By kind; of one kind those that lie higher first, so that of two of one name the nearer one is kept. */
function order(a: string, b: string): number {
  const rank = (path: string): number => MANIFESTS.indexOf(bareName(path));
  const depth = (path: string): number => path.split("/").length;
  return rank(a) - rank(b) || depth(a) - depth(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function readManifest({ file, bytes }: ManifestFile): Manifest | Unreadable {
  if (bareName(file) === "package.json") return readJson(file, bytes);
  try {
    return { file, folder: folderOf(file), table: readToml(decodeConfig(bytes, file), file) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { message: error.message, location: error.location ?? { file } };
  }
}

function readJson(file: string, bytes: Uint8Array): Manifest | Unreadable {
  // npm reads a byte order mark over, as the decoder does.
  const text = new TextDecoder().decode(bytes);
  const mistake = jsonMistake(text);
  if (mistake !== undefined) {
    const lines = text.slice(0, mistake).split("\n");
    return {
      message: `Cannot read ${file} as JSON`,
      location: {
        file,
        line: lines.length,
        column: lines.at(-1)!.length + 1,
        excerpt: text.split(/\r?\n/)[lines.length - 1] ?? "",
      },
    };
  }
  const table: unknown = JSON.parse(text);
  return isTable(table)
    ? { file, folder: folderOf(file), table: table as Table }
    : { message: `Cannot read ${file}: it is not an object`, location: { file, line: 1 } };
}

function judge(manifest: Manifest, crates: Crates): Verdict {
  const verdict = judgeKind(manifest, crates);
  if (verdict === undefined || "leftOut" in verdict) return verdict;
  const { file, folder, registryName: name } = verdict.found;
  const sample = sampleFolder(file);
  const odd = FOLDER.judge(folder);
  const reason = sample !== undefined
    ? `it lies below a folder ${sample}`
    : odd === undefined
    ? undefined
    : `its folder cannot be written as a path: ${odd.found}`;
  return reason === undefined ? verdict : { leftOut: { file, name, reason } };
}

function judgeKind(manifest: Manifest, crates: Crates): Verdict {
  switch (bareName(manifest.file)) {
    case "Cargo.toml":
      return judgeCrate(manifest, crates);
    case "pyproject.toml":
      return judgeProject(manifest, crates);
    default:
      return judgePackage(manifest, crates);
  }
}

type Reason = (one: FoundPackage) => string | undefined;

function takeOut(
  packages: readonly FoundPackage[],
  reasonOf: Reason,
): { readonly kept: readonly FoundPackage[]; readonly leftOut: readonly LeftOut[] } {
  const kept: FoundPackage[] = [];
  const leftOut: LeftOut[] = [];
  for (const one of packages) {
    const reason = reasonOf(one);
    if (reason === undefined) kept.push(one);
    else leftOut.push({ file: one.file, name: one.registryName, reason });
  }
  return { kept, leftOut };
}

/** A crate that only becomes a wheel or an addon, and that no Rust code can depend on, is no crate to publish. */
function extensionReason(
  packages: readonly FoundPackage[],
  manifests: ReadonlyMap<string, Manifest>,
): Reason {
  const builders = new Map<string, FoundPackage>();
  for (const one of packages) {
    const isBuilder = one.build === "maturin" ||
      (one.kind === "npm" && isAddon(manifests.get(one.file)!));
    for (const need of isBuilder ? one.needs : []) {
      if (need.kind === "crates") builders.set(need.what, one);
    }
  }
  return (one) => {
    const builder = one.kind === "crates" ? builders.get(one.folder) : undefined;
    if (builder === undefined || !isExtensionOnly(manifests.get(one.file)!)) return undefined;
    return `it is what ${builder.file} builds, and its crate-type is cdylib alone`;
  };
}

function repeatReason(packages: readonly FoundPackage[]): Reason {
  const first = new Map<string, FoundPackage>();
  for (const one of packages) if (!first.has(keyOf(one))) first.set(keyOf(one), one);
  return (one) => {
    const before = first.get(keyOf(one))!;
    return before === one ? undefined : `${before.file} has the same name`;
  };
}

function keyOf({ kind, registryName }: FoundPackage): string {
  return `${kind} ${canonicalRegistryName(kind, registryName)}`;
}
