import { deepEqual, equal, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parseConfig } from "../support/parse_config.ts";
import { main } from "../../src/cli/main.ts";
import { targetsOf } from "../../src/core/model/package.ts";
import { tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";

interface Row {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** `kind name path`, then what differs from the defaults. */
  readonly packages: readonly string[];
  /** `manifest: reason`. */
  readonly leftOut?: readonly string[];
  readonly notes?: readonly string[];
  readonly warnings?: readonly string[];
}

const crate = (name: string, rest = ""): string =>
  `[package]\nname = "${name}"\nversion = "0.1.0"\n${rest}`;
const project = (name: string, rest = ""): string =>
  `[project]\nname = "${name}"\nversion = "0.1.0"\n${rest}`;
const backend = (name: string): string => `[build-system]\nbuild-backend = "${name}"\n`;
const npm = (name: string, rest: object = {}): string => JSON.stringify({ name, ...rest });
const WHEELS =
  "targets x86_64-unknown-linux-gnu,aarch64-unknown-linux-gnu,x86_64-apple-darwin,aarch64-apple-darwin,x86_64-pc-windows-msvc";

const ROWS: readonly Row[] = [
  {
    name: "a crate, a project and an npm package in folders of their own",
    files: {
      "rust/Cargo.toml": crate("demo-core"),
      "python/pyproject.toml": project("demo-project"),
      "js/package.json": npm("@me/demo"),
    },
    packages: ["crates demo-core rust", "pypi demo-project python", "npm @me/demo js"],
  },
  {
    name: "what a workspace of cargo hands down",
    files: {
      "Cargo.toml": `[workspace]
members = ["crates/*"]
[workspace.package]
version = "1.4.0"
publish = false
[workspace.dependencies]
core = { package = "my-core", path = "crates/core", version = "1" }
helper = { path = "crates/helper" }
`,
      "crates/core/Cargo.toml": '[package]\nname = "my-core"\nversion.workspace = true\n',
      "crates/cli/Cargo.toml":
        '[package]\nname = "my-cli"\nversion = { workspace = true }\n[dependencies]\ncore.workspace = true\n[dev-dependencies]\nhelper = { workspace = true }\n',
      "crates/helper/Cargo.toml": '[package]\nname = "helper"\nversion = "0.1.0"\n',
      "crates/hidden/Cargo.toml": crate("hidden", "publish.workspace = true\n"),
    },
    packages: [
      "crates my-cli crates/cli after my-core first 1.4.0",
      "crates my-core crates/core first 1.4.0",
      "crates helper crates/helper",
    ],
    leftOut: ["crates/hidden/Cargo.toml: its publish is false"],
  },
  {
    name: "what cargo does not publish",
    files: {
      "a/Cargo.toml": crate("a", "publish = false\n"),
      "b/Cargo.toml": crate("b", "publish = []\n"),
      "c/Cargo.toml": crate("c", 'publish = ["mine"]\n'),
      "d/Cargo.toml": crate("d", 'publish = ["mine", "crates-io"]\n'),
      "e/Cargo.toml": '[package]\nname = "e"\n',
      "f/Cargo.toml": "[lib]\n",
      "g/Cargo.toml": crate("g", "publish.workspace = true\n"),
      "h/Cargo.toml": crate("9h"),
      "i/Cargo.toml": "[package]\nname.workspace = true\n",
    },
    packages: ["crates d d"],
    leftOut: [
      "a/Cargo.toml: its publish is false",
      "b/Cargo.toml: its publish is empty",
      "c/Cargo.toml: its publish names other registries only",
      "e/Cargo.toml: it has no version",
      "f/Cargo.toml: it has neither [package] nor [workspace]",
      "g/Cargo.toml: its publish is that of a workspace that was not found",
      "h/Cargo.toml: crates.io does not take its name: names there do not start or end so",
      "i/Cargo.toml: its [package] has no name",
    ],
  },
  {
    name: "dependencies of crates in every table, and no dev-dependency without a version",
    files: {
      "a/Cargo.toml": crate("a"),
      "b/Cargo.toml": crate("b"),
      "c/Cargo.toml": crate("c"),
      "d/Cargo.toml": crate("d"),
      "e/Cargo.toml": crate("e"),
      "z/Cargo.toml": crate(
        "z",
        `[dependencies]
a = { path = "../a", version = "0.1" }
[build-dependencies.b]
path = "../b"
[target.'cfg(unix)'.dependencies]
c = { path = '..\\c' }
[dev-dependencies]
d = { path = "../d" }
e = { path = "../e", version = "0.1" }
z = { path = "." }
outside = { path = "../../outside" }
nothing = { path = "../nothing" }
`,
      ),
    },
    packages: [
      "crates a a",
      "crates b b",
      "crates c c",
      "crates d d",
      "crates e e",
      "crates z z after a,b,c,e",
    ],
  },
  {
    name: "projects by their build backends",
    files: {
      "a/pyproject.toml": project("a"),
      "b/pyproject.toml": project("b", backend("setuptools.build_meta:__legacy__")),
      "c/pyproject.toml": project("c", backend("hatchling.build")),
      "d/pyproject.toml": project("d", backend("maturin")),
      "d/rust/Cargo.toml": crate("d-crate", "publish = false\n"),
      "e/pyproject.toml": project("e", backend("flit_core.buildapi")),
      "f/pyproject.toml": project("f", `${backend("setuptools")}backend-path = ["."]\n`),
      "g/pyproject.toml": project("g", `${backend("maturin")}`),
      "h/pyproject.toml": project("h", '[build-system]\nrequires = ["Cython>=3", "setuptools"]\n'),
      "i/pyproject.toml": "[tool.ruff]\n",
      "j/pyproject.toml": '[project]\ndynamic = ["name"]\n',
      "k/pyproject.toml": '[tool.poetry]\nname = "k"\n',
      "l/pyproject.toml": project("l", 'classifiers = ["Private :: Do Not Upload"]\n'),
      "m/pyproject.toml": project("m", "[tool.uv]\npackage = false\n"),
      "n/pyproject.toml": "[project]\n",
    },
    packages: [
      "pypi a a",
      "pypi b b",
      "pypi c c build hatch",
      `pypi d d build maturin ${WHEELS}`,
      `pypi g g build maturin ${WHEELS}`,
      `pypi h h ${WHEELS}`,
    ],
    leftOut: [
      "d/rust/Cargo.toml: its publish is false",
      'e/pyproject.toml: its build backend is "flit_core.buildapi", and build can be setuptools, hatch or maturin',
      'f/pyproject.toml: its build backend "setuptools" is one of its own',
      "i/pyproject.toml: it has no [project]",
      "j/pyproject.toml: its name is dynamic, which [project] does not allow",
      "k/pyproject.toml: it has no [project], and projects of Poetry's own form are not built with setuptools, hatch or maturin",
      "l/pyproject.toml: it has a classifier Private",
      "m/pyproject.toml: tool.uv says that it is no package",
      "n/pyproject.toml: its [project] has no name",
    ],
    notes: ["g/pyproject.toml is built with maturin, and its Cargo.toml was not found"],
  },
  {
    name: "dependencies of projects by their normalised names, and extras",
    files: {
      "a/pyproject.toml": project("My.Base"),
      "b/pyproject.toml": project("extra"),
      "c/pyproject.toml": project(
        "c",
        'dependencies = ["my_base[x]>=1 ; python_version > \'3\'", "requests", "c[all]"]\n' +
          '[project.optional-dependencies]\nall = ["EXTRA"]\n',
      ),
    },
    packages: ["pypi My.Base a", "pypi extra b", "pypi c c after My.Base,extra"],
  },
  {
    name: "npm packages that need each other by name, alias and workspace range",
    files: {
      "package.json": JSON.stringify({ private: true, workspaces: ["packages/*"] }),
      "packages/a/package.json": npm("a"),
      "packages/b/package.json": npm("@me/b", { dependencies: { a: "^1" } }),
      "packages/c/package.json": npm("c", { optionalDependencies: { x: "npm:a@^1" } }),
      "packages/d/package.json": npm("d", { peerDependencies: { y: "workspace:@me/b@*" } }),
      "packages/e/package.json": npm("e", { devDependencies: { a: "workspace:*" } }),
      "packages/f/package.json": npm("f", {
        version: "2.0.0-rc.1",
        publishConfig: { access: "restricted", tag: "next" },
      }),
      "packages/g/package.json": npm("@me/g", { publishConfig: { access: "restricted" } }),
      "packages/h/package.json": npm("H"),
      "packages/i/package.json": "{}",
    },
    packages: [
      "npm a packages/a",
      "npm @me/b packages/b after a",
      "npm c packages/c after a",
      "npm d packages/d after @me/b",
      "npm e packages/e",
      "npm f packages/f tag next first 2.0.0-rc.1",
      "npm @me/g packages/g access restricted",
    ],
    leftOut: [
      "package.json: it is private",
      "packages/h/package.json: npm does not take its name: it has capital letters",
      "packages/i/package.json: it has no name",
    ],
  },
  {
    name: "an addon with the platform packages that napi-rs made",
    files: {
      "package.json": npm("@me/addon", {
        napi: { targets: ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"] },
      }),
      "Cargo.toml": crate("me-addon", '[lib]\ncrate-type = ["cdylib"]\n'),
      "build.rs": "",
      "src/lib.rs": "",
      "index.js": "",
      "index.test.js": "",
      "__test__/x.js": "",
      "docs/x.md": "",
      "npm/linux-x64-gnu/package.json": npm("@me/addon-linux-x64-gnu", { os: ["linux"] }),
      "npm/darwin-arm64/package.json": npm("@me/addon-darwin-arm64"),
    },
    packages: [
      "npm @me/addon . paths package.json,Cargo.toml,build.rs,index.js,__test__/**,src/** build napi targets linux-x64-gnu,darwin-arm64",
    ],
    leftOut: [
      "Cargo.toml: it is what package.json builds, and its crate-type is cdylib alone",
      "npm/darwin-arm64/package.json: it is a platform package of @me/addon, made when that is published",
      "npm/linux-x64-gnu/package.json: it is a platform package of @me/addon, made when that is published",
    ],
  },
  {
    name: "a tool with platform packages that somebody wrote by hand",
    files: {
      "tool/package.json": npm("tool", { bin: "tool.js" }),
      "tool/npm/a/package.json": npm("tool-linux-x64", { os: ["linux"], cpu: ["x64"] }),
      "tool/npm/b/package.json": npm("tool-win32-x64", { os: ["win32"], cpu: ["x64"] }),
      "addon/package.json": npm("addon"),
      "addon/a/package.json": npm("addon-darwin-arm64", { cpu: ["arm64"], main: "x.node" }),
      "other/package.json": npm("tool-android-arm64"),
    },
    packages: [
      "npm addon addon build napi targets darwin-arm64",
      "npm tool-android-arm64 other",
      "npm tool tool build bundled-cli targets linux-x64,win32-x64",
    ],
    leftOut: [
      "addon/a/package.json: it is a platform package of addon, made when that is published",
      "tool/npm/a/package.json: it is a platform package of tool, made when that is published",
      "tool/npm/b/package.json: it is a platform package of tool, made when that is published",
    ],
  },
  {
    name: "an addon whose platform packages are in a scope, as rollup's",
    files: {
      "package.json": npm("rollup", {
        napi: {
          name: "rollup",
          package: { name: "@rollup/rollup" },
          triples: {
            defaults: false,
            additional: ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"],
          },
        },
      }),
      "npm/linux-x64-gnu/package.json": npm("@rollup/rollup-linux-x64-gnu", { os: ["linux"] }),
    },
    packages: [
      "npm rollup . paths package.json build napi platform_name @rollup/rollup-{target} targets linux-x64-gnu,darwin-arm64",
    ],
    leftOut: [
      "npm/linux-x64-gnu/package.json: it is a platform package of rollup, made when that is published",
    ],
  },
  {
    name: "an addon whose platform packages have names that napi-rs is not told",
    files: {
      "package.json": npm("rollup", {
        napi: {
          binaryName: "rollup",
          targets: ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"],
        },
        optionalDependencies: {
          "@rollup/rollup-linux-x64-gnu": "1.0.0",
          "@rollup/wasm": "1.0.0",
          "@rollup/rollup-darwin-arm64": "1.0.0",
        },
      }),
      "npm/a/package.json": npm("@rollup/rollup-linux-x64-gnu", {
        ...{ os: ["linux"], cpu: ["x64"], libc: ["glibc"] },
      }),
      "npm/b/package.json": npm("@rollup/rollup-darwin-arm64", { os: ["darwin"], cpu: ["arm64"] }),
    },
    packages: [
      "npm rollup . paths package.json build napi platform_name @rollup/rollup-{target} targets linux-x64-gnu,darwin-arm64",
    ],
    leftOut: ["a", "b"].map((folder) =>
      `npm/${folder}/package.json: it is a platform package of rollup, made when that is published`
    ),
  },
  {
    name: "a package whose platform packages are made while it is published, as parcel's watcher",
    files: {
      "package.json": npm("@parcel/watcher", {
        optionalDependencies: {
          "@parcel/watcher-darwin-arm64": "1.0.0",
          "@parcel/watcher-linux-x64-glibc": "1.0.0",
          "@parcel/watcher-win32-x64": "1.0.0",
          "@other/thing-linux-x64": "1.0.0",
          "fsevents": "2.0.0",
        },
      }),
    },
    packages: ["npm @parcel/watcher . paths package.json"],
    notes: [
      "package.json brings along @parcel/watcher-darwin-arm64, @parcel/watcher-win32-x64, which look like its platform packages, and no manifest of them is here: it is declared without them; where they are published from here, give it build, targets and platform_name",
    ],
  },
  {
    name: "an addon with packages for more platforms than it names, as tailwind's",
    files: {
      "node/package.json": npm("@tailwindcss/oxide", {
        napi: {
          packageName: "@tailwindcss/oxide",
          targets: ["aarch64-apple-darwin", "wasm32-wasip1-threads"],
        },
        optionalDependencies: { "@tailwindcss/oxide-linux-x64-gnu": "workspace:*" },
      }),
      "node/npm/a/package.json": npm("@tailwindcss/oxide-linux-x64-gnu", { os: ["linux"] }),
      "node/npm/b/package.json": npm("@tailwindcss/oxide-wasm32-wasi", { cpu: ["wasm32"] }),
    },
    packages: [
      "npm @tailwindcss/oxide node build napi targets darwin-arm64,wasm32-wasi,linux-x64-gnu",
    ],
    leftOut: [
      "node/npm/a/package.json: it is a platform package of @tailwindcss/oxide, made when that is published",
      "node/npm/b/package.json: it is a platform package of @tailwindcss/oxide, made when that is published",
    ],
    notes: [
      "node/package.json does not name the target linux-x64-gnu, and node/npm/a/package.json is a package for it: it is declared too",
    ],
  },
  {
    name: "a tool whose platform packages begin otherwise, as biome's",
    files: {
      "biome/package.json": npm("@biomejs/biome", {
        bin: "bin/biome",
        optionalDependencies: {
          "@biomejs/cli-linux-x64": "1.0.0",
          "@biomejs/cli-linux-x64-musl": "1.0.0",
          "@biomejs/cli-darwin-arm64": "1.0.0",
        },
      }),
      "a/package.json": npm("@biomejs/cli-linux-x64", {
        os: ["linux"],
        cpu: ["x64"],
        libc: ["glibc"],
      }),
      "b/package.json": npm("@biomejs/cli-linux-x64-musl", {
        os: ["linux"],
        cpu: ["x64"],
        libc: ["musl"],
      }),
      "c/package.json": npm("@biomejs/cli-darwin-arm64", { os: ["darwin"], cpu: ["arm64"] }),
    },
    packages: [
      "npm @biomejs/biome biome build bundled-cli platform_name @biomejs/cli-{target} targets linux-x64-gnu=@biomejs/cli-linux-x64,linux-x64-musl,darwin-arm64",
    ],
    leftOut: ["a", "b", "c"].map((folder) =>
      `${folder}/package.json: it is a platform package of @biomejs/biome, made when that is published`
    ),
  },
  {
    name:
      "a tool whose platform packages are a scope, as esbuild's, and one for no machine that is known",
    files: {
      "esbuild/package.json": npm("esbuild", {
        bin: "bin/esbuild",
        optionalDependencies: {
          "@esbuild/linux-x64": "1.0.0",
          "@esbuild/win32-x64": "1.0.0",
          "@esbuild/z80": "1.0.0",
        },
      }),
      "a/package.json": npm("@esbuild/linux-x64", { os: ["linux"], cpu: ["x64"] }),
      "b/package.json": npm("@esbuild/win32-x64", { os: ["win32"], cpu: ["x64"] }),
      "c/package.json": npm("@esbuild/z80", { os: ["cpm"], cpu: ["z80"] }),
    },
    packages: [
      "npm @esbuild/z80 c",
      "npm esbuild esbuild build bundled-cli platform_name @esbuild/{target} targets linux-x64,win32-x64 after @esbuild/z80",
    ],
    leftOut: ["a", "b"].map((folder) =>
      `${folder}/package.json: it is a platform package of esbuild, made when that is published`
    ),
  },
  {
    name: "a package that brings along one for a system, which is no platform's program",
    files: {
      "a/package.json": npm("watch", { optionalDependencies: { "watch-mac": "1.0.0" } }),
      "b/package.json": npm("watch-mac", { os: ["darwin"] }),
    },
    packages: ["npm watch a after watch-mac", "npm watch-mac b"],
  },
  {
    name: "an addon whose platform packages are called what npm takes for no name",
    files: {
      "a/package.json": npm("a", {
        napi: { packageName: "A b", targets: ["aarch64-apple-darwin"] },
      }),
    },
    packages: ["npm a a build napi targets darwin-arm64"],
    notes: ["a/package.json calls its platform packages A b-…, which npm takes for no name"],
  },
  {
    name: "an addon that names no targets, or odd ones",
    files: {
      "a/package.json": npm("a", { devDependencies: { "@napi-rs/cli": "^3" } }),
      "b/package.json": npm("b", { dependencies: { "@napi-rs/canvas": "^0.1" } }),
      "c/package.json": npm("c", { napi: { packageName: "@c/c", targets: ["z80"] } }),
    },
    packages: [
      "npm a a build napi targets linux-x64-gnu,linux-arm64-gnu,darwin-x64,darwin-arm64,win32-x64-msvc",
      "npm b b",
      "npm c c build napi platform_name @c/c-{target} targets linux-x64-gnu,linux-arm64-gnu,darwin-x64,darwin-arm64,win32-x64-msvc",
    ],
    notes: ['the target "z80" of c/package.json is not known'],
  },
  {
    name: "a crate, its wheel and its addon, all of one name",
    files: {
      "Cargo.toml": crate("demo", '[lib]\ncrate-type = ["cdylib", "rlib"]\n'),
      "pyproject.toml": '[project]\nname = "demo"\ndynamic = ["version"]\n' + backend("maturin"),
      "src/lib.rs": "",
      "python/demo/__init__.py": "",
      "tests/x.py": "",
      "js/package.json": npm("demo", { version: "1.0.0" }),
    },
    packages: [
      "crates demo-rust . crate demo paths Cargo.toml,python/**,src/**",
      `pypi demo-py . pypi demo paths pyproject.toml,Cargo.toml,python/**,src/** build maturin ${WHEELS} after demo-rust`,
      "npm demo-js js npm demo first 1.0.0",
    ],
  },
  {
    name: "a wheel of crates that are not published, and of one that is",
    files: {
      "core/Cargo.toml": crate("core-lib"),
      "inner/Cargo.toml": crate(
        "inner",
        'publish = false\n[dependencies]\nx = { path = "../core" }\n',
      ),
      "binding/Cargo.toml":
        '[package]\nname = "binding"\nversion = "2.0.0"\npublish = false\n[dependencies]\nx = { path = "../inner" }\n',
      "py/pyproject.toml": '[project]\nname = "demo"\ndynamic = ["version"]\n' +
        backend("maturin") + '[tool.maturin]\nmanifest-path = "../binding/Cargo.toml"\n',
    },
    packages: [
      "crates core-lib core",
      `pypi demo py paths py/**,binding/**,inner/** build maturin ${WHEELS} after core-lib first 2.0.0`,
    ],
    leftOut: [
      "binding/Cargo.toml: its publish is false",
      "inner/Cargo.toml: its publish is false",
    ],
  },
  {
    name: "circles, of which the weak side gives way",
    files: {
      "core/package.json": npm("core", { dependencies: { plugin: "*" } }),
      "plugin/package.json": npm("plugin", { peerDependencies: { core: "*" } }),
      "a/package.json": npm("a", { dependencies: { b: "*", a: "*" } }),
      "b/package.json": npm("b", { dependencies: { a: "*" } }),
    },
    packages: [
      "npm a a after b",
      "npm b b",
      "npm core core after plugin",
      "npm plugin plugin",
    ],
    notes: [
      "b/package.json needs a, which needs it in turn: its depends_on leaves that out",
      "plugin/package.json needs core, which needs it in turn: its depends_on leaves that out",
    ],
  },
  {
    name: "a package whose folder holds others, at the root and below it",
    files: {
      "Cargo.toml": `${crate("root")}[workspace]\nmembers = ["js/*"]\n`,
      "src/main.rs": "",
      "build.rs": "",
      "assets/x": "",
      "docs/x": "",
      ".github/x": "",
      "website/package.json": npm("website", { private: true }),
      "js/package.json": npm("js"),
      "js/index.js": "",
      "js/eslint.config.js": "",
      "js/lib/x.js": "",
      "js/nested/package.json": npm("nested"),
    },
    packages: [
      "crates root . paths Cargo.toml,build.rs,assets/**,src/**",
      "npm js js paths js/package.json,js/index.js,js/lib/**",
      "npm nested js/nested",
    ],
    leftOut: ["website/package.json: it is private"],
  },
  {
    name: "names that cannot stand as they are",
    files: {
      "a/package.json": npm("@me/a__b"),
      "b/package.json": npm("a..b"),
      "c/package.json": npm("@me/c.lock"),
      "d/pyproject.toml": project("x"),
      "e/package.json": npm("x-wheel-any"),
      "f/package.json": npm("x-v1.0.0-y"),
      "g/package.json": npm("x-js"),
      "h/package.json": npm("x"),
    },
    packages: [
      "pypi x-py d pypi x",
      "npm @me/a_b a npm @me/a__b",
      "npm a.b b npm a..b",
      "npm @me/c.lock c",
      "npm x-wheel-any e",
      "npm x-v1.0.0-y f",
      "npm x-js g",
      "npm js-x h npm x",
    ],
  },
  {
    name: "names that would be taken for another's artifacts or tags",
    files: {
      "a/pyproject.toml": project("y"),
      "b/package.json": npm("y-wheel-any"),
      "c/package.json": npm("z"),
      "d/package.json": npm("z-v1.0.0-a"),
    },
    packages: [
      "pypi y a",
      "npm js-y-wheel-any b npm y-wheel-any",
      "npm z c",
      "npm js-z-v1.0.0-a d npm z-v1.0.0-a",
    ],
  },
  {
    name: "names that two manifests of one kind share",
    files: {
      "a/Cargo.toml": crate("my_crate"),
      "b/c/Cargo.toml": crate("my-crate"),
      "a/pyproject.toml": project("My.Project"),
      "b/pyproject.toml": project("my-project"),
    },
    packages: ["crates my_crate a", "pypi My.Project a"],
    leftOut: [
      "b/c/Cargo.toml: a/Cargo.toml has the same name",
      "b/pyproject.toml: a/pyproject.toml has the same name",
    ],
  },
  {
    name: "samples, what tools made, and folders that cannot be written",
    files: {
      "package.json": npm("demo"),
      "node_modules/x/package.json": npm("x"),
      "target/package/x/Cargo.toml": crate("x"),
      "dist/package.json": npm("x"),
      ".venv/x/pyproject.toml": project("x"),
      ".hidden/package.json": npm("x"),
      "tests/fixtures/a/package.json": npm("fixture"),
      "Examples/a/Cargo.toml": crate("example"),
      "app/[id]/package.json": npm("odd"),
      "app/(group)/{a}/package.json": npm("even"),
    },
    packages: [
      "npm demo . paths package.json",
      "npm even app/(group)/{a} paths app/\\(group\\)/\\{a\\}/**",
    ],
    leftOut: [
      "Examples/a/Cargo.toml: it lies below a folder Examples",
      'app/[id]/package.json: its folder cannot be written as a path: it holds "["',
      "tests/fixtures/a/package.json: it lies below a folder tests",
    ],
  },
  {
    name: "manifests that cannot be read",
    files: {
      "a/Cargo.toml": '[package]\nname = "a\n',
      "b/package.json": '{\n  "name": "b",\n}\n',
      "c/package.json": "[]",
      "d/package.json": `\uFEFF${npm("d")}`,
    },
    packages: ["npm d d"],
    warnings: [
      "a/Cargo.toml:2:10: Cannot read a/Cargo.toml as TOML",
      "b/package.json:3:1: Cannot read b/package.json as JSON",
      "c/package.json:1: Cannot read c/package.json: it is not an object",
    ],
  },
];

interface Document {
  readonly left_out: readonly { readonly manifest: string; readonly reason: string }[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** One package in the words of the rows. */
function say(pkg: ReturnType<typeof parseConfig>["packages"][number]): string {
  const { kind, name, path, registryName, paths, dependsOn, firstVersion } = pkg;
  const own = kind === "crates" ? "crate" : kind;
  const build = "build" in pkg ? pkg.build : "";
  const targets = targetsOf(pkg).map(({ triple, packageName }) =>
    packageName === undefined ? triple : `${triple}=${packageName}`
  );
  return [
    `${kind} ${name} ${path}`,
    ...registryName === name ? [] : [`${own} ${registryName}`],
    ...paths.join() === `${path}/**` ? [] : [`paths ${paths.join()}`],
    ...kind === "npm" && pkg.access !== "public" ? [`access ${pkg.access}`] : [],
    ...kind === "npm" && pkg.distTag !== "latest" ? [`tag ${pkg.distTag}`] : [],
    ...["", "none", "setuptools"].includes(build) ? [] : [`build ${build}`],
    ...pkg.kind !== "npm" || pkg.platformName === undefined
      ? []
      : [`platform_name ${pkg.platformName}`],
    ...targets.length === 0 ? [] : [`targets ${targets.join()}`],
    ...dependsOn.length === 0 ? [] : [`after ${dependsOn.join()}`],
    ...firstVersion === "0.1.0" ? [] : [`first ${firstVersion}`],
  ].join(" ");
}

for (const { name, files, packages, leftOut = [], notes = [], warnings = [] } of ROWS) {
  test(`init declares ${name}`, async () => {
    await using folder = await tempFolder(files);
    const host = testHost({ cwd: folder.path });
    equal(await main({ argv: ["init", "--json"], makeHost: () => host, isTTY: false }), 0);
    const text = await readFile(join(folder.path, "putitoutthere.toml"), "utf8");
    deepEqual(parseConfig(text, "putitoutthere.toml").packages.map(say), packages);
    const document: Document = JSON.parse(host.written.stdout);
    deepEqual(document.left_out.map(({ manifest, reason }) => `${manifest}: ${reason}`), leftOut);
    deepEqual(document.notes, notes);
    equal(document.warnings.length, warnings.length, document.warnings.join("\n"));
    warnings.forEach((one, at) =>
      ok(document.warnings[at]!.startsWith(one), document.warnings[at])
    );
  });
}
