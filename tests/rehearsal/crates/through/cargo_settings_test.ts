import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readCargoSettings } from "../../../../src/rehearsal/crates/through/cargo_settings.ts";
import { tempFolder } from "../../../support/temp.ts";

const STANDARD = "https://index.example.com";
const REPLACED = `[source.crates-io]\nreplace-with = "mirror"\n`;

const ROWS = [
  { name: "there are none", files: {}, index: STANDARD },
  {
    name: "cargo's home names a sparse index",
    files: {
      "home/.cargo/config.toml":
        `${REPLACED}[source.mirror]\nregistry = "sparse+http://127.0.0.1:9/i/"\n`,
    },
    index: "http://127.0.0.1:9/i",
  },
  {
    name: "the file has its old name",
    files: {
      "home/.cargo/config": `${REPLACED}[source.mirror]\nregistry = "sparse+http://127.0.0.1:9/"\n`,
    },
    index: "http://127.0.0.1:9",
  },
  {
    name: "a registry of that name stands in",
    files: {
      "home/.cargo/config.toml":
        `${REPLACED}[registries.mirror]\nindex = "sparse+http://127.0.0.1:9/"\n`,
    },
    index: "http://127.0.0.1:9",
  },
  {
    name: "the environment names the registry",
    files: { "home/.cargo/config.toml": REPLACED },
    env: { CARGO_REGISTRIES_MIRROR_INDEX: "sparse+http://127.0.0.1:8/" },
    index: "http://127.0.0.1:8",
  },
  {
    name: "one source stands in for another",
    files: {
      "home/.cargo/config.toml": `${REPLACED}[source.mirror]\nreplace-with = "second"\n` +
        `[source.second]\nregistry = "sparse+http://127.0.0.1:9/"\n`,
    },
    index: "http://127.0.0.1:9",
  },
  {
    name: "sources stand in for each other",
    files: {
      "home/.cargo/config.toml": `${REPLACED}[source.mirror]\nreplace-with = "crates-io"\n`,
    },
    index: undefined,
  },
  {
    name: "a folder above the repository says otherwise than cargo's home",
    files: {
      "home/.cargo/config.toml":
        `${REPLACED}[source.mirror]\nregistry = "sparse+http://127.0.0.1:9/"\n`,
      "work/.cargo/config.toml": `[source.mirror]\nregistry = "sparse+http://127.0.0.1:7/"\n`,
    },
    index: "http://127.0.0.1:7",
  },
  {
    name: "a folder of crates stands in",
    files: { "home/.cargo/config.toml": `${REPLACED}[source.mirror]\ndirectory = "vendor"\n` },
    index: undefined,
  },
  {
    name: "crates.io's own index in git stands in",
    files: {
      "home/.cargo/config.toml":
        `${REPLACED}[source.mirror]\nregistry = "https://github.com/rust-lang/crates.io-index"\n`,
    },
    index: STANDARD,
  },
  { name: "a file is no TOML", files: { "home/.cargo/config.toml": "[[" }, index: STANDARD },
];

for (const { name, files, env = {}, index } of ROWS) {
  test(`cargo's settings say where crates are read: ${name}`, async () => {
    await using folder = await tempFolder({ "work/below/keep": "", ...files });
    const settings = await readCargoSettings({
      env: { HOME: join(folder.path, "home"), ...env },
      folder: join(folder.path, "work/below"),
      standard: STANDARD,
    });
    assert.equal(settings.index, index);
    assert.equal(settings.home, join(folder.path, "home/.cargo"));
    assert.equal(settings.trouble === "", index !== undefined);
  });
}
