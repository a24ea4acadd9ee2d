import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setCrateVersion } from "../../../src/registry/crates/write_versions.ts";
import { tempFolder } from "../../support/temp.ts";
import { cargoEnvironment, manifest, NO_CARGO } from "./crates_world.ts";

test("a version is written to stay, at its source, and what depends on it follows", {
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
  const input = {
    env: cargoEnvironment(join(folder.path, "home")),
    root: folder.path,
    path: "rs/low",
  };
  const written = await setCrateVersion({ ...input, version: "1.2.0" });
  assert.deepEqual(written, ["rs/Cargo.toml", "rs/high/Cargo.toml"]);
  const read = (path: string): Promise<string> => readFile(join(folder.path, path), "utf8");
  assert.match(await read("rs/Cargo.toml"), /version = "1\.2\.0"/);
  assert.match(await read("rs/high/Cargo.toml"), /low = \{ path = "\.\.\/low", version = "1" \}/);
  assert.deepEqual(await setCrateVersion({ ...input, version: "1.2.0" }), []);
});

test("a workspace's own folder has no version to set", { skip: NO_CARGO }, async () => {
  await using folder = await tempFolder({ "Cargo.toml": "[workspace]\nmembers = []\n" });
  const env = cargoEnvironment(join(folder.path, "home"));
  await assert.rejects(setCrateVersion({ env, root: folder.path, path: ".", version: "1.0.0" }), {
    code: "PIOT_CRATES_MANIFEST",
  });
});
