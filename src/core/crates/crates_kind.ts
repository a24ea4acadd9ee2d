/**
 * What a crate on crates.io is to everybody who plans, builds or reports.
 *
 * @module
 */

import { isVersion } from "../model/version.ts";
import { type KindRules, oddCharacter } from "../model/kind.ts";
import type { CratesPackage } from "../model/package.ts";

/** crates.io: names by crates_io_validation, versions by semver, one `.crate` that cargo leaves in `target/package`. */
export const CRATES: KindRules<CratesPackage> = {
  kind: "crates",
  registry: "crates.io",
  noun: "crate",
  manifest: "Cargo.toml",
  names: {
    key: "crate",
    pattern: "^[A-Za-z][A-Za-z0-9_-]*$",
    maxLength: 64,
    words: "starts with a letter and goes on with letters, digits, `-` and `_`, 64 at most",
    oddity: (name) => oddCharacter(/[^A-Za-z0-9_-]/u, name),
    // Two names are one when they differ in case or in `_` for `-` alone (crates.io, canon_crate_name).
    canonical: (name) => name.toLowerCase().replaceAll("_", "-"),
  },
  artifacts: {
    ends: () => [{ target: "noarch", end: "crate" }],
    folder: () => "target/package",
    isRequired: () => false,
    buildKeys: () => ({}),
    expectedFile: ({ registry_name, version }) => `${registry_name}-${version}.crate`,
  },
  spelling: (version) => version,
  semver: (version) => isVersion(version) ? version : undefined,
  page: ({ registryName, version }) => `crates/${registryName}/${version}`,
  isFamily: () => false,
};
