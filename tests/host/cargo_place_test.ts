import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { join, parse } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { placeOfUpload } from "../../src/host/cargo_place.ts";
import type { Env } from "../../src/host/host.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const PLAIN = { "repo/.git/HEAD": "", "repo/Cargo.toml": "", "home/.cargo/bin/x": "" };

interface Place extends TempFolder {
  readonly at: (path: string) => string;
  readonly env: Env;
}

/** A checkout, a home folder, and a rustup that says a line when it is asked for the toolchain of the checkout. */
async function place(says: string, files: Readonly<Record<string, string>> = {}): Promise<Place> {
  const script =
    `#!/bin/sh\n[ "$*" = "show active-toolchain" ] && [ -e Cargo.toml ] && echo "${says}"\n`;
  const folder = await tempFolder({ ...PLAIN, "bin/rustup": script, ...files });
  const at = (path: string): string => join(folder.path, path);
  await chmod(at("bin/rustup"), 0o755);
  const env = { PATH: `${at("bin")}:${process.env.PATH}`, HOME: at("home") };
  return { ...folder, at, env };
}

test("cargo runs with a token in the user's own folder, with the checkout's toolchain", async () => {
  await using here = await place("1.85.0-x86_64 (overridden by '/repo/rust-toolchain.toml')");
  assert.deepEqual(await placeOfUpload(here.env, here.at("repo")), {
    cwd: here.at("home"),
    env: {
      RUSTC_WRAPPER: "",
      RUSTC_WORKSPACE_WRAPPER: "",
      RUSTC: "rustc",
      RUSTUP_TOOLCHAIN: "1.85.0-x86_64",
    },
  });
});

test("a toolchain that the environment names is the one that is used", async () => {
  await using here = await place("1.85.0-x86_64 (default)");
  const found = await placeOfUpload({ ...here.env, RUSTUP_TOOLCHAIN: "nightly" }, here.at("repo"));
  assert.equal(found.env.RUSTUP_TOOLCHAIN, undefined);
});

const FOLDERS: readonly {
  readonly name: string;
  readonly env: Env;
  readonly cwd: string | undefined;
}[] = [
  { name: "CARGO_HOME", env: { CARGO_HOME: "home/.cargo" }, cwd: "home/.cargo" },
  { name: "a CARGO_HOME in the checkout", env: { CARGO_HOME: "repo/.cargo" }, cwd: "home" },
  { name: "a CARGO_HOME that is not there yet", env: { CARGO_HOME: "none" }, cwd: "home" },
  { name: "a home folder in the checkout", env: { HOME: "repo/home" }, cwd: undefined },
];
for (const { name, env, cwd } of FOLDERS) {
  test(`with ${name} cargo runs ${cwd === undefined ? "at the top of the file system" : `in ${cwd}`}`, async () => {
    const files = { "repo/.cargo/x": "", "repo/home/x": "" };
    await using here = await place("stable (default)", files);
    const given = Object.entries(env).map(([key, value]) => [key, here.at(value!)]);
    const found = await placeOfUpload(
      { ...here.env, ...Object.fromEntries(given) },
      here.at("repo"),
    );
    assert.equal(found.cwd, cwd === undefined ? parse(here.path).root : here.at(cwd));
  });
}

test("a toolchain that lies in the checkout gets no token", async () => {
  await using here = await place("stable (default)", { "repo/own/bin/cargo": "" });
  const script = `#!/bin/sh\necho "${here.at("repo/own")} (overridden)"\n`;
  await using bin = await tempFolder({ rustup: script });
  await chmod(join(bin.path, "rustup"), 0o755);
  const env = { ...here.env, PATH: `${bin.path}:${process.env.PATH}` };
  await assert.rejects(placeOfUpload(env, here.at("repo")), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_SETTINGS_COMMITTED");
    assert.ok(error.message.includes(here.at("repo/own")));
    return true;
  });
});

test("a rustup that does not know leaves the toolchain alone", async () => {
  await using here = await place("");
  assert.equal((await placeOfUpload(here.env, here.at("repo"))).env.RUSTUP_TOOLCHAIN, undefined);
});
