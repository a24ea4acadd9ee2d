/**
 * A packaged manifest as `cargo metadata` would show it, for the rules that crates have to pass whichever way they go out.
 *
 * @module
 */

import type { PackagedManifest } from "../../../core/crates/packaged_manifest.ts";
import type { CargoMember } from "../cargo_workspace.ts";

/** Where crates.io's own crates come from. */
const CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index";

/** `folder` is the crate's, absolute. */
export function memberOf(manifest: PackagedManifest, folder: string): CargoMember {
  const own = manifest.package;
  return {
    name: String(own.name),
    version: String(own.version),
    manifest_path: `${folder}/Cargo.toml`,
    description: text(own.description),
    license: text(own.license),
    license_file: text(own["license-file"]),
    readme: text(own.readme),
    homepage: text(own.homepage),
    documentation: text(own.documentation),
    repository: text(own.repository),
    keywords: texts(own.keywords),
    categories: texts(own.categories),
    features: manifest.features,
    publish: publishOf(own.publish),
    dependencies: manifest.dependencies.map(({ name, requirement, kind, registry }) => ({
      name,
      req: requirement,
      kind: kind === "normal" ? null : kind,
      source: registry ?? CRATES_IO,
      registry: registry ?? null,
    })),
  };
}

function publishOf(value: unknown): readonly string[] | null {
  if (value === false) return [];
  return Array.isArray(value) ? texts(value) : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
