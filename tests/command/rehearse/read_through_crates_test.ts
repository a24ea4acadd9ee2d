/** Crates that a release does not make are read through: from cargo's cache, else from the registry of cargo's settings. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { exec } from "../../../src/host/exec.ts";
import type { GitRepo } from "../../support/git_repo.ts";
import { cargoSettings, type OutsideCrate, outsideCrates } from "../../support/outside_crates.ts";
import { type Keys, newUser, rehearseIn, repoOf, type User } from "../../support/rehearsal.ts";
import { tempFolder } from "../../support/temp.ts";
import { needs } from "../../support/tools.ts";

const withCargo = await needs("git", "cargo");

/** Not the real one: what it is made of is made up for these tests. */
const SERDE: OutsideCrate = {
  name: "serde",
  version: "1.0.5",
  lib: "pub trait Serialize { fn number(&self) -> u32 { 7 } }\n",
  features: ["derive"],
};

function crate(name: string, keys: Keys = {}): Keys {
  return { name, kind: "crates", path: name, paths: [`${name}/**`], ...keys };
}

function manifest(name: string, dependencies: string): string {
  return `[package]\nname = "${name}"\nversion = "0.0.0"\nedition = "2021"\ndescription = "x"\n` +
    `license = "MIT"\n\n[dependencies]\n${dependencies}\n`;
}

/** A crate that needs serde, derive and all. */
function dependent(): Promise<GitRepo> {
  return repoOf([crate("app")], {
    "app/Cargo.toml": manifest("app", `serde = { version = "1", features = ["derive"] }`),
    "app/src/lib.rs": "pub fn number(of: &dyn serde::Serialize) -> u32 { of.number() }\n",
  });
}

/** A user whose cargo is led to an index, which may be of a server that is gone. */
function userOf(index: string): Promise<User> {
  return newUser({ ".cargo/config.toml": cargoSettings(index) });
}

/** Nobody listens there (RFC 863, which nobody serves): a port that was given back may be another test's by now. */
const DEAD_INDEX = "http://127.0.0.1:9/index";

test(
  "a crate that needs another one is verified with that of the registry in cargo's settings",
  withCargo,
  async () => {
    await using outside = await outsideCrates(SERDE);
    await using user = await userOf(outside.index);
    await using repo = await dependent();
    const { problems, warnings, runs } = await rehearseIn(repo.path, { user });
    assert.deepEqual(problems, []);
    assert.deepEqual(warnings, []);
    assert.deepEqual(runs[0]?.uploads.map(({ file }) => file), ["app-0.1.0.crate"]);
    assert.deepEqual([...new Set(outside.asked)].sort(), [
      "/dl/serde/1.0.5/download",
      "/index/config.json",
      "/index/se/rd/serde",
    ]);
  },
);

test("of the crates that are released nothing is read from outside", withCargo, async () => {
  await using outside = await outsideCrates({ ...SERDE, name: "app", version: "0.1.0" }, SERDE);
  await using user = await userOf(outside.index);
  await using repo = await dependent();
  const { problems } = await rehearseIn(repo.path, { user });
  assert.deepEqual(problems, []);
  assert.deepEqual(outside.asked.filter((path) => path.includes("app")), []);
});

/** Has cargo build something that needs serde, which leaves it in its caches. */
async function fillCache(user: User): Promise<void> {
  await using project = await tempFolder({
    "Cargo.toml": manifest("filler", `serde = { version = "1", features = ["derive"] }`),
    "src/lib.rs": "",
  });
  const { code, stderr } = await exec("cargo", ["fetch"], { cwd: project.path, env: user.env });
  assert.equal(code, 0, stderr);
}

test("without a network a crate is verified with what cargo's cache has", withCargo, async () => {
  await using outside = await outsideCrates(SERDE);
  await using user = await userOf(outside.index);
  await fillCache(user);
  outside.hangUp();
  await using repo = await dependent();
  const { problems, warnings } = await rehearseIn(repo.path, { user });
  assert.deepEqual(problems, []);
  assert.deepEqual(warnings, []);
});

test("what cargo's cache has is not asked of any registry", withCargo, async () => {
  await using outside = await outsideCrates(SERDE);
  await using user = await userOf(outside.index);
  await fillCache(user);
  const before = outside.asked.length;
  await using repo = await dependent();
  const { problems } = await rehearseIn(repo.path, { user });
  assert.deepEqual(problems, []);
  assert.deepEqual(outside.asked.slice(before), []);
});

test(
  "where neither answers the crate is packed and not verified, with a sentence, and released all the same",
  withCargo,
  async () => {
    const index = DEAD_INDEX;
    await using user = await userOf(index);
    await using repo = await dependent();
    const { problems, warnings, runs, told } = await rehearseIn(repo.path, { user });
    assert.deepEqual(problems, []);
    assert.deepEqual(runs[0]?.uploads.map(({ file }) => file), ["app-0.1.0.crate"]);
    const [sentence = "", ...others] = warnings;
    assert.deepEqual(others, []);
    assert.match(
      sentence,
      /^app 0\.1\.0 is packed and not verified, since cargo cannot get what it needs \(serde 1\.0\.0: cargo's cache \(.*\) has none, and http:\/\/127\.0\.0\.1:\d+ does not answer: /,
    );
    assert.ok(told.includes(sentence));
  },
);

test(
  "of several crates those alone are not verified that need what nobody can give",
  withCargo,
  async () => {
    const index = DEAD_INDEX;
    await using user = await userOf(index);
    await using repo = await repoOf([crate("app", { depends_on: ["base"] }), crate("base")], {
      "Cargo.toml": `[workspace]\nmembers = ["app", "base"]\nresolver = "2"\n`,
      "app/Cargo.toml": manifest(
        "app",
        `serde = { version = "1", features = ["derive"] }\nbase = { path = "../base", version = "0.0.0" }`,
      ),
      "app/src/lib.rs": "pub use base::one;\n",
      "base/Cargo.toml": manifest("base", ""),
      "base/src/lib.rs": "pub fn one() -> u32 { 1 }\n",
    });
    const { problems, warnings } = await rehearseIn(repo.path, { user });
    assert.deepEqual(problems, []);
    assert.deepEqual(warnings.map((warning) => warning.slice(0, 35)), [
      "app 0.1.0 is packed and not verifie",
    ]);
  },
);

test("a crate that does not compile fails, whatever else cannot be read", withCargo, async () => {
  const index = DEAD_INDEX;
  await using user = await userOf(index);
  await using repo = await repoOf([crate("app")], {
    "app/Cargo.toml": manifest("app", `serde = { version = "1", optional = true }`),
    "app/src/lib.rs": "this is no Rust\n",
  });
  await assert.rejects(rehearseIn(repo.path, { user }), { code: "PIOT_CARGO" });
});

test(
  "a dependency that the registry does not have is told in cargo's words",
  withCargo,
  async () => {
    await using outside = await outsideCrates(SERDE);
    await using user = await userOf(outside.index);
    await using repo = await repoOf([crate("app")], {
      "app/Cargo.toml": manifest("app", `serdee = "1"`),
      "app/src/lib.rs": "",
    });
    await assert.rejects(
      rehearseIn(repo.path, { user }),
      /no matching package named `serdee` found/,
    );
  },
);

for (const fault of ["crates-download:500", "crates-download:lost-before", "crates-index:500"]) {
  test(`a run meets ${fault} while it reads through, and goes on`, withCargo, async () => {
    await using outside = await outsideCrates(SERDE);
    await using user = await userOf(outside.index);
    await using repo = await dependent();
    const { problems, warnings } = await rehearseIn(repo.path, { user, fault: [fault] });
    assert.deepEqual(problems, []);
    assert.deepEqual(warnings, []);
  });
}

/** A crate that needs a sibling which was released, and did not change since. */
async function besideReleased(): Promise<GitRepo> {
  const repo = await repoOf([crate("core"), crate("app", { depends_on: ["core"] })], {
    "core/Cargo.toml": manifest("core", "").replace("0.0.0", "0.3.0") + "[features]\nfast = []\n",
    "core/src/lib.rs": "pub fn number() -> u32 { 7 }\n",
  });
  await repo.git("tag", "core-v0.3.0");
  await repo.commit("Begin the app", {
    "app/Cargo.toml": manifest(
      "app",
      `core = { path = "../core", version = "0.3", features = ["fast"] }`,
    ),
    "app/src/lib.rs": "pub fn number() -> u32 { core::number() }\n",
  });
  return repo;
}

for (
  const { name, has, warns } of [
    {
      name: "is verified with, as the outside has it",
      has: [{
        ...{ name: "core", version: "0.3.0", features: ["fast"] },
        lib: "pub fn number() -> u32 { 8 }\n",
      }],
      warns: [],
    },
    {
      name: "that nobody has is known by its tag, so that the crate is packed and not verified",
      has: [],
      warns: [/app.*(?:is packed|not verified|unverified).*core/s],
    },
  ]
) {
  test(`a sibling that was released and did not change ${name}`, withCargo, async () => {
    await using outside = await outsideCrates(...has);
    await using user = await userOf(outside.index);
    await using repo = await besideReleased();
    const { problems, warnings, runs } = await rehearseIn(repo.path, { user });
    assert.deepEqual(problems, []);
    assert.deepEqual(runs[0]?.uploads.map(({ file }) => file), ["app-0.1.0.crate"]);
    assert.equal(warnings.length, warns.length, warnings.join("\n"));
    for (const [index, pattern] of warns.entries()) assert.match(warnings[index]!, pattern);
  });
}
