import { deepEqual, equal } from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { CONFIG, RELEASE } from "../../support/doctor_facts.ts";
import { runDoctor } from "../../support/doctor_run.ts";
import { needs } from "../../support/tools.ts";

const PROJECT = `[build-system]
requires = ["maturin"]
build-backend = "maturin"

[project]
name = "demo-py"
version = "0.1.0"
license = "MIT"
[project.urls]
Repository = "https://github.com/ada/demo"
`;
const PACKAGE = {
  name: "demo-js",
  version: "0.1.0",
  license: "MIT",
  repository: "github:ada/demo",
};
const FILES = {
  "putitoutthere.toml": CONFIG,
  ".github/workflows/release.yml": RELEASE,
  "py/pyproject.toml": PROJECT,
  "js/package.json": JSON.stringify(PACKAGE),
};
const env = { GITHUB_REPOSITORY: "ada/demo" };
const json = (changes: object): Record<string, string> => ({
  "js/package.json": JSON.stringify({ ...PACKAGE, ...changes }),
});
const BUNDLE = `${
  CONFIG.replace(
    '[[package]]\nname = "demo-js"',
    '[package.bundle_cli]\nbin = "demo"\nstage_to = "demo_py/bin"\ncrate_path = "cli"\n\n[[package]]\nname = "demo-js"',
  )
}`;

const CLI = { "cli/Cargo.toml": '[package]\nname = "demo"\n', "cli/src/main.rs": "" };
const INCLUDED = {
  "putitoutthere.toml": BUNDLE,
  "py/pyproject.toml":
    `${PROJECT}[tool.maturin]\ninclude = [{ path = "demo_py/bin/*", format = "wheel" }]\n`,
};

const ROWS: readonly {
  readonly name: string;
  readonly files: Readonly<Record<string, string | undefined>>;
  readonly found: readonly string[];
}[] = [
  { name: "manifests in order", files: {}, found: [] },
  {
    name: "another name on npm",
    files: json({ name: "other" }),
    found: ["manifest-publishable failed"],
  },
  {
    name: "a private package",
    files: json({ private: true }),
    found: ["manifest-publishable failed"],
  },
  { name: "no JSON", files: { "js/package.json": "{" }, found: ["manifest-publishable failed"] },
  {
    name: "no package.json",
    files: { "js/package.json": undefined },
    found: ["manifest-publishable failed"],
  },
  {
    name: "no licence and another repository",
    files: json({ license: undefined, repository: { url: "https://github.com/ada/other" } }),
    found: ["repository failed", "license warning"],
  },
  {
    name: "another project's name",
    files: { "py/pyproject.toml": PROJECT.replace('"demo-py"', '"other"') },
    found: ["manifest-publishable failed"],
  },
  {
    name: "the project's name in another spelling",
    files: { "py/pyproject.toml": PROJECT.replace('"demo-py"', '"Demo_Py"') },
    found: [],
  },
  {
    name: "another build backend",
    files: {
      "py/pyproject.toml": PROJECT.replace(
        'build-backend = "maturin"',
        'build-backend = "hatchling.build"',
      ),
    },
    found: ["manifest-publishable failed"],
  },
  {
    name: "no version",
    files: { "py/pyproject.toml": PROJECT.replace('version = "0.1.0"\n', "") },
    found: ["manifest-publishable failed"],
  },
  {
    name: "no licence of a project",
    files: { "py/pyproject.toml": PROJECT.replace('license = "MIT"\n', "") },
    found: ["license warning"],
  },
  {
    name: "a staged program that maturin leaves out",
    files: { "putitoutthere.toml": BUNDLE, ...CLI },
    found: ["build-fits warning"],
  },
  {
    name: "a staged program that maturin takes along",
    files: { ...INCLUDED, ...CLI },
    found: [],
  },
  {
    name: "a staged program of another name",
    files: { ...INCLUDED, ...CLI, "cli/Cargo.toml": '[package]\nname = "other"\n' },
    found: ["build-fits failed"],
  },
  {
    name: "a staged program that is declared",
    files: { ...INCLUDED, "cli/Cargo.toml": '[[bin]]\nname = "demo"\npath = "x.rs"\n' },
    found: [],
  },
  {
    name: "a staged program below src/bin",
    files: { ...INCLUDED, "cli/Cargo.toml": "[package]\n", "cli/src/bin/demo.rs": "" },
    found: [],
  },
  { name: "a crate that is not there", files: INCLUDED, found: ["build-fits failed"] },
];

for (const { name, files, found } of ROWS) {
  test(`doctor reads manifests: ${name}`, async () => {
    const all = Object.entries({ ...FILES, ...files }).filter(([, text]) => text !== undefined);
    const { document } = await runDoctor(Object.fromEntries(all) as Record<string, string>, {
      env,
    });
    deepEqual(
      document.findings.map(({ check, weight }) => `${check} ${weight}`),
      found,
      JSON.stringify(document.findings, null, 1),
    );
  });
}

const CRATES = `[putitoutthere]
version = 1
[[package]]
name = "demo-core"
kind = "crates"
path = "core"
paths = ["core/**"]
[[package]]
name = "demo-cli"
kind = "crates"
path = "cli"
paths = ["cli/**"]
`;
const crate = (name: string, more: string): string =>
  `[package]\nname = "${name}"\nedition = "2021"\ndescription = "A demo"\nlicense = "MIT"\n${more}\n`;
const INHERITED = {
  "Cargo.toml": '[workspace]\nmembers = ["core", "cli"]\n[workspace.package]\nversion = "0.1.0"\n',
};
const inherits = (name: string): string => crate(name, "version.workspace = true");
const CRATE_FILES = {
  ".github/workflows/release.yml": RELEASE,
  "putitoutthere.toml": CRATES,
  ...INHERITED,
  "core/src/lib.rs": "",
  "cli/src/lib.rs": "",
  "core/Cargo.toml": inherits("demo-core"),
  "cli/Cargo.toml": inherits("demo-cli"),
};

test(
  "doctor reads crates by cargo: metadata, and versions that crates inherit without lockstep",
  await needs("cargo"),
  async () => {
    const { PATH, HOME, RUSTUP_HOME } = process.env;
    const options = { env: { ...env, PATH, HOME, RUSTUP_HOME } };
    const inherited = await runDoctor(CRATE_FILES, options);
    deepEqual(inherited.document.findings.map(({ check }) => check), ["versions-writable"]);
    const lockstep = CRATES.replaceAll("paths =", 'lockstep = "demo"\npaths =');
    const bare = crate("demo-cli", "version.workspace = true").replace('license = "MIT"\n', "");
    const together = await runDoctor({
      ...CRATE_FILES,
      "putitoutthere.toml": lockstep,
      "cli/Cargo.toml": bare,
    }, options);
    deepEqual(together.document.findings.map(({ check, message }) => [check, message]), [[
      "manifest-publishable",
      "Cannot publish demo-cli: Cargo.toml has no license",
    ]]);
  },
);

test("doctor cannot tell what cargo would say where there is none", async () => {
  const { status, document } = await runDoctor(CRATE_FILES, { env });
  equal(status, 0);
  equal(document.findings.every(({ weight }) => weight === "unknown"), true);
  equal(document.counts.unknown > 0, true);
});
