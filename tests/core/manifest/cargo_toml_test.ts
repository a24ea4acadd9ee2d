import assert from "node:assert/strict";
import { test } from "node:test";
import { packageVersionSite } from "../../../src/core/manifest/cargo_sites.ts";
import {
  leafAt,
  parseCargoToml,
  requote,
  spliceText,
} from "../../../src/core/manifest/cargo_toml.ts";
import { Failure } from "../../../src/error.ts";

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

test("a leaf that is not there is undefined", () => {
  assert.equal(leafAt(parseCargoToml("[package]\n", "Cargo.toml"), ["package", "name"]), undefined);
});
