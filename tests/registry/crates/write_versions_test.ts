import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { test } from "node:test";
import { CRATES_VERSIONS } from "../../../src/registry/crates/crates_versions.ts";
import { tempFolder } from "../../support/temp.ts";
import { cargoEnvironment, crate, manifest, NO_CARGO } from "./crates_world.ts";

test("a version is written at its source, and what depends on it follows", {
  skip: NO_CARGO,
}, async () => {
  await using folder = await tempFolder({
    "rs/Cargo.toml":
      '[workspace]\nmembers = ["*"]\nexclude = ["home"]\n[workspace.package]\nversion = "0.0.0"\n',
    "rs/low/Cargo.toml": manifest("low", "", "version.workspace = true"),
    "rs/low/src/lib.rs": "",
    "rs/high/Cargo.toml": manifest(
      "high",
      '[dependencies]\nlow = { path = "../low", version = "0" }',
    ),
    "rs/high/src/lib.rs": "",
  });
  const { texts } = await CRATES_VERSIONS.write({
    host: { env: cargoEnvironment(join(folder.path, "home")) },
    root: folder.path,
    releases: [{ package: crate("rs/low"), version: "1.2.0" }],
    standing: [],
  });
  const byPath = new Map([...texts].map(([path, text]) => [relative(folder.path, path), text]));
  assert.deepEqual([...byPath.keys()].sort(), ["rs/Cargo.toml", "rs/high/Cargo.toml"]);
  assert.match(byPath.get("rs/Cargo.toml")!, /version = "1\.2\.0"/);
  const high = byPath.get("rs/high/Cargo.toml")!;
  assert.match(high, /low = \{ path = "\.\.\/low", version = "1" \}/);
});

test("a workspace's own folder has no version to set", { skip: NO_CARGO }, async () => {
  await using folder = await tempFolder({ "Cargo.toml": "[workspace]\nmembers = []\n" });
  const work = {
    host: { env: cargoEnvironment(join(folder.path, "home")) },
    root: folder.path,
    releases: [{ package: crate("."), version: "1.0.0" }],
    standing: [],
  };
  await assert.rejects(CRATES_VERSIONS.write(work), { code: "PIOT_CRATES_MANIFEST" });
});
