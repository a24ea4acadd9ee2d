/**
 * A small polyglot repository for newcomers: a crate, a wheel that depends on it, an npm package that stands alone, and an
 * npm family of programs. Everything in it is real source that its own toolchain accepts.
 *
 * @module
 */

/** What the example repository is made of. */
export interface Example {
  /** Path → content, relative to the repository's root. */
  readonly files: Readonly<Record<string, string>>;
  /** The message of its commit; of its last one, when there was an earlier release. */
  readonly message: string;
  /** What an earlier commit left out, and the tags of what was released there; undefined for none. */
  readonly earlier?: { readonly lacks: readonly string[]; readonly tags: readonly string[] };
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

const family = (targets: readonly string[]): string => `
[[package]]
name = "pebble-cli"
kind = "npm"
npm = "@putitoutthere/pebble-cli"
path = "cli"
paths = ["cli/**"]
build = "bundled-cli"
targets = [${targets.map((target) => JSON.stringify(target)).join(", ")}]
`;

const config = ({ withCrate, targets = [] }: ExampleOptions): string =>
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
${targets.length === 0 ? "" : family(targets)}`;

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

/** The source of the family's program, in the example repository. */
export const PROGRAM_SOURCE = "cli/src/main.rs";
/** The variable that gives the program its version when it is compiled. */
export const PROGRAM_VERSION = "PEBBLE_VERSION";

const cli: Readonly<Record<string, string>> = {
  "cli/package.json": `{
  "name": "@putitoutthere/pebble-cli",
  "version": "0.0.0",
  "description": "Counts pebbles, natively",
  "license": "MIT",
  "repository": { "type": "git", "url": "git+${URL}.git", "directory": "cli" },
  "files": ["README.md"],
  "engines": { "node": ">=18" }
}
`,
  "cli/README.md": "# pebble-cli\n\nCounts pebbles: `npx @putitoutthere/pebble-cli 3 4`.\n",
  [PROGRAM_SOURCE]: `//! Counts pebbles on the command line.

use std::env::args;

const VERSION: &str = match option_env!("${PROGRAM_VERSION}") {
    Some(version) => version,
    None => "0.0.0",
};

fn main() {
    let words: Vec<String> = args().skip(1).collect();
    if words.iter().any(|word| word == "--version") {
        println!("pebble-cli {VERSION}");
        return;
    }
    let number = |at: usize, default: u64| words.get(at).and_then(|word| word.parse().ok()).unwrap_or(default);
    println!("{} pebbles", number(0, 3) * number(1, 4));
}
`,
};

/** What the example has besides a wheel and an npm package. */
export interface ExampleOptions {
  /** Whether there is a crate. Without cargo on the machine nobody can publish one. */
  readonly withCrate: boolean;
  /** The targets of an npm family of programs; none, and there is no family. */
  readonly targets?: readonly string[];
  /** Whether its npm packages were released before, as npm trusts a job with those alone; not so by default. */
  readonly releasedBefore?: boolean;
}

/** Makes the example. */
export function makeExample(options: ExampleOptions): Example {
  const files = {
    "putitoutthere.toml": config(options),
    "README.md": "# pebble\n\nCounts pebbles, in three languages.\n",
    ".gitignore": "/target/\n",
    ...(options.withCrate ? crate : {}),
    ...python,
    ...javascript,
    ...(options.targets === undefined ? {} : cli),
  };
  return {
    files,
    message: "Count pebbles\n\nrelease: minor\n",
    repository: REPOSITORY,
    ...(options.releasedBefore === true ? { earlier: EARLIER } : {}),
  };
}

const EARLIER: NonNullable<Example["earlier"]> = {
  lacks: ["js/pebble/README.md", "cli/README.md"],
  tags: ["pebble-js-v0.0.1", "pebble-cli-v0.0.1"],
};
