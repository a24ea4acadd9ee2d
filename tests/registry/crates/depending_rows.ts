/** Crates whose dependencies and features show in what cargo sends to the registry, and those that inherit. */

import { crate, member, type PublishRow } from "./publish_row.ts";

export const DEPENDING: readonly PublishRow[] = [
  crate(
    "requirements in every spelling",
    [
      "[dependencies]",
      'alpha = "1"',
      'beta_two = { version = "~1.9" }',
      'gamma-ray = "=3.4.5"',
      "[dev-dependencies]",
      'alpha = ">= 0.3, < 2"',
      'beta_two = "^ 0.1.0"',
      'gamma-ray = "3.*"',
      "[build-dependencies]",
      'alpha = ">1.0,<=1.2.3"',
      'beta_two = "1.9.x"',
      'gamma-ray = "= 3.4.5+linux"',
    ].join("\n"),
  ),
  crate("a pre-release that is required", '[dependencies]\nalpha = "2.0.0-rc.1"\nbeta_two = ">=0"'),
  crate("any version", '[dependencies]\nalpha = "*"'),
  crate("a requirement of a zero", '[dependencies]\nalpha = "0.3"\ngamma-ray = "0.0.7"'),
  crate(
    "a renamed dependency",
    '[dependencies]\na = { package = "alpha", version = "1" }\nz = { package = "alpha", version = "0.3" }',
  ),
  crate(
    "a dependency that is renamed to its own name",
    '[dependencies]\nalpha = { package = "alpha", version = "1" }',
  ),
  crate(
    "a dependency with an underscore in its own name",
    '[dependencies]\nbeta_two = "1"\n"gamma-ray" = "3"',
  ),
  crate(
    "features of a dependency, in their order",
    '[dependencies]\nalpha = { version = "1", features = ["std", "fast"] }',
  ),
  crate(
    "a dependency without its default features",
    '[dependencies]\nalpha = { version = "1", default-features = false, features = ["fast"] }',
  ),
  crate("an optional dependency", '[dependencies]\nalpha = { version = "1", optional = true }'),
  crate(
    "tables of platforms",
    [
      "[target.'cfg(unix)'.dependencies]",
      'alpha = "1"',
      "[target.'cfg(unix)'.dev-dependencies]",
      'alpha = "1"',
      "[target.'cfg(unix)'.build-dependencies]",
      'alpha = "1"',
      "[target.x86_64-pc-windows-msvc.dependencies]",
      'beta_two = "1"',
      '[target."cfg(all(unix,target_arch=\\"x86_64\\",))".dependencies]',
      'gamma-ray = "3"',
    ].join("\n"),
  ),
  crate(
    "platforms in every notation",
    [
      "[target.'cfg( not( any(windows , target_os = \"macos\") ) )'.dependencies]",
      'alpha = { version = "1", optional = true }',
      "[target.'cfg(any())'.dependencies]",
      'beta_two = "1"',
      "[target.'cfg(all(r#unix, not(feature = \"a b\")))'.build-dependencies]",
      'gamma-ray = "3"',
      "[target.'cfg(r#true)'.dev-dependencies]",
      'gamma-ray = "3"',
    ].join("\n"),
  ),
  crate(
    "one dependency of every kind, and platforms out of order",
    [
      "[build-dependencies]",
      'alpha = "1"',
      "[target.wasm32-unknown-unknown.dependencies]",
      'alpha = "1"',
      "[target.aarch64-apple-darwin.dependencies]",
      'alpha = "1"',
      "[dev-dependencies]",
      'alpha = "1"',
      "[dependencies]",
      'gamma-ray = "3"',
      'beta_two = "1"',
      'alpha = "1"',
    ].join("\n"),
  ),
  crate(
    "older spellings of tables and keys",
    '[dev_dependencies]\nalpha = { version = "1", default_features = false }\n[build_dependencies]\nbeta_two = "1"',
  ),
];

export const FEATURES: readonly PublishRow[] = [
  crate("features that turn others on", '[features]\ndefault = ["b"]\nb = ["a"]\na = []'),
  crate(
    "features by dep: and ?",
    [
      "[features]",
      'one = ["dep:alpha", "alpha/std"]',
      'two = ["alpha?/fast", "b/derive"]',
      "[dependencies]",
      'alpha = { version = "1", optional = true }',
      'b = { package = "beta_two", version = "1", optional = true }',
    ].join("\n"),
  ),
  crate(
    "features of numbers and signs",
    '[features]\n2018 = []\n"1a" = []\nZ = []\n_a = []\n"c++20" = []\n"a.b" = []\n"é" = []\n10 = []\n9 = []',
  ),
  crate(
    "the implicit feature of an optional dependency",
    '[features]\nfull = ["alpha"]\n[dependencies]\nalpha = { version = "1", optional = true }',
  ),
];

export const INHERITED: readonly PublishRow[] = [
  member(
    "everything inherited",
    [
      "[workspace.package]",
      'version = "2.1.0"',
      'edition = "2021"',
      'description = "Shared"',
      'license = "MIT"',
      'authors = ["Ada"]',
      'keywords = ["k"]',
      'categories = ["parsing"]',
      'homepage = "https://example.com"',
      'documentation = "https://docs.example.com"',
      'repository = "https://example.com/repo"',
      'rust-version = "1.65"',
      'readme = "README.md"',
      'license-file = "LICENSE"',
    ].join("\n"),
    [
      "[package]",
      'name = "demo"',
      ...[
        ...["version", "edition", "description", "license", "authors", "keywords", "categories"],
        ...["homepage", "documentation", "repository", "rust-version", "readme", "license-file"],
      ].map((key) => `${key}.workspace = true`),
    ].join("\n"),
    { "README.md": "# Shared\n", LICENSE: "Ours\n" },
  ),
  member(
    "dependencies inherited",
    [
      "[workspace.dependencies]",
      'alpha = { version = "1", default-features = false, features = ["std"] }',
      'b = { package = "beta_two", version = "1" }',
    ].join("\n"),
    [
      "[dependencies]",
      'alpha = { workspace = true, features = ["fast"], optional = true }',
      "b.workspace = true",
      "[target.'cfg(windows)'.dev-dependencies]",
      "b = { workspace = true }",
    ].join("\n"),
  ),
  member(
    "siblings by path, with and without a version",
    '[workspace.dependencies]\nalpha = { path = "alpha", version = "1.2" }',
    [
      "[dependencies]",
      "alpha.workspace = true",
      "[dev-dependencies]",
      'alpha_dev = { package = "alpha", path = "../alpha" }',
    ].join("\n"),
    {
      "alpha/Cargo.toml": '[package]\nname = "alpha"\nversion = "1.2.3"\nedition = "2021"\n',
      "alpha/src/lib.rs": "",
    },
  ),
  member(
    "a sibling at one exact version",
    "",
    '[dependencies]\nalpha = { path = "../alpha", version = "=1.2.3", features = [] }',
    {
      "alpha/Cargo.toml": '[package]\nname = "alpha"\nversion = "1.2.3"\nedition = "2021"\n',
      "alpha/src/lib.rs": "",
    },
  ),
];
