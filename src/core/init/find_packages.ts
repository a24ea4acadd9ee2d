/**
 * Manifests in, packages out: all that can be declared, and for everything else the reason.
 *
 * @module
 */

import { FOLDER } from "../config/path_rules.ts";
import { type Kinds, rulesOf } from "../model/kind.ts";
import type {
  FoundPackage,
  LeftOut,
  Manifest,
  ManifestFile,
  Unreadable,
  Verdict,
} from "./found.ts";
import { bareName, compareManifests, sampleFolder } from "./manifest_files.ts";
import { gatherFamilies } from "./platform_families.ts";
import { type Crates, isExtensionOnly, judgeCrate } from "./read_cargo.ts";
import { readManifest } from "./read_manifest.ts";
import { isAddon, judgePackage } from "./read_package_json.ts";
import { judgeProject } from "./read_pyproject.ts";

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
export function findPackages(files: readonly ManifestFile[], kinds: Kinds): Findings {
  const unreadable: Unreadable[] = [];
  const manifests = [...files].sort((a, b) => compareManifests(a.file, b.file)).flatMap((file) => {
    const read = readManifest(file);
    if ("table" in read) return [read];
    unreadable.push(read);
    return [];
  });
  const byFile = new Map(manifests.map((manifest) => [manifest.file, manifest]));
  const crates = new Map(
    manifests.filter(({ file }) => bareName(file) === "Cargo.toml")
      .map((manifest) => [manifest.folder, manifest]),
  );
  const verdicts = manifests.flatMap((manifest) => judge(manifest, crates) ?? []);
  const found = verdicts.flatMap((verdict) => "found" in verdict ? [verdict.found] : []);
  const families = gatherFamilies(found, byFile);
  const extensions = takeOut(families.packages, extensionReason(families.packages, byFile));
  const once = takeOut(extensions.kept, repeatReason(extensions.kept, kinds));
  const leftOut = [
    ...verdicts.flatMap((verdict) => "leftOut" in verdict ? [verdict.leftOut] : []),
    ...families.leftOut,
    ...extensions.leftOut,
    ...once.leftOut,
  ].sort((a, b) => compareManifests(a.file, b.file));
  return { packages: once.kept, leftOut, unreadable, crates };
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

type Reason = (pkg: FoundPackage) => string | undefined;

function takeOut(
  packages: readonly FoundPackage[],
  reasonOf: Reason,
): { readonly kept: readonly FoundPackage[]; readonly leftOut: readonly LeftOut[] } {
  const kept: FoundPackage[] = [];
  const leftOut: LeftOut[] = [];
  for (const pkg of packages) {
    const reason = reasonOf(pkg);
    if (reason === undefined) kept.push(pkg);
    else leftOut.push({ file: pkg.file, name: pkg.registryName, reason });
  }
  return { kept, leftOut };
}

/** A crate that only becomes a wheel or an addon, and that no Rust code can depend on, is no crate to publish. */
function extensionReason(
  packages: readonly FoundPackage[],
  manifests: ReadonlyMap<string, Manifest>,
): Reason {
  const builders = new Map<string, FoundPackage>();
  for (const pkg of packages) {
    const isBuilder = pkg.build === "maturin" ||
      (pkg.kind === "npm" && isAddon(manifests.get(pkg.file)!));
    for (const need of isBuilder ? pkg.needs : []) {
      if (need.kind === "crates") builders.set(need.what, pkg);
    }
  }
  return (pkg) => {
    const builder = pkg.kind === "crates" ? builders.get(pkg.folder) : undefined;
    if (builder === undefined || !isExtensionOnly(manifests.get(pkg.file)!)) return undefined;
    return `it is what ${builder.file} builds, and its crate-type is cdylib alone`;
  };
}

function repeatReason(packages: readonly FoundPackage[], kinds: Kinds): Reason {
  const keyOf = (pkg: FoundPackage): string =>
    `${pkg.kind} ${rulesOf(kinds, pkg).names.canonical(pkg.registryName)}`;
  const first = new Map<string, FoundPackage>();
  for (const pkg of packages) if (!first.has(keyOf(pkg))) first.set(keyOf(pkg), pkg);
  return (pkg) => {
    const before = first.get(keyOf(pkg))!;
    return before === pkg ? undefined : `${before.file} has the same name`;
  };
}
