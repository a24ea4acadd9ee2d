/**
 * The JSON that goes before a `.crate` in the body of `PUT /api/v1/crates/new`: the one that `cargo publish` makes for the
 * same file, byte for byte (rust-lang/cargo, `src/cargo/ops/registry/publish.rs`, `crates/crates-io/lib.rs`).
 *
 * @module
 */

import {
  compareBytes,
  type PackagedDependency,
  type PackagedManifest,
} from "./packaged_manifest.ts";

/**
 * The path of the README in the crate, and the licence's. cargo writes both into the manifest that it packages, those above
 * the crate by their bare names.
 */
export function readmePath({ package: { readme } }: PackagedManifest): string | null {
  return readme === true ? "README.md" : text(readme);
}

/** Writes it. `readme` is the content of the file at {@link readmePath}. */
export function publishDocument(manifest: PackagedManifest, readme: string | null): string {
  const own = manifest.package;
  return object([
    ["name", own.name],
    ["vers", own.version],
    ["deps", manifest.dependencies.map(showDependency)],
    ["features", new Sorted(manifest.features)],
    ["authors", texts(own.authors)],
    ["description", text(own.description)],
    ["documentation", text(own.documentation)],
    ["homepage", text(own.homepage)],
    ["readme", readme],
    ["readme_file", readmePath(manifest)],
    ["keywords", texts(own.keywords)],
    ["categories", texts(own.categories)],
    ["license", text(own.license)],
    ["license_file", text(own["license-file"])],
    ["repository", text(own.repository)],
    ["badges", new Sorted(manifest.badges)],
    ["links", text(own.links)],
    ["rust_version", text(own["rust-version"])],
  ]);
}

function showDependency(dependency: PackagedDependency): object {
  const { optional, defaultFeatures, name, features, requirement, target, kind } = dependency;
  return {
    optional,
    default_features: defaultFeatures,
    name,
    features,
    version_req: requirement,
    target,
    kind,
    // `JSON.stringify()` leaves out what is undefined, as cargo does.
    registry: dependency.registry,
    explicit_name_in_toml: dependency.alias,
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** A table that is written in the order of its keys' bytes. An object would put the feature `2018` before the feature `1a`. */
class Sorted {
  readonly table: Readonly<Record<string, unknown>>;
  constructor(table: Readonly<Record<string, unknown>>) {
    this.table = table;
  }
}

function json(value: unknown): string {
  if (!(value instanceof Sorted)) return JSON.stringify(value);
  const entries = Object.entries(value.table).map(([key, inner]) =>
    [key, isPlain(inner) ? new Sorted(inner) : inner] as const
  );
  return object(entries.sort(([left], [right]) => compareBytes(left, right)));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function object(entries: readonly (readonly [string, unknown])[]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${json(value)}`).join(",")}}`;
}
