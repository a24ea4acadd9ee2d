/** Versions that maturin takes from Cargo.toml are written there, and variables that cannot be one value are told. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { Failure } from "../../../src/error.ts";
import { PYPI_VERSIONS } from "../../../src/registry/pypi/pypi_versions.ts";
import type { VersionTexts } from "../../../src/registry/version_writer.ts";
import { pypiPackage } from "../../support/pypi_release.ts";
import { tempFolder } from "../../support/temp.ts";
import { needs, programEnv } from "../../support/tools.ts";

const run = promisify(execFile);

const PYPROJECT = '[build-system]\nrequires = ["maturin>=1"]\nbuild-backend = "maturin"\n' +
  '[project]\nname = "demo"\ndynamic = ["version"]\n';
const crate = (name: string, version: string, more = ""): string =>
  `[package]\nname = "${name}"\n${version}\nedition = "2021"\n${more}`;
const OWN = 'version = "0.0.0"';
const SHARED = "version.workspace = true";

interface Made extends VersionTexts {
  /** The texts by paths relative to the root. */
  readonly files: Readonly<Record<string, string>>;
}

async function write(
  tree: Readonly<Record<string, string>>,
  { versions = { demo: "1.2.0-rc.1" }, made = {} }: {
    readonly versions?: Readonly<Record<string, string>>;
    readonly made?: Readonly<Record<string, string>>;
  } = {},
): Promise<Made> {
  await using folder = await tempFolder(tree);
  const texts = await PYPI_VERSIONS.write({
    host: { env: {} },
    root: folder.path,
    releases: Object.entries(versions).map(([name, version]) => ({
      package: { ...pypiPackage(name), path: name },
      version,
    })),
    standing: [],
    made: new Map(Object.entries(made).map(([path, text]) => [`${folder.path}/${path}`, text])),
  });
  const files = [...texts.texts].map(([path, text]) =>
    [path.slice(folder.path.length + 1), text] as const
  );
  return { ...texts, files: Object.fromEntries(files) };
}

const ODD = '\uFEFF# the crate\r\n[package] # here\r\nname = "demo"\r\n' +
  "version   =   '0.0.0'   # set by the release\r\n[lib]\r\ncrate-type = ['cdylib']";

for (
  const [name, tree, files] of [
    ["the crate beside pyproject.toml, whose other bytes stay", {
      "demo/pyproject.toml": PYPROJECT,
      "demo/Cargo.toml": ODD,
    }, { "demo/Cargo.toml": ODD.replace("'0.0.0'", "'1.2.0-rc.1'") }],
    ["the crate in rust/", {
      "demo/pyproject.toml": PYPROJECT,
      "demo/rust/Cargo.toml": crate("demo", OWN),
    }, { "demo/rust/Cargo.toml": crate("demo", 'version = "1.2.0-rc.1"') }],
    ["the one that manifest-path names", {
      "demo/pyproject.toml":
        `${PYPROJECT}[tool.maturin]\nmanifest-path = "../crates/x/Cargo.toml"\n`,
      "demo/Cargo.toml": crate("other", OWN),
      "crates/x/Cargo.toml": 'package = { name = "x", version = "0.1.0", edition = "2021" }\n',
    }, {
      "crates/x/Cargo.toml": 'package = { name = "x", version = "1.2.0-rc.1", edition = "2021" }\n',
    }],
    ["a project without [project]", {
      "demo/pyproject.toml": '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n',
      "demo/Cargo.toml": crate("demo", OWN),
    }, { "demo/Cargo.toml": crate("demo", 'version = "1.2.0-rc.1"') }],
    ["a version that the workspace hands down, in whatever notation", {
      "demo/pyproject.toml": PYPROJECT,
      "demo/Cargo.toml": crate("demo", "version = { workspace = true } # shared"),
      "Cargo.toml":
        '[workspace]\nmembers = ["demo"]\n[workspace.package]\nversion = "0.1.0" # one\n',
    }, {
      "Cargo.toml":
        '[workspace]\nmembers = ["demo"]\n[workspace.package]\nversion = "1.2.0-rc.1" # one\n',
    }],
    ["nothing where it is written already", {
      "demo/pyproject.toml": PYPROJECT,
      "demo/Cargo.toml": crate("demo", 'version = "1.2.0-rc.1"'),
    }, {}],
    ["pyproject.toml alone where the version is static there", {
      "demo/pyproject.toml": PYPROJECT.replace('dynamic = ["version"]', 'version = "0.0.0"'),
      "demo/Cargo.toml": crate("demo", OWN),
    }, {
      "demo/pyproject.toml": PYPROJECT.replace('dynamic = ["version"]', 'version = "1.2.0rc1"'),
    }],
  ] as const
) {
  test(`maturin's version is written into ${name}`, async () => {
    const made = await write(tree);
    assert.deepEqual(made.files, files);
    assert.deepEqual(made.notes, []);
  });
}

test("a project of maturin without a Cargo.toml that has a version is told, and so is bad TOML", async () => {
  const none = await write({ "demo/pyproject.toml": PYPROJECT });
  assert.match(
    none.notes.join(),
    /demo is dynamic .* maturin takes it from a Cargo\.toml, and none is found that has it$/,
  );
  const bare = await write({
    "demo/pyproject.toml": PYPROJECT,
    "demo/Cargo.toml": "[workspace]\n",
  });
  assert.equal(bare.notes.length, 1);
  await assert.rejects(
    write({ "demo/pyproject.toml": PYPROJECT, "demo/Cargo.toml": "[package\n" }),
    (error) => error instanceof Failure && error.code === "PIOT_CRATES_MANIFEST",
  );
});

test("what the crate's own release writes is kept, and told where it is another version", async () => {
  const tree = { "demo/pyproject.toml": PYPROJECT, "demo/Cargo.toml": crate("demo", OWN) };
  const made = (version: string) => ({
    made: { "demo/Cargo.toml": crate("demo", `version = "${version}"`) },
  });
  const same = await write(tree, made("1.2.0-rc.1"));
  assert.deepEqual([same.files, same.notes], [{}, []]);
  const other = await write(tree, made("0.9.0"));
  assert.deepEqual(other.files, {});
  assert.match(
    other.notes.join(),
    /the crate demo, which is written at 0\.9\.0 for its own release: build the two by their own rows$/,
  );
});

test("two projects that would set one variable to two values get none, with a sentence", async () => {
  const scm = (name: string): string =>
    `[build-system]\nrequires = ["setuptools-scm>=8"]\n[project]\nname = "${name}"\ndynamic = ["version"]\n`;
  const tree = { "a/pyproject.toml": scm("a"), "b/pyproject.toml": scm("b") };
  const torn = await write(tree, { versions: { a: "1.0.0", b: "2.0.0" } });
  assert.deepEqual([...torn.variables!], []);
  assert.match(
    torn.notes.at(-1)!,
    /^SETUPTOOLS_SCM_PRETEND_VERSION is not set, since it would have to be 1\.0\.0 for a and 2\.0\.0 for b: /,
  );
  const same = await write(tree, { versions: { a: "1.0.0", b: "1.0.0" } });
  assert.deepEqual([...same.variables!], [["SETUPTOOLS_SCM_PRETEND_VERSION", "1.0.0"]]);
});

test(
  "cargo takes what is written for a workspace: requirements and Cargo.lock follow",
  await needs("cargo"),
  async () => {
    const tree = {
      "py/pyproject.toml": `${PYPROJECT}[tool.maturin]\nmanifest-path = "../rs/bind/Cargo.toml"\n`,
      "Cargo.toml": '[workspace]\nresolver = "2"\nmembers = ["rs/*"]\nexclude = ["rs/out"]\n' +
        '[workspace.package]\nversion = "0.1.0"\n[workspace.dependencies]\n' +
        'low = { path = "rs/low", version = "0.1" }\n',
      "rs/low/Cargo.toml": crate("low", SHARED),
      "rs/low/src/lib.rs": "",
      "rs/bind/Cargo.toml": crate("bind", SHARED, "[dependencies]\nlow.workspace = true\n"),
      "rs/bind/src/lib.rs": "",
      "rs/own/Cargo.toml": crate("own", 'version = "7.0.0"'),
      "rs/own/src/lib.rs": "",
      "rs/out/Cargo.toml": crate("out", 'version = "3.0.0"'),
    };
    await using folder = await tempFolder(tree);
    const env = await programEnv();
    const cargo = async (...args: readonly string[]): Promise<string> =>
      (await run("cargo", [...args], { cwd: folder.path, env })).stdout;
    await cargo("generate-lockfile", "--offline");
    const { texts, notes } = await PYPI_VERSIONS.write({
      host: { env: {} },
      root: folder.path,
      releases: [{ package: { ...pypiPackage("py"), path: "py" }, version: "2.0.0" }],
      standing: [],
    });
    assert.deepEqual(notes, []);
    assert.deepEqual([...texts.keys()].map((path) => path.slice(folder.path.length + 1)).sort(), [
      "Cargo.lock",
      "Cargo.toml",
    ]);
    for (const [path, text] of texts) await writeFile(path, text);
    const metadata = JSON.parse(
      await cargo("metadata", "--offline", "--locked", "--format-version=1"),
    ) as {
      readonly packages: readonly { readonly name: string; readonly version: string }[];
    };
    assert.deepEqual(
      Object.fromEntries(metadata.packages.map(({ name, version }) => [name, version])),
      { low: "2.0.0", bind: "2.0.0", own: "7.0.0" },
    );
    assert.match(await readFile(join(folder.path, "Cargo.toml"), "utf8"), /version = "2\.0" \}/);
  },
);
