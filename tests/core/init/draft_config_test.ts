import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { KNOWN_KINDS, parseConfig } from "../../support/parse_config.ts";
import { type ConfigDraft, draftConfig } from "../../../src/core/init/draft_config.ts";
import { exampleConfig } from "../../../src/core/init/write_config.ts";
import { KIND_DRAFTS } from "../../../src/registry/kind_drafts.ts";
import { SCHEMA_LINE } from "../../../src/core/config/schema.ts";
import { KNOWN_TRIPLES } from "../../../src/core/target/target.ts";
import fc from "../../support/property.ts";

const EXAMPLE_CONFIG = exampleConfig(KIND_DRAFTS);

/** Drafts from files: path → text. */
function draft(files: Readonly<Record<string, string>>): ConfigDraft {
  const manifests = Object.entries(files).map(([file, text]) => ({
    file,
    bytes: new TextEncoder().encode(text),
  }));
  const known = KNOWN_KINDS;
  return draftConfig({ files: Object.keys(files), manifests, known, drafts: KIND_DRAFTS });
}

test("the example becomes a configuration of every kind when its lines are uncommented", () => {
  equal(EXAMPLE_CONFIG.split("\n")[0], SCHEMA_LINE);
  const text = EXAMPLE_CONFIG.replace(/^# /gm, "");
  const { packages } = parseConfig(text, "putitoutthere.toml");
  deepEqual(packages.map(({ kind }) => kind), ["crates", "pypi", "npm"]);
  for (const example of EXAMPLE_CONFIG.split(/^(?=# \[\[package\]\]$)/m).slice(1)) {
    const alone = EXAMPLE_CONFIG.replace(example, example.replace(/^# (?!depends_on)/gm, ""));
    equal(parseConfig(alone, "putitoutthere.toml").packages.length, 1);
  }
});

/** Names and texts that somebody wrote without thinking of TOML, tags, artifacts or globs. */
const word = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom("demo", "demo-py", "demo-js", "demo-rust", "demo-js-2", "Demo"),
  },
  fc.constantFrom("de_mo", "de-mo", "de__mo", "demo-v1.0.0-x", "demo-wheel-x", "demo-rust-v1.0.0"),
  fc.constantFrom("@me/demo", "@me/de__mo", "@~me/demo", "@me/demo-linux-x64-gnu", "..", ""),
  fc.constantFrom("demo.lock", "d..e", "-demo", "_demo", "a'b\"c\\d", "x\ny", "\u0000", "é", "💥"),
  fc.constantFrom("demo-pkg", "demo-main", "demo-sdist", "demo-crate", "node_modules"),
  fc.constantFrom(...KNOWN_TRIPLES).map((triple) => `demo-${triple}`),
  fc.string({ unit: "binary", maxLength: 8 }),
);
const folder = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(fc.constantFrom("a", "b", "c", "src", "{x,y}", "(g)", "!n", "@s"), {
      maxLength: 3,
    }).map((names) => names.map((name) => `${name}/`).join("")),
  },
  fc.constantFrom("[x]/", "a b/", " a/", "é/", "\"q'/", "a\\b/", "tests/x/", "x:y/", "\n/"),
);
const version = fc.constantFrom("0.0.0", "1.2.3", "2.0.0-rc.1", "1.0", "7", "1.0.0+x", "v1", "x");
const range = fc.constantFrom("^1", "workspace:*", "npm:demo@1", 'x"y');

const crate = fc.record({ name: word, version, path: folder }).map(({ name, version, path }) => [
  "Cargo.toml",
  `[package]\nname = ${JSON.stringify(name)}\nversion = "${version}"\n` +
  `[dependencies]\nx = { path = ${JSON.stringify(`../${path}`)} }\ny = { path = "../a" }\n`,
]);
const project = fc.record({
  name: word,
  version,
  needs: fc.array(word, { maxLength: 3 }),
  backend: fc.constantFrom(
    "setuptools.build_meta",
    "hatchling.build",
    "maturin",
    "flit_core.buildapi",
  ),
}).map(({ name, version, needs, backend }) => [
  "pyproject.toml",
  `[project]\nname = ${JSON.stringify(name)}\nversion = "${version}"\n` +
  `dependencies = ${JSON.stringify(needs)}\n[build-system]\nbuild-backend = "${backend}"\n`,
]);
const npmPackage = fc.record({
  name: word,
  version,
  needs: fc.dictionary(word, range, { maxKeys: 3 }),
  rest: fc.constantFrom(
    {},
    { napi: {} },
    { napi: { targets: ["x86_64-apple-darwin", "nowhere"] } },
    { os: ["linux"], main: "x.node" },
    { os: ["linux"] },
    { publishConfig: { access: "restricted", tag: "next" } },
    { publishConfig: { tag: "v1" } },
  ),
}).map(({ name, version, needs, rest }) => [
  "package.json",
  JSON.stringify({ name, version, dependencies: needs, ...rest }),
]);
const repository = fc.array(
  fc.tuple(folder, fc.oneof(crate, project, npmPackage)),
  { maxLength: 12 },
).map((all) => Object.fromEntries(all.map(([at, [file, text]]) => [`${at}${file}`, text!])));

test("a draft is a configuration, whatever manifests hold, and every manifest is accounted for", () => {
  fc.assert(
    fc.property(repository, (files) => {
      const { text, config, leftOut, unreadable } = draft(files);
      equal(text.split("\n")[0], SCHEMA_LINE);
      const declared = config?.packages ?? [];
      if (config === undefined) equal(text, EXAMPLE_CONFIG);
      else deepEqual(parseConfig(text, "putitoutthere.toml"), config);
      equal(declared.length + leftOut.length + unreadable.length, Object.keys(files).length);
      for (const { reason } of leftOut) ok(reason !== "");
    }),
    { numRuns: 1_000 },
  );
});

test("a draft does not depend on the order in which manifests are met", () => {
  fc.assert(
    fc.property(repository, (files) => {
      const turned = Object.fromEntries(Object.entries(files).reverse());
      equal(draft(turned).text, draft(files).text);
    }),
    { numRuns: 200 },
  );
});
