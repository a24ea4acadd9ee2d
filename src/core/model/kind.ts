/**
 * What a kind of package is: the one place that the planner, the stages and the reports ask about a registry, as far as
 * that can be answered without asking anybody.
 *
 * @module
 */

import type { Built, Kind, Package } from "./package.ts";
import type { MatrixRow, PlannedPackage } from "./plan.ts";

/** What a registry takes for a name, and when it holds two names for one. */
export interface NameRules {
  /** The key of the configuration that names a package there, when `name` is not it. */
  readonly key: string;
  /** A regular expression's source, in the part of its language that JSON Schema understands too. */
  readonly pattern: string;
  readonly maxLength: number;
  /** The form in words, to stand after "a name there …". */
  readonly words: string;
  /** What a name that the pattern refuses got wrong, as a clause; undefined when it is none of what can be named. */
  oddity(name: string): string | undefined;
  /** The form under which the registry holds two names for one. */
  canonical(name: string): string;
}

/** One artifact of a package: what it is built for, and how its name ends. */
export interface ArtifactEnd {
  /** `noarch`, `any`, `sdist`, `main`, or a triple. */
  readonly target: string;
  /** What follows the package's name and a `-`: `crate`, `wheel-any`. */
  readonly end: string;
}

/** Which built files a package has. */
export interface ArtifactRules<P extends Package> {
  /** The artifacts of a package that is built so, in the order of its rows. */
  ends(built: Built): readonly ArtifactEnd[];
  /** The folder that the build job uploads, relative to the package's; `.` for that itself. */
  folder(target: string): string;
  /** Whether publishing is impossible without it: where not, the checkout alone serves. */
  isRequired(target: string): boolean;
  /** What a matrix row tells the build job besides; the version is in semver's spelling. */
  buildKeys(
    pkg: P,
    row: { readonly target: string; readonly version: string },
  ): Pick<MatrixRow, "build" | "bundle_cli" | "version_env">;
  /** The file that a row's build job makes, as a pattern for people. */
  expectedFile(planned: PlannedPackage, target: string): string;
  /** Folders of build jobs that name their own: what follows the package's name there; its group is the target. */
  readonly ownFolders?: RegExp;
  /** Whether files in such folders serve where this row's own folder was not delivered. */
  isServedByOwnFolders?(target: string): boolean;
  /** Whether a file is one of this release by its name, wherever it lies. */
  isNamedFor?(planned: PlannedPackage, fileName: string): boolean;
}

/** A release as its registry's pages name it. */
export interface PageOf {
  readonly registryName: string;
  /** In semver's spelling. */
  readonly version: string;
}

/** What is known of a kind. Functions are pure; `P` is what its packages are after parsing. */
export interface KindRules<P extends Package = Package> {
  /** The word of `kind = "…"`. */
  readonly kind: Kind;
  /** What people call the registry: `crates.io`, `PyPI`, `npm`. */
  readonly registry: string;
  /** What other release tools call such a package where they name it by its registry: `crate` in release-plz's output. */
  readonly noun?: string;
  /** The bare name of the manifest in a package's folder. */
  readonly manifest: string;
  readonly names: NameRules;
  readonly artifacts: ArtifactRules<P>;
  /**
   * A version, given in semver's spelling, as the registry spells it. Throws `PIOT_VERSION_UNMAPPABLE` for one that it
   * cannot hold; `name` is what the failure calls the package.
   */
  spelling(version: string, name?: string): string;
  /** The way back: a version of the registry in semver's spelling; undefined for one that `spelling()` never makes. */
  semver(version: string): string | undefined;
  /** The page of a release, as a path below the registry's website. */
  page(release: PageOf): string;
  /**
   * The name of a family's package for one target; undefined where there are no such packages. `family` is the main
   * package's name, and the template that the configuration has for the others.
   */
  memberName?(
    family: { readonly name: string; readonly template?: string | undefined },
    target: { readonly triple: string; readonly packageName?: string | undefined },
  ): string;
  /** The key of the configuration with that template. */
  readonly templateKey?: string;
  /** Whether a release is several packages on the registry, which can be checked one without the other. */
  isFamily(planned: PlannedPackage): boolean;
}

/** Every kind that there is, by its word, in the order in which lists of them are shown. */
export type Kinds = ReadonlyMap<Kind, KindRules>;

/** Kinds by their words. */
export function kindsOf(list: readonly KindRules[]): Kinds {
  return new Map(list.map((rules) => [rules.kind, rules]));
}

/** What is known of a kind that was parsed before. */
export function rulesOf(kinds: Kinds, { kind }: { readonly kind: Kind }): KindRules {
  const rules = kinds.get(kind);
  if (rules === undefined) throw new Error(`unreachable: no kind is called ${kind}`);
  return rules;
}

/** What is wrong with a name on a registry, as a clause; undefined when the registry takes it. */
export function registryNameProblem(names: NameRules, name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name.length > names.maxLength) return `it is longer than ${names.maxLength} characters`;
  if (new RegExp(names.pattern, "u").test(name)) return undefined;
  const oddity = names.oddity(name);
  if (oddity !== undefined) return oddity;
  return /[A-Za-z0-9]$/.test(name) && /^[A-Za-z]/.test(name)
    ? "the registry keeps it for itself"
    : "names there do not start or end so";
}

/** The first character that a pattern finds, as a clause; undefined when it finds none. */
export function oddCharacter(pattern: RegExp, name: string): string | undefined {
  const found = pattern.exec(name);
  return found === null ? undefined : `it holds ${JSON.stringify(found[0])}`;
}
