/**
 * Manifests in, packages out: all that can be declared, and for everything else the reason.
 *
 * @module
 */

import { FOLDER } from "../config/path_rules.ts";
import type { FoundPackage, LeftOut, Manifest, ManifestFile, Unreadable } from "./found.ts";
import {
  draftFor,
  draftOf,
  type Gathered,
  type KindDrafts,
  type Manifests,
  nameKey,
  type Verdict,
} from "./kind_draft.ts";
import { manifestOrder, sampleFolder } from "./manifest_files.ts";

/** What there is. */
export interface Findings {
  /** In the order of their kinds, each kind's by their folders. */
  readonly packages: readonly FoundPackage[];
  readonly leftOut: readonly LeftOut[];
  readonly unreadable: readonly Unreadable[];
  /** All that can be read: also those of packages that are not published. */
  readonly manifests: Manifests;
}

interface Context {
  readonly drafts: KindDrafts;
  readonly manifests: Manifests;
}

/** Finds the packages of manifests, in whatever order they come. */
export function findPackages(files: readonly ManifestFile[], drafts: KindDrafts): Findings {
  const order = manifestOrder([...drafts.values()].map(({ rules }) => rules));
  const read = [...files].sort(order)
    .flatMap((file) => draftFor(drafts, file.file)?.read(file) ?? []);
  const manifests = manifestsOf(read.filter((manifest) => "table" in manifest), drafts);
  const context = { drafts, manifests };
  const verdicts = [...manifests.byFile.values()]
    .flatMap((manifest) => judge(manifest, context) ?? []);
  const found = verdicts.flatMap((verdict) => "found" in verdict ? [verdict.found] : []);
  const gathered = gather(found, context);
  const extensions = takeOut(gathered.packages, extensionReason(gathered.packages, context));
  const once = takeOut(extensions.packages, repeatReason(extensions.packages, drafts));
  const leftOut = [
    ...verdicts.flatMap((verdict) => "leftOut" in verdict ? [verdict.leftOut] : []),
    ...gathered.leftOut,
    ...extensions.leftOut,
    ...once.leftOut,
  ].sort(order);
  const unreadable = read.filter((manifest) => "message" in manifest);
  return { packages: once.packages, leftOut, unreadable, manifests };
}

function manifestsOf(list: readonly Manifest[], drafts: KindDrafts): Manifests {
  const manifests: Manifests = {
    byFile: new Map(list.map((manifest) => [manifest.file, manifest])),
    versionOf: (manifest) => draftFor(drafts, manifest.file)?.version?.(manifest, manifests),
  };
  return manifests;
}

function judge(manifest: Manifest, { drafts, manifests }: Context): Verdict {
  const verdict = draftFor(drafts, manifest.file)?.judge(manifest, manifests);
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

/** Lets each kind put its packages together. */
function gather(packages: readonly FoundPackage[], { drafts, manifests }: Context): Gathered {
  const gathered = [...drafts].map(([kind, draft]): Gathered => {
    const own = packages.filter((pkg) => pkg.kind === kind);
    return draft.gather?.(own, manifests) ?? { packages: own, leftOut: [] };
  });
  return {
    packages: gathered.flatMap(({ packages }) => packages),
    leftOut: gathered.flatMap(({ leftOut }) => leftOut),
  };
}

type Reason = (pkg: FoundPackage) => string | undefined;

function takeOut(packages: readonly FoundPackage[], reasonOf: Reason): Gathered {
  const kept: FoundPackage[] = [];
  const leftOut: LeftOut[] = [];
  for (const pkg of packages) {
    const reason = reasonOf(pkg);
    if (reason === undefined) kept.push(pkg);
    else leftOut.push({ file: pkg.file, name: pkg.registryName, reason });
  }
  return { packages: kept, leftOut };
}

/** What only becomes part of another package, and nothing else can depend on, is no package to publish. */
function extensionReason(
  packages: readonly FoundPackage[],
  { drafts, manifests }: Context,
): Reason {
  const builders = new Map(packages.map((pkg) => [pkg.builtFrom, pkg]));
  return (pkg) => {
    const builder = builders.get(pkg.file);
    if (builder === undefined) return undefined;
    const limit = draftOf(drafts, pkg).extensionOnly?.(manifests.byFile.get(pkg.file)!);
    return limit === undefined ? undefined : `it is what ${builder.file} builds, and ${limit}`;
  };
}

function repeatReason(packages: readonly FoundPackage[], drafts: KindDrafts): Reason {
  const keyOf = ({ kind, registryName }: FoundPackage): string =>
    nameKey(drafts, { kind, name: registryName });
  const first = new Map<string, FoundPackage>();
  for (const pkg of packages) if (!first.has(keyOf(pkg))) first.set(keyOf(pkg), pkg);
  return (pkg) => {
    const before = first.get(keyOf(pkg))!;
    return before === pkg ? undefined : `${before.file} has the same name`;
  };
}
