/** Small repositories of each shape, and what each releases. */

const REPOSITORY = "https://github.com/ada/engine";

const manifest = (name: string, more = ""): string =>
  `{ "name": "${name}", "version": "0.0.0", "license": "MIT", "repository": "${REPOSITORY}"${more} }\n`;

const crate = (name: string, more = ""): string =>
  `[package]
name = "${name}"
version = "0.0.0"
edition = "2021"
description = "A small one."
license = "MIT"
repository = "${REPOSITORY}"
${more}`;

const project = (name: string, backend: string): string =>
  `[project]
name = "${name}"
version = "0.0.0"

[build-system]
requires = ["${backend}"]
build-backend = "${backend.replace("hatchling", "hatchling.build")}"
`;

/** A repository, and the tags that its release leaves. */
export interface Shape {
  readonly files: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

const CONFIG = "[putitoutthere]\nversion = 1\n";

const table = (name: string, kind: string, path: string, more = ""): string =>
  `\n[[package]]\nname = "${name}"\nkind = "${kind}"\npath = "${path}"\npaths = ["${path}/**"]\n${more}`;

const JS = { "js/package.json": manifest("demo-js"), "js/index.js": "export {};\n" };
const CORE = { "core/Cargo.toml": crate("demo-core"), "core/src/lib.rs": "" };
const PY = { "py/pyproject.toml": project("demo-py", "hatchling"), "py/demo_py/__init__.py": "" };

const ALONE: Readonly<Record<string, Shape>> = {
  "plain npm": {
    files: { ...JS, "putitoutthere.toml": CONFIG + table("demo-js", "npm", "js") },
    tags: ["demo-js-v0.1.0"],
  },
  crate: {
    files: { ...CORE, "putitoutthere.toml": CONFIG + table("demo-core", "crates", "core") },
    tags: ["demo-core-v0.1.0"],
  },
  "crates that need one another": {
    files: {
      ...CORE,
      "Cargo.toml": '[workspace]\nmembers = ["core", "cli"]\nresolver = "2"\n',
      "cli/Cargo.toml": crate(
        "demo-cli",
        '[dependencies]\ndemo-core = { path = "../core", version = "0.0.0" }\n',
      ),
      "cli/src/lib.rs": "",
      "putitoutthere.toml": CONFIG + table("demo-core", "crates", "core") +
        table("demo-cli", "crates", "cli", 'depends_on = ["demo-core"]\n'),
    },
    tags: ["demo-cli-v0.1.0", "demo-core-v0.1.0"],
  },
  "a crate around other packages": {
    files: {
      ...{ ...JS, ...CORE },
      "Cargo.toml": crate(
        "demo-all",
        '[dependencies]\ndemo-core = { path = "core", version = "0.0.0" }\n[workspace]\n' +
          'members = ["core"]\n',
      ),
      "src/lib.rs": "",
      "putitoutthere.toml": CONFIG + table("demo-core", "crates", "core") +
        table("demo-all", "crates", ".", 'depends_on = ["demo-core"]\n').replace("./**", "src/**") +
        table("demo-js", "npm", "js"),
    },
    tags: ["demo-all-v0.1.0", "demo-core-v0.1.0", "demo-js-v0.1.0"],
  },
  "sdist only": {
    files: {
      ...PY,
      "putitoutthere.toml": CONFIG +
        table("demo-py", "pypi", "py", 'build = "hatch"\ndists = ["sdist"]\n'),
    },
    tags: ["demo-py-v0.1.0"],
  },
  hatch: {
    files: {
      ...PY,
      "putitoutthere.toml": CONFIG + table("demo-py", "pypi", "py", 'build = "hatch"\n'),
    },
    tags: ["demo-py-v0.1.0"],
  },
  cibuildwheel: {
    files: {
      // Its version comes from git's tags.
      "ext/pyproject.toml": project("demo-ext", "setuptools")
        .replace('version = "0.0.0"', 'dynamic = ["version"]')
        .replace('["setuptools"]', '["setuptools", "setuptools-scm"]'),
      "putitoutthere.toml": CONFIG +
        table(
          "demo-ext",
          "pypi",
          "ext",
          'targets = ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"]\n',
        ),
    },
    tags: ["demo-ext-v0.1.0"],
  },
  maturin: {
    files: {
      "rs/pyproject.toml": project("demo-rs", "maturin"),
      "rs/Cargo.toml": crate("demo-rs"),
      "rs/src/lib.rs": "",
      "putitoutthere.toml": CONFIG +
        table(
          "demo-rs",
          "pypi",
          "rs",
          'build = "maturin"\ntargets = ["x86_64-unknown-linux-gnu"]\n',
        ),
    },
    tags: ["demo-rs-v0.1.0"],
  },
  "maturin with bundle_cli": {
    files: {
      "rs/pyproject.toml": project("demo-rs", "maturin"),
      "rs/demo_rs/__init__.py": "",
      "cli/Cargo.toml": crate("demo"),
      "cli/src/main.rs": "fn main() {}\n",
      "putitoutthere.toml": CONFIG +
        table(
          "demo-rs",
          "pypi",
          "rs",
          'build = "maturin"\ntargets = ["x86_64-unknown-linux-gnu"]\n[package.bundle_cli]\n' +
            'bin = "demo"\nstage_to = "demo_rs/bin"\ncrate_path = "cli"\n',
        ),
    },
    tags: ["demo-rs-v0.1.0"],
  },
  napi: {
    files: {
      "addon/package.json": manifest(
        "demo-addon",
        ', "main": "index.js", "devDependencies": { "@napi-rs/cli": "^3.0.0" }',
      ),
      "putitoutthere.toml": CONFIG +
        table(
          "demo-addon",
          "npm",
          "addon",
          'build = "napi"\ntargets = ["linux-x64-gnu", "darwin-arm64"]\n',
        ),
    },
    tags: ["demo-addon-v0.1.0"],
  },
  "bundled-cli": {
    files: {
      "npm/package.json": manifest("demo-bin"),
      "putitoutthere.toml": CONFIG +
        table(
          "demo-bin",
          "npm",
          "npm",
          'build = "bundled-cli"\ntargets = ["linux-x64-gnu", "x86_64-pc-windows-msvc"]\n',
        ),
    },
    tags: ["demo-bin-v0.1.0"],
  },
  "beside one another": {
    files: {
      ...{ ...JS, ...CORE, ...PY },
      "putitoutthere.toml": CONFIG + table("demo-core", "crates", "core") +
        table("demo-py", "pypi", "py", 'build = "hatch"\ndepends_on = ["demo-core"]\n') +
        table("demo-js", "npm", "js"),
    },
    tags: ["demo-core-v0.1.0", "demo-js-v0.1.0", "demo-py-v0.1.0"],
  },
};

/** Several of them in one repository: their files, and their packages one after another. */
function together(names: readonly string[]): Shape {
  const shapes = names.map((name) => ALONE[name]!);
  const configs = shapes.map(({ files }) => files["putitoutthere.toml"]!.slice(CONFIG.length));
  return {
    files: {
      ...Object.assign({}, ...shapes.map(({ files }) => files)),
      "putitoutthere.toml": CONFIG + configs.join(""),
    },
    tags: shapes.flatMap(({ tags }) => tags).sort(),
  };
}

/** Every shape by its name. */
export const REPOSITORIES: Readonly<Record<string, Shape>> = {
  ...ALONE,
  everything: together([
    ...["crates that need one another", "hatch", "cibuildwheel", "maturin", "plain npm", "napi"],
    "bundled-cli",
  ]),
};
