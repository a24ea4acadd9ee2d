import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readCrateDemands } from "../../../src/command/rehearse/kinds/crate_demands.ts";
import { cargoEnvironment } from "../../registry/crates/crates_world.ts";
import { tempFolder } from "../../support/temp.ts";
import { needs } from "../../support/tools.ts";

const withCargo = await needs("cargo");

const MANIFEST = `[package]
name = "demo"
version = "1.0.0"
edition = "2021"

[lib]
path = "lib.rs"

[dependencies]
serde = { version = "1.0.100", features = ["rc"] }
json = { package = "serde_json", version = "1", optional = true }

[dev-dependencies]
rand = ">=0.8, <0.10"

[features]
derive = ["serde/derive"]
whole = ["derive", "json?/preserve_order", "dep:json"]
`;

test(
  "what crates ask of others is read without a network, with what their features switch on",
  withCargo,
  async () => {
    await using folder = await tempFolder({
      ...{ "demo/Cargo.toml": MANIFEST, "demo/lib.rs": "", "broken/Cargo.toml": "[package" },
      "plain/Cargo.toml": '[package]\nname = "plain"\nversion = "1.0.0"\n[lib]\npath = "lib.rs"\n' +
        '[dependencies]\nserde = "^1.0.200"\n',
      "plain/lib.rs": "",
    });
    const env = { ...cargoEnvironment(join(folder.path, "home")), CARGO_NET_OFFLINE: "true" };
    const folders = ["broken", "demo", "plain"].map((name) => join(folder.path, name));
    const demands = await readCrateDemands(folders, env);
    const sorted = [...demands].sort((a, b) => `${a.name}${a.req}` < `${b.name}${b.req}` ? -1 : 1);
    assert.deepEqual(sorted, [
      { name: "rand", req: ">=0.8, <0.10", features: [] },
      { name: "serde", req: "^1.0.100", features: ["rc", "derive"] },
      { name: "serde", req: "^1.0.200", features: [] },
      { name: "serde_json", req: "^1", features: ["preserve_order"] },
    ]);
  },
);
