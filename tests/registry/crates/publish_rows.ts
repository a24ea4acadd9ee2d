/** Crates whose manifests have something that shows in what cargo sends to the registry. */

import { DEPENDING, FEATURES, INHERITED } from "./depending_rows.ts";
import { crate, HEAD, member, type PublishRow } from "./publish_row.ts";
import { SETTINGS, TARGETS } from "./target_rows.ts";

const PACKAGE: readonly PublishRow[] = [
  crate("nothing but a name", ""),
  crate(
    "everything that describes",
    [
      'description = "A \\"crate\\" of a test"',
      'license = "MIT OR Apache-2.0"',
      'homepage = "https://example.com"',
      'documentation = "https://docs.example.com"',
      'repository = "https://example.com/repo"',
      'authors = ["Ada <ada@example.com>", "Eve"]',
      'keywords = ["one", "two"]',
      'categories = ["parsing", "no-std"]',
    ].join("\n"),
  ),
  crate(
    "a description of lines, tabs and letters",
    'description = """\nOne\ttab\nß → 字 🦀 \\u0007 \\u007F\n"""',
  ),
  crate(
    "a description with control characters and slashes",
    'description = "\\b\\f\\r \\u001f </script> \\u2028 \\\\"',
  ),
  crate("a version with build metadata", "", {
    "Cargo.toml": HEAD.replace("1.0.0", "1.0.0-rc.1+linux.5"),
  }),
  crate("a rust-version of two numbers", 'rust-version = "1.70"'),
  crate("a rust-version of three numbers", 'rust-version = "1.70.0"'),
  crate("a library that it links", 'links = "z"\nbuild = "build.rs"', {
    "build.rs": "fn main() {}\n",
  }),
  crate("no authors, said", "authors = []"),
  crate(
    "badges",
    '[badges]\nmaintenance = { status = "actively-developed" }\ntravis-ci = { repository = "a/b", branch = "main" }',
  ),
  crate("an include list", 'include = ["/src", "/Cargo.toml"]'),
  crate(
    "metadata of others",
    '[package.metadata.docs.rs]\nall-features = true\n[lints.rust]\nunsafe_code = "forbid"\n[profile.release]\nlto = true',
  ),
  crate("no edition", "", { "Cargo.toml": '[package]\nname = "demo"\nversion = "1.0.0"\n' }),
];

const FILES: readonly PublishRow[] = [
  crate("a README by its usual name", "", { "README.md": '# Demo\n\nß 🦀 "quoted"\\\n' }),
  crate("a README that is a text", "", { "README.txt": "Demo\r\nof lines\r\n" }),
  crate("a README without an ending", "", { "README": "Demo\n" }),
  crate("a README by name", 'readme = "docs/ABOUT.md"', { "docs/ABOUT.md": "About\n" }),
  crate("a README that is not wanted", "readme = false", { "README.md": "# No\n" }),
  crate("a README that is said to be there", "readme = true", { "README.md": "# Yes\n" }),
  crate("an empty README", "", { "README.md": "" }),
  member("a README above the crate", "", 'readme = "../README.md"', { "README.md": "# Above\n" }),
  crate("a licence file", 'license-file = "LICENSE.txt"', { "LICENSE.txt": "Mine\n" }),
  crate("a licence file in a folder", 'license-file = "legal/LICENSE"', {
    "legal/LICENSE": "Mine\n",
  }),
  member("a licence file above the crate", "", 'license-file = "../LICENSE"', {
    LICENSE: "Ours\n",
  }),
];

export const ROWS: readonly PublishRow[] = [
  ...PACKAGE,
  ...FILES,
  ...DEPENDING,
  ...FEATURES,
  ...INHERITED,
  ...TARGETS,
  ...SETTINGS,
];
