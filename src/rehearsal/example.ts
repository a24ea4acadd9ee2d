/**
 * A small polyglot repository for newcomers: a crate, a wheel that depends on it, and an npm package that stands alone.
 * Everything in it is real source that its own toolchain accepts.
 *
 * @module
 */

/** What the example repository is made of. */
export interface Example {
  /** Path → content, relative to the repository's root. */
  readonly files: Readonly<Record<string, string>>;
  /** The message of its one commit. */
  readonly message: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
}

const REPOSITORY = "putitoutthere/pebble";
const URL = `https://github.com/${REPOSITORY}`;

const CRATE = `[[package]]
name = "pebble-core"
kind = "crates"
path = "rust/pebble-core"
paths = ["rust/pebble-core/**"]

`;

const config = (withCrate: boolean): string =>
  `[putitoutthere]
version = 1

${withCrate ? CRATE : ""}[[package]]
name = "pebble"
kind = "pypi"
path = "python/pebble"
paths = ["python/pebble/**"]
${withCrate ? 'depends_on = ["pebble-core"]\n' : ""}
[[package]]
name = "@putitoutthere/pebble"
kind = "npm"
path = "js/pebble"
paths = ["js/pebble/**"]
tag_format = "pebble-js-v{version}"
`;

const crate: Readonly<Record<string, string>> = {
  "Cargo.toml": '[workspace]\nmembers = ["rust/pebble-core"]\nresolver = "2"\n',
  "rust/pebble-core/Cargo.toml": `[package]
name = "pebble-core"
version = "0.0.0"
edition = "2021"
description = "Counts pebbles"
license = "MIT"
repository = "${URL}"
`,
  "rust/pebble-core/src/lib.rs": `//! Counts pebbles.

/// How many pebbles there are in a number of heaps of the same size.
pub fn count(heaps: u64, size: u64) -> u64 {
    heaps * size
}
`,
};

const python: Readonly<Record<string, string>> = {
  "python/pebble/pyproject.toml": `[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "pebble"
version = "0.0.0"
description = "Counts pebbles"
requires-python = ">=3.9"
license = "MIT"

[project.urls]
Source = "${URL}"
`,
  "python/pebble/pebble/__init__.py": `"""Counts pebbles."""


def count(heaps: int, size: int) -> int:
    """How many pebbles there are in a number of heaps of the same size."""
    return heaps * size
`,
};

const javascript: Readonly<Record<string, string>> = {
  "js/pebble/package.json": `{
  "name": "@putitoutthere/pebble",
  "version": "0.0.0",
  "description": "Counts pebbles",
  "license": "MIT",
  "repository": { "type": "git", "url": "git+${URL}.git", "directory": "js/pebble" },
  "type": "module",
  "exports": "./index.js",
  "bin": { "pebble": "cli.js" },
  "files": ["index.js", "cli.js"]
}
`,
  "js/pebble/index.js": `/** How many pebbles there are in a number of heaps of the same size. */
export const count = (heaps, size) => heaps * size;
`,
  "js/pebble/cli.js": `#!/usr/bin/env node
import { count } from "./index.js";

const [heaps = 3, size = 4] = process.argv.slice(2).map(Number);
console.log(\`\${count(heaps, size)} pebbles\`);
`,
  "js/pebble/README.md": "# pebble\n\nCounts pebbles: `npx @putitoutthere/pebble 3 4`.\n",
};

/** Makes the example. Without cargo on the machine nobody can publish a crate, so the crate can be left out. */
export function makeExample(options: { readonly withCrate: boolean }): Example {
  const files = {
    "putitoutthere.toml": config(options.withCrate),
    "README.md": "# pebble\n\nCounts pebbles, in three languages.\n",
    ".gitignore": "/target/\n",
    ...(options.withCrate ? crate : {}),
    ...python,
    ...javascript,
  };
  return { files, message: "Count pebbles\n\nrelease: minor\n", repository: REPOSITORY };
}
