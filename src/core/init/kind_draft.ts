/**
 * What `init` asks a kind of package: how its manifests are read, what they declare, and what is to be done once before a
 * package is published.
 *
 * @module
 */

import type { KindRules } from "../model/kind.ts";
import type { Kind, Package } from "../model/package.ts";
import type { FoundPackage, LeftOut, Manifest, ManifestFile, Need, Unreadable } from "./found.ts";
import type { KindBuilds } from "../workflow/step_text.ts";
import { bareName } from "./manifest_files.ts";

/** The manifests of a repository, for whoever judges one of them by what the others say. */
export interface Manifests {
  /** Those that can be read, by their paths. */
  readonly byFile: ReadonlyMap<string, Manifest>;
  /** The version that a manifest of any kind declares, also by way of another one; undefined without one. */
  versionOf(manifest: Manifest): string | undefined;
}

/** What became of a manifest; undefined when it declares no package at all. */
export type Verdict =
  | { readonly found: FoundPackage }
  | { readonly leftOut: LeftOut }
  | undefined;

/** Packages of one kind after those that come into being with another one were taken out. */
export interface Gathered {
  readonly packages: readonly FoundPackage[];
  readonly leftOut: readonly LeftOut[];
}

/** A kind as `init` knows it. Functions are pure; `P` is what its packages are after parsing. */
export interface KindDraft<P extends Package = Package> {
  readonly rules: KindRules;
  /** What tells its packages from those of other kinds that have the same name: a word for either end of a name. */
  readonly mark: string;
  /** Further words by which tags and folders call what is of this kind, in lower case. */
  readonly words?: readonly string[];
  /** Files beside its manifest that are source by their names. */
  readonly sources: RegExp;
  /** A `[[package]]` for a configuration without packages, and what it is, as a sentence. */
  readonly example: { readonly about: string; readonly table: string };
  /** Reads a manifest, or says where it stops being one. */
  read(file: ManifestFile): Manifest | Unreadable;
  /** What a manifest declares. */
  judge(manifest: Manifest, manifests: Manifests): Verdict;
  /** The version that a manifest declares: asked where packages of other kinds take theirs from it. */
  version?(manifest: Manifest, manifests: Manifests): string | undefined;
  /** What a manifest names that is not published, but is part of packages that are. */
  needs?(manifest: Manifest, manifests: Manifests): readonly Need[];
  /**
   * Why nothing but a package of another kind that is built from it can use what a manifest declares, as a clause;
   * undefined when others can depend on it.
   */
  extensionOnly?(manifest: Manifest): string | undefined;
  /** The bare name of the manifest of what a package's build compiles into it; undefined when it compiles nothing. */
  compiles?(pkg: FoundPackage): string | undefined;
  /** Puts packages of this kind together that are released as one. */
  gather?(packages: readonly FoundPackage[], manifests: Manifests): Gathered;
  /** How its packages are built; without, the workflow that is written leaves a place for the steps. */
  readonly builds?: KindBuilds<P>;
  /** What is to be done once before these can be published: sentences without a full stop. There is one at least. */
  nextSteps(packages: readonly P[]): readonly string[];
}

/** Every kind's, in the order in which packages are written. */
export type KindDrafts = ReadonlyMap<Kind, KindDraft>;

/** Drafts by the words of their kinds. */
export function draftsOf(list: readonly KindDraft[]): KindDrafts {
  return new Map(list.map((draft) => [draft.rules.kind, draft]));
}

/** The draft of a package's kind. */
export function draftOf(drafts: KindDrafts, { kind }: { readonly kind: Kind }): KindDraft {
  const draft = drafts.get(kind);
  if (draft === undefined) throw new Error(`unreachable: no kind is called ${kind}`);
  return draft;
}

/** A package as others of its kind name it: alike for names that its registry holds for one. */
export function nameKey(
  drafts: KindDrafts,
  { kind, name }: { readonly kind: Kind; readonly name: string },
): string {
  return `${kind} ${draftOf(drafts, { kind }).rules.names.canonical(name)}`;
}

/** The draft of the kind whose manifests are called as a path ends; undefined when the path is not a manifest's. */
export function draftFor(drafts: KindDrafts, path: string): KindDraft | undefined {
  const name = bareName(path);
  for (const draft of drafts.values()) if (draft.rules.manifest === name) return draft;
  return undefined;
}
