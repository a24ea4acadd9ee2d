import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../../src/error.ts";
import { joinFolder } from "../../../src/core/manifest/cargo_path.ts";
import {
  blankManaged,
  packageVersionSite,
  pathRequirements,
} from "../../../src/core/manifest/cargo_sites.ts";
import {
  leafAt,
  parseCargoToml,
  requote,
  spliceText,
} from "../../../src/core/manifest/cargo_toml.ts";

test("a mistake is shown with its file, line and text", () => {
  assert.throws(
    () => parseCargoToml("[package]\nname = = 1\n", "a/Cargo.toml"),
    (error: Failure) => {
      assert.equal(error.code, "PIOT_CRATES_MANIFEST");
      assert.equal(error.location?.file, "a/Cargo.toml");
      assert.equal(error.location?.line, 2);
      assert.equal(error.location?.excerpt, "name = = 1");
      return error instanceof Failure;
    },
  );
});

for (
  const { name, text } of [
    { name: "a string", text: '[package]\nversion = "1.0.0"\n' },
    { name: "a literal string", text: "[package]\nversion = '1.0.0'\n" },
    { name: "quoted keys", text: '["package"]\n"version" = "1.0.0"\n' },
    { name: "a dotted key at the top", text: 'package.version = "1.0.0"\n' },
    { name: "an inline table", text: 'package = { name = "a", version = "1.0.0" }\n' },
    { name: "a file with a byte order mark", text: '\uFEFF[package]\nversion = "1.0.0"\n' },
    {
      name: "a file with a TOML 1.1 table",
      text: '[package]\nversion = "1.0.0"\nx = {\n a = 1,\n}\n',
    },
  ]
) {
  test(`the version is found in ${name}, and replacing it keeps every other byte`, () => {
    const toml = parseCargoToml(text, "Cargo.toml");
    const site = packageVersionSite(toml);
    assert.equal(site?.kind, "own");
    const written = spliceText(toml.text, [requote(toml, site!.leaf, "2.5.0-rc.1")]);
    assert.equal(written, text.replace("1.0.0", "2.5.0-rc.1"));
  });
}

for (
  const { name, text } of [
    { name: "a dotted key", text: "[package]\nversion.workspace = true\n" },
    { name: "an inline table", text: "[package]\nversion = { workspace = true }\n" },
    { name: "a table", text: "[package]\n[package.version]\nworkspace = true\n" },
  ]
) {
  test(`an inherited version is known by ${name}`, () => {
    assert.equal(packageVersionSite(parseCargoToml(text, "Cargo.toml"))?.kind, "inherited");
  });
}

test("path requirements are found in every table and notation, and nowhere else", () => {
  const text = `
[dependencies]
inline = { path = "../inline", version = "1" }
dotted.path = "../dotted"
dotted.version = "2"
renamed = { package = "real", version = "3", path = "../renamed" }
"quoted" = { path = "../quoted", version = '4' }
pathless = { version = "9" }
versionless = { path = "../versionless" }
inherited.workspace = true
[dependencies.table]
version = "5"
path = "../table"
[dev-dependencies]
dev = { path = "../dev", version = "6" }
[build_dependencies]
build = { path = "../build", version = "7" }
[target.'cfg(unix)'.dependencies]
unix = { path = "../unix", version = "8" }
[target.x86_64-pc-windows-msvc.dev-dependencies.windows]
path = "../windows"
version = "9"
[workspace.dependencies]
shared = { path = "shared", version = "10" }
[package.metadata.dependencies]
not = { path = "../not", version = "11" }
[patch.crates-io]
patched = { path = "../patched", version = "12" }
`;
  const found = pathRequirements(parseCargoToml(text, "Cargo.toml"));
  assert.deepEqual(found.map(({ path, requirement }) => `${path} ${requirement}`), [
    "../inline 1",
    "../dotted 2",
    "../renamed 3",
    "../quoted 4",
    "../table 5",
    "../dev 6",
    "../build 7",
    "../unix 8",
    "../windows 9",
    "shared 10",
  ]);
});

test("manifests that differ by what a release writes have one blank, others have not", () => {
  const base =
    '[package]\nname = "a"\nversion.workspace = true # why\n[dependencies]\nb = { path = "../b", version = "0.1" }\n';
  const blank = (text: string): string => blankManaged(parseCargoToml(text, "Cargo.toml"));
  const written = base.replace("version.workspace = true", 'version = "1.0.0"').replace(
    "0.1",
    "0.2",
  );
  assert.equal(blank(written), blank(base));
  for (const edited of [base.replace("../b", "../c"), base.replace("why", ""), `${base}\n`]) {
    assert.notEqual(blank(edited), blank(base));
  }
});

test("a leaf that is not there is undefined", () => {
  assert.equal(leafAt(parseCargoToml("[package]\n", "Cargo.toml"), ["package", "name"]), undefined);
});

for (
  const [folder, path, joined] of [
    ["/w/b", "../a", "/w/a"],
    ["/w", ".", "/w"],
    ["/w/b", "./x/../y/", "/w/b/y"],
    ["/w/b", "/elsewhere/a", "/elsewhere/a"],
    ["C:\\w\\b", "..\\a", "C:/w/a"],
    ["/w", "C:/a", "C:/a"],
    ["/w", "..", "/"],
  ] as const
) {
  test(`${path} of ${folder} is ${joined}`, () => {
    assert.equal(joinFolder(folder, path), joined);
  });
}
