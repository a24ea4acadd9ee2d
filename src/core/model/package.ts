/**
 * What `putitoutthere.toml` declares, after parsing: read-only, camel case, every default filled in.
 *
 * @module
 */

/** One platform that a build job makes files for. */
export interface Target {
  /** The triple as the user wrote it, Rust style or Node style; part of artifact and package names. */
  readonly triple: string;
  /** The GitHub runner label that builds it. */
  readonly runner: string;
  /** The whole name of its platform package, where the family's template does not give it; npm families only. */
  readonly packageName?: string;
}

/** What the registry has on file about who may publish. */
export interface TrustPolicy {
  /** The workflow's bare file name. */
  readonly workflow: string;
  /** The GitHub environment, when the registry asks for one. */
  readonly environment?: string;
  /** `owner/name`, when it is not this repository. */
  readonly repository?: string;
}

/** What every kind of package has. */
export interface PackageBase {
  /** The name that this repository knows it by; unique. */
  readonly name: string;
  /** Its name on the registry. */
  readonly registryName: string;
  /** The folder of its manifest, relative to the root, `/`-separated, `.` for the root itself. */
  readonly path: string;
  /** Globs anchored at the root: the files that belong to it. */
  readonly paths: readonly string[];
  /** Names of the packages it depends on, as declared. */
  readonly dependsOn: readonly string[];
  /** The version of a release without a predecessor. */
  readonly firstVersion: string;
  /** The tag format; holds `{version}`, may hold `{name}`. */
  readonly tagFormat: string;
  /** Whether its releases get a GitHub Release; else the tag stands alone. */
  readonly githubRelease: boolean;
  /** A bare workflow file name, copied onto the matrix rows. */
  readonly buildWorkflow?: string;
  /** A word that it shares with the packages which ship whenever it does, at one version. */
  readonly lockstep?: string;
  /** What the registry has on file, when declared. */
  readonly trustPolicy?: TrustPolicy;
}

/** A crate on crates.io. */
export interface CratesPackage extends PackageBase {
  /** The word of `kind = "crates"`. */
  readonly kind: "crates";
  /** Features of cargo's verification build. */
  readonly features: readonly string[];
  /** Whether the verification build leaves the default features out. */
  readonly noDefaultFeatures: boolean;
}

/** A Rust binary that the build job stages into a wheel. */
export interface BundleCli {
  /** The binary's name. */
  readonly bin: string;
  /** The folder inside the Python package that receives it. */
  readonly stageTo: string;
  /** The folder of the crate that builds it. */
  readonly cratePath: string;
}

/** A kind of file that a project on PyPI has. */
export type Dist = "sdist" | "wheel";

/** A project on PyPI. */
export interface PypiPackage extends PackageBase {
  /** The word of `kind = "pypi"`. */
  readonly kind: "pypi";
  /** The build backend family. */
  readonly build: "setuptools" | "hatch" | "maturin";
  /** The platforms that get a wheel of their own; empty for one wheel that fits all. */
  readonly targets: readonly Target[];
  /** The kinds of files that its releases have; at least one. */
  readonly dists: readonly Dist[];
  /** The binary staged into the wheels, when there is one. */
  readonly bundleCli?: BundleCli;
}

/** A package on npm, alone or the main package of a platform family. */
export interface NpmPackage extends PackageBase {
  /** The word of `kind = "npm"`. */
  readonly kind: "npm";
  /** Who may read it. */
  readonly access: "public" | "restricted";
  /** The dist-tag that a release moves. */
  readonly distTag: string;
  /** How its platform packages come to be; `none` for a plain package. */
  readonly build: "none" | "napi" | "bundled-cli";
  /** The platforms of the family; empty for a plain package. */
  readonly targets: readonly Target[];
  /** The template of its platform packages' names; undefined for `{name}-{target}`. */
  readonly platformName?: string;
}

/**
 * What a package of each kind is, by the word of `kind = "…"`. A kind from outside adds its own by declaring this interface
 * once more in its folder.
 *
 * @internal
 */
export interface PackageKinds {
  readonly crates: CratesPackage;
  readonly pypi: PypiPackage;
  readonly npm: NpmPackage;
}

/** A registry that packages are published to. */
export type Kind = keyof PackageKinds;

/** A declared package. */
export type Package = PackageKinds[Kind];

/** The platforms that a package is built for; empty when no platform matters to it. */
export function targetsOf(pkg: Package): readonly Target[] {
  return "targets" in pkg ? pkg.targets : [];
}

/** What the artifacts of a package follow from. */
export interface Built {
  /** The platforms that it is built for, as written. */
  readonly triples: readonly string[];
  /** The kinds of files that its releases have, where its kind has several; undefined for all. */
  readonly dists?: readonly string[] | undefined;
}

/** What the artifacts of a package follow from. */
export function builtOf(pkg: Package): Built {
  const triples = targetsOf(pkg).map(({ triple }) => triple);
  return "dists" in pkg ? { triples, dists: pkg.dists } : { triples };
}
