/** Crates whose targets, settings of the build and workspaces show in the Cargo.toml that cargo writes into them. */

import { crate, HEAD, member, type PublishRow } from "./publish_row.ts";

const MAIN = "fn main() {}\n";
const OLD = '[package]\nname = "demo"\nversion = "1.0.0"\n';

export const TARGETS: readonly PublishRow[] = [
  crate("targets of every kind, found by their files", "", {
    "src/main.rs": MAIN,
    "src/bin/one.rs": MAIN,
    "src/bin/two/main.rs": MAIN,
    "src/bin/two/help.rs": "",
    "examples/e.rs": MAIN,
    "tests/t.rs": "",
    "tests/common/mod.rs": "",
    "benches/b.rs": MAIN,
    "build.rs": MAIN,
  }),
  crate(
    "targets that are listed, and others beside them",
    [
      "[lib]",
      'name = "other_name"',
      'crate_type = ["cdylib", "rlib"]',
      'path = "./src/lib.rs"',
      "doctest = false",
      "[[bin]]",
      'name = "tool"',
      'path = "src/tool.rs"',
      'required-features = ["cli"]',
      "[[bin]]",
      'name = "one"',
      "test = false",
      "[[bench]]",
      'name = "b"',
      "harness = false",
      "[features]",
      "cli = []",
    ].join("\n"),
    {
      "src/tool.rs": MAIN,
      "src/bin/one.rs": MAIN,
      "src/bin/two.rs": MAIN,
      "benches/b.rs": MAIN,
    },
  ),
  crate(
    "targets that are not to be found",
    "autobins = false\nautoexamples = false\nautotests = false\nautobenches = false\nbuild = false",
    { "src/bin/one.rs": MAIN, "examples/e.rs": MAIN, "tests/t.rs": "", "build.rs": MAIN },
  ),
  crate(
    "targets and a build script that are not packaged",
    'exclude = ["/tests", "/examples", "/build.rs"]',
    { "examples/e.rs": MAIN, "tests/t.rs": "", "build.rs": MAIN },
  ),
  crate("targets of the first edition", "", {
    "Cargo.toml": `${OLD}[[bin]]\nname = "tool"\n[[example]]\nname = "e"\n`,
    "src/bin/tool.rs": MAIN,
    "src/bin/unlisted.rs": MAIN,
    "examples/e.rs": MAIN,
    "tests/t.rs": "",
  }),
  crate(
    "a procedural macro with a build script elsewhere",
    'build = "build/run.rs"\n[lib]\nproc-macro = true',
    {
      "build/run.rs": MAIN,
    },
  ),
];

export const SETTINGS: readonly PublishRow[] = [
  crate(
    "profiles in words and in numbers",
    [
      "[profile.release]",
      'lto = "thin"',
      "debug = true",
      'opt-level = "s"',
      "strip = true",
      "[profile.dev]",
      'debug = "line-tables-only"',
      "opt-level = 1",
      "[profile.dev.package.alpha]",
      "opt-level = 3",
      "[profile.test]",
      'debug = "limited"',
    ].join("\n"),
  ),
  crate(
    "what cargo does not know, and what it keeps to itself",
    [
      "unknown = 1",
      "exclude = []",
      "[package.metadata.tool]",
      "when = 1979-05-27T07:32:00Z",
      "half = 0.5",
      "none = []",
      "[lib]",
      "speed = 3",
      "[dependencies]",
      'alpha = { version = "1", comment = "why" }',
      "[patch.crates-io]",
      "[workspace]",
    ].join("\n"),
  ),
  crate(
    "features of a dev-dependency that is not published",
    [
      "[features]",
      'full = ["near/x", "alpha?/fast", "dep:alpha"]',
      "[dependencies]",
      'alpha = { version = "1", optional = true }',
      "[dev-dependencies]",
      'near = { path = "near" }',
      'beta_two = "1"',
    ].join("\n"),
    {
      "near/Cargo.toml": '[package]\nname = "near"\nversion = "0.0.0"\n[features]\nx = []\n',
      "near/src/lib.rs": "",
    },
  ),
  member(
    "lints, badges and a resolver of a workspace",
    [
      "[workspace.lints.rust]",
      'unsafe_code = "forbid"',
      'unexpected_cfgs = { level = "warn", check-cfg = ["cfg(x)"] }',
      "[workspace.lints.clippy]",
      'all = { level = "warn", priority = -1 }',
      "[workspace.package]",
      'include = ["/src"]',
      'publish = ["crates-io"]',
    ].join("\n"),
    "include.workspace = true\npublish.workspace = true\n[lints]\nworkspace = true",
  ),
  {
    ...member("a crate of the first edition in a workspace with a resolver", "", OLD),
  },
  {
    name: "a crate in a workspace whose root is a crate",
    files: {
      "Cargo.toml":
        '[workspace]\nmembers = ["demo"]\n[package]\nname = "root"\nversion = "1.0.0"\nedition = "2018"\n',
      "src/lib.rs": "",
      "demo/Cargo.toml": HEAD,
      "demo/src/lib.rs": "",
    },
    at: "demo",
  },
  member(
    "defaults of dependencies, in the workspace and in the crate",
    '[workspace.dependencies]\nalpha = { version = "1", default-features = false }\nbeta_two = "1"\ng = { package = "gamma-ray", version = "3", optional = false }',
    '[dependencies]\nalpha = { workspace = true, default-features = true }\nbeta_two = { workspace = true, features = ["derive"] }\n[build-dependencies]\ng = { workspace = true, optional = true }',
  ),
];
