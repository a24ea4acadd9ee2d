import { followRequirement, isFollowing } from "../../../src/core/model/follow_requirement.ts";
import assert from "node:assert/strict";
import { win32 } from "node:path";
import { test } from "node:test";
import {
  blankManaged,
  joinFolder,
  packageVersionSite,
  pathRequirements,
  satisfiesRequirement,
} from "../../../src/core/manifest/cargo_sites.ts";
import { parseCargoToml } from "../../../src/core/manifest/cargo_toml.ts";
import fc from "../../support/property.ts";

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

for (
  const [requirement, version, followed] of [
    ["1.2.3", "2.3.4", "2.3.4"],
    ["^1.2.3", "2.3.4", "^2.3.4"],
    ["1.2", "2.3.4", "2.3"],
    ["1", "2.3.4", "2"],
    ["=1.2.3", "2.3.4", "=2.3.4"],
    ["= 1.2.3", "2.3.4", "= 2.3.4"],
    ["~1.2", "2.3.4", "~2.3"],
    ["1.*", "2.3.4", "2.*"],
    ["1.2.*", "2.3.4", "2.3.*"],
    ["1.x.x", "2.3.4", "2.x.x"],
    [">=1, <2", "2.3.4", undefined],
    [">1.0", "2.3.4", undefined],
    ["1.2, <1.9", "2.3.4", undefined],
    ["*", "2.3.4", undefined],
    ["1.2", "2.0.0-rc.1", "2.0.0-rc.1"],
    ["^1", "2.0.0-rc.1", "^2.0.0-rc.1"],
    ["1.*", "2.0.0-rc.1", "2.0.0-rc.1"],
    ["1.0.0-alpha.2", "1.0.0", "1.0.0"],
    ["1.0.0-alpha+build", "1.0.0", "1.0.0"],
    ["1.2.3", "2.3.4+build.5", "2.3.4"],
  ] as const
) {
  test(`"${requirement}" follows ${version} as ${followed ?? "its author says"}`, () => {
    assert.equal(followRequirement(requirement, version), followed);
  });
}

for (
  const [requirement, version, satisfied] of [
    ["0.1", "0.1.9", true],
    ["0.1", "0.2.0", false],
    ["1", "1.9.0", true],
    ["=1.2.3", "1.2.4", false],
    ["~1.2", "1.2.9", true],
    ["1.*", "1.4.0", true],
    ["*", "7.0.0", true],
    [">=1, <2", "1.5.0", true],
    [">= 1.0, < 2.0", "2.0.0", false],
    ["1.2, <1.9", "1.9.1", false],
    ["1.0", "1.1.0-rc.1", false],
    ["1.1.0-rc.1", "1.1.0-rc.2", true],
    ["1.0.0", "1.0.0+build", true],
  ] as const
) {
  test(`${version} ${satisfied ? "satisfies" : "does not satisfy"} "${requirement}"`, () => {
    assert.equal(satisfiesRequirement(requirement, version), satisfied);
  });
}

test("a requirement that followed a version is always satisfied by it", () => {
  const number = fc.nat({ max: 30 });
  const version = fc.tuple(number, number, number, fc.constantFrom("", "-rc.1", "-alpha.2.b", "+x"))
    .map(([major, minor, patch, rest]) => `${major}.${minor}.${patch}${rest}`);
  const requirement = fc.tuple(
    fc.constantFrom("", "^", "~", "=", "= "),
    fc.constantFrom("1", "1.2", "1.2.3", "0.0.1-rc.1", "1.*", "1.2.*"),
  ).map(([operator, rest]) => rest.includes("*") ? rest : operator + rest);
  fc.assert(fc.property(requirement, version, (old, next) => {
    const followed = followRequirement(old, next);
    assert.ok(followed !== undefined && satisfiesRequirement(followed, next), `${followed}`);
    assert.equal(followRequirement(followed, next), followed);
    assert.ok(isFollowing(old, followed), followed);
  }));
});

for (
  const [committed, written] of [
    ["1.2", ">=1.2"],
    ["1.2", "1.3.1"],
    ["=1.2.3", "1.2.4"],
    ["^1", "*"],
    ["1", ""],
    [">=1, <2", ">=1, <3"],
    ["", "1.0"],
  ] as const
) {
  test(`no release writes "${written}" in place of "${committed}"`, () => {
    assert.equal(isFollowing(committed, written), false);
  });
}

test("joinFolder() resolves as the system of the folder does, whichever slashes either side has", () => {
  const rows: readonly (readonly [folder: string, path: string, joined: string])[] = [
    ["/w/b", "../a", "/w/a"],
    ["/", "crates/a", "/crates/a"],
    ["/w", ".", "/w"],
    ["C:\\w\\b", "..\\a", "C:/w/a"],
    ["C:\\w", "crates/a", "C:/w/crates/a"],
    ["C:/w", "D:\\other\\a", "D:/other/a"],
    ["C:\\w\\a\\Cargo.toml", "..", "C:/w/a"],
    ["\\\\server\\share\\w", "a", "//server/share/w/a"],
    ["//server/share/w/b", "../a", "//server/share/w/a"],
    ["C:\\w", "\\\\server\\share\\a", "//server/share/a"],
    ["\\\\?\\C:\\w", "a", "//?/C:/w/a"],
  ];
  for (const [folder, path, joined] of rows) assert.equal(joinFolder(folder, path), joined, folder);
  for (const [folder, path, joined] of rows.filter(([folder]) => /^[A-Z\\]/.test(folder))) {
    assert.equal(win32.normalize(joined), win32.resolve(folder, path), folder);
  }
});
