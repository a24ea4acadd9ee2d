import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "smol-toml";
import { readPyproject, setPyprojectVersion } from "../../../src/core/manifest/pyproject.ts";
import { Failure } from "../../../src/error.ts";

const FILE = "py/pyproject.toml";

function set(text: string, version = "2.0.0"): string {
  return setPyprojectVersion(text, { version, file: FILE });
}

/** `<…>` marks the version's text, which is all that may change. */
for (
  const { name, text } of [
    { name: "the usual table", text: '[project]\nname = "demo"\nversion = <"1.0.0">\n' },
    {
      name: "a comment behind it",
      text: '[project]\nversion = <"1.0.0">  # x-release "1.0.0"\nname = "demo"\n',
    },
    { name: "single quotes", text: "[project]\nname = 'demo'\nversion = <'1.0.0'>\n" },
    {
      name: "aligned signs",
      text: '[project]\nname    = "demo"\nversion = <"1.0.0">\nlicense = "MIT"\n',
    },
    {
      name: "no blanks and no line end at the end",
      text: '[project]\nname="demo"\nversion=<"1.0.0">',
    },
    { name: "CRLF", text: '[project]\r\nname = "demo"\r\nversion = <"1.0.0">\r\n\r\n[tool.x]\r\n' },
    { name: "a byte order mark", text: '\uFEFF[project]\nname = "demo"\nversion = <"1.0.0">\n' },
    { name: "a dotted key", text: 'project.name = "demo"\nproject.version = <"1.0.0">\n' },
    { name: "an inline table", text: 'project = { name = "demo", version = <"1.0.0"> }\n' },
    { name: "a quoted key", text: '[project]\n"name" = "demo"\n"version" = <"1.0.0">\n' },
    { name: "a quoted table", text: '["project"]\nname = "demo"\nversion = <"1.0.0">\n' },
    {
      name: "an array of tables and versions of others above it",
      text: '[tool.poetry]\nversion = "0.0.1"\n[[tool.uv.index]]\nversion = "7"\n[build-system]\n' +
        'requires = ["a"]\n[project]\nauthors = [\n  { name = "version = 1" },\n]\nname = "demo"\nversion = <"1.0.0">\n' +
        '[tool.bumpversion]\nversion = "1.0.0"\ncurrent_version = "1.0.0"\n',
    },
    {
      name: "the word in a text of several lines",
      text:
        '[project]\nname = "demo"\ndescription = """\nversion = "1.0.0"\n"""\nversion = <"1.0.0">\n',
    },
    { name: "Poetry before 2", text: '[tool.poetry]\nname = "demo"\nversion = <"1.0.0">\n' },
    {
      name: "Poetry 2 with a dynamic project",
      text:
        '[project]\nname = "demo"\ndynamic = ["dependencies"]\nversion = <"1.0.0">\n[tool.poetry]\n',
    },
    {
      name: "Poetry 2 with its version in its own table",
      text: '[project]\nname = "demo"\ndynamic = ["version"]\n[tool.poetry]\nversion = <"1.0.0">\n',
    },
    {
      name: "maturin with a version of its own",
      text:
        '[build-system]\nbuild-backend = "maturin"\n[project]\nname = "demo"\nversion = <"1.0.0">\n',
    },
  ]
) {
  test(`setPyprojectVersion() changes one value and keeps every other byte: ${name}`, () => {
    const before = text.replace(/<(["'])(.*)\1>/, "$1$2$1");
    const after = text.replace(/<(["'])(.*)\1>/, "$12.0.0$1");
    assert.equal(set(before), after);
    assert.doesNotThrow(() => parse(after.replace(/^\uFEFF/, "")));
    assert.deepEqual(readPyproject(after, FILE).source, { kind: "static", version: "2.0.0" });
    assert.equal(readPyproject(after, FILE).name, "demo");
  });
}

test("setPyprojectVersion() writes Python's spelling of a pre-release, and refuses what has none", () => {
  const text = '[project]\nname = "demo"\nversion = "1.0.0"\n';
  assert.match(set(text, "2.0.0-rc.1"), /version = "2\.0\.0rc1"/);
  assert.throws(() => set(text, "2.0.0-next.1"), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_VERSION_UNMAPPABLE");
    return true;
  });
});

const DYNAMIC = '[project]\nname = "demo"\ndynamic = ["version", "readme"]\n';
for (
  const { name, text, source } of [
    {
      name: "setuptools-scm",
      text: `[build-system]\nrequires = ["setuptools>=80", "setuptools-scm>=8"]\n${DYNAMIC}`,
      source: { kind: "scm", variable: "SETUPTOOLS_SCM_PRETEND_VERSION" },
    },
    {
      name: "hatch-vcs",
      text:
        `[build-system]\nrequires = ["hatchling", "hatch-vcs"]\nbuild-backend = "hatchling.build"\n${DYNAMIC}`,
      source: { kind: "scm", variable: "SETUPTOOLS_SCM_PRETEND_VERSION" },
    },
    {
      name: "pdm's scm",
      text: `${DYNAMIC}[tool.pdm.version]\nsource = "scm"\n`,
      source: { kind: "scm", variable: "PDM_BUILD_SCM_VERSION" },
    },
    {
      name: "maturin",
      text: `[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n${DYNAMIC}`,
      source: { kind: "cargo" },
    },
    {
      name: "maturin without a project table",
      text: '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n',
      source: { kind: "cargo" },
    },
    {
      name: "setuptools with attr",
      text: `${DYNAMIC}[tool.setuptools.dynamic]\nversion = { attr = "demo.__version__" }\n`,
      source: { kind: "backend" },
    },
    {
      name: "setup.cfg alone",
      text: '[build-system]\nrequires = ["setuptools"]\n',
      source: { kind: "backend" },
    },
    { name: "nothing", text: "", source: { kind: "backend" } },
  ]
) {
  test(`a dynamic version is left alone, and its source known: ${name}`, () => {
    assert.equal(set(text), text);
    assert.deepEqual(readPyproject(text, FILE).source, source);
  });
}

for (
  const { name, text, says, line } of [
    {
      name: "written and dynamic at once",
      text: '[project]\nversion = "1"\ndynamic = ["version"]\n',
      says: /has a version and lists "version" in dynamic$/,
      line: undefined,
    },
    {
      name: "nowhere",
      text: '[project]\nname = "demo"\n',
      says: /\[project\] has no version$/,
      line: undefined,
    },
    {
      name: "in broken TOML",
      text: '[project]\nversion = "1\n',
      says: /it is not valid TOML$/,
      line: 2,
    },
    {
      name: "there twice",
      text: '[project]\nversion = "1"\nversion = "2"\n',
      says: /it is not valid TOML$/,
      line: 3,
    },
  ]
) {
  test(`a version that is ${name} is a mistake of the file`, () => {
    assert.throws(() => set(text), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_PYPROJECT_INVALID");
      assert.match(error.message, says);
      assert.equal(error.location?.file, FILE);
      if (line !== undefined) assert.equal(error.location?.line, line);
      return true;
    });
  });
}

for (
  const { name, text, kind } of [
    {
      name: "a comment in dynamic",
      text:
        '[project]\nname = "a"\nversion = "1.0.0"\ndynamic = [ # "version" is static\n  "readme",\n]\n',
      kind: "static",
    },
    {
      name: "a comment in requires",
      text:
        '[project]\nname = "a"\ndynamic = ["version"]\n[build-system]\nrequires = ["setuptools", # not setuptools-scm\n]\n',
      kind: "backend",
    },
    {
      name: "a longer name in requires",
      text:
        '[project]\nname = "a"\ndynamic = ["version"]\n[build-system]\nrequires = ["my-setuptools-scm-like"]\n',
      kind: "backend",
    },
    {
      name: "another spelling in requires",
      text:
        '[project]\nname = "a"\ndynamic = ["version"]\n[build-system]\nrequires = ["Setuptools_SCM[toml]>=8"]\n',
      kind: "scm",
    },
  ] as const
) {
  test(`readPyproject() reads strings and no comments: ${name}`, () => {
    assert.equal(readPyproject(text, "pyproject.toml").source.kind, kind);
  });
}
