/** What a plan says of crates before anything is built: of versions that they share, and of crates.io's limits. */

import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { main } from "../../src/cli/main.ts";
import type { Plan } from "../../src/core/model/plan.ts";
import { GIT_ENV } from "../support/git_repo.ts";
import { git, repositoryOf } from "../support/history.ts";
import { tempFolder, writeTree } from "../support/temp.ts";
import { type TestHost, testHost } from "../support/test_host.ts";

async function run(cwd: string, args: readonly string[]): Promise<TestHost["written"]> {
  const host = testHost({ cwd, env: GIT_ENV });
  equal(await main({ argv: ["plan", ...args], makeHost: () => host, isTTY: false }), 0);
  return host.written;
}

async function plan(cwd: string, ...args: readonly string[]): Promise<Plan> {
  return JSON.parse((await run(cwd, ["--json", ...args])).stdout);
}

function crate(name: string, more = ""): string {
  const path = `crates/${name}`;
  return `[[package]]\nname = "${name}"\nkind = "crates"\npath = "${path}"\npaths = ["${path}/**"]\n${more}\n`;
}

function config(...crates: readonly string[]): string {
  return `[putitoutthere]\nversion = 1\n\n${crates.join("\n")}`;
}

function heir(name: string): string {
  return `[package]\nname = "${name}"\nversion.workspace = true\nedition = "2021"\n`;
}

const FILES = {
  "rust/Cargo.toml":
    '[workspace]\nmembers = ["crates/*"]\n[workspace.package]\nversion = "1.0.0"\n',
  "rust/crates/low/Cargo.toml": heir("low"),
  "rust/crates/high/Cargo.toml": heir("high"),
};

const APART =
  "Crates that have their version from [workspace.package] of rust/Cargo.toml are planned at different ones " +
  "(low 1.0.1, high 0.1.0), which publish refuses (PIOT_CRATES_SHARED_VERSION): give them the same " +
  '`lockstep = "…"` in putitoutthere.toml, or each crate a `version = "…"` of its own';

test("a plan of crates that inherit one version says where it cannot be written, and that lockstep mends it", async () => {
  await using apart = await repositoryOf([
    { commit: "Start", write: FILES },
    { tag: "low-v1.0.0" },
    { commit: "Change", write: { "rust/crates/low/lib.rs": "1" } },
    { commit: "Mend", write: { "rust/crates/high/lib.rs": "1" } },
  ], { files: { "rust/putitoutthere.toml": config(crate("low"), crate("high")) } });
  const cwd = join(apart.path, "rust");
  deepEqual((await plan(cwd)).warnings, [APART]);
  match((await run(cwd, [])).stderr, /low 1\.0\.1, high 0\.1\.0.*`lockstep = "…"`/);
  deepEqual((await plan(cwd, "--at", "HEAD~1")).warnings, [APART]);

  // A clone without its files asks no network for them.
  await using beside = await tempFolder();
  const clone = join(beside.path, "clone");
  await git(apart.path, ["config", "uploadpack.allowFilter", "true"]);
  const from = `file://${apart.path}`;
  await git(beside.path, ["clone", "--quiet", "--no-checkout", "--filter=blob:none", from, clone]);
  await git(clone, ["checkout", "--quiet", "HEAD", "--", "rust/putitoutthere.toml"]);
  await git(clone, ["remote", "set-url", "origin", "file:///nowhere"]);
  deepEqual((await plan(join(clone, "rust"))).warnings, []);
});

test("a plan of crates in lockstep that inherit one version has nothing to say", async () => {
  const word = 'lockstep = "all"';
  await using together = await repositoryOf([
    { commit: "Start", write: FILES },
    { tag: "low-v1.0.0" },
    { commit: "Change", write: { "rust/crates/low/lib.rs": "1" } },
  ], { files: { "rust/putitoutthere.toml": config(crate("low", word), crate("high", word)) } });
  const planned = await plan(join(together.path, "rust"));
  deepEqual(planned.packages.map(({ name, version }) => `${name} ${version}`), [
    "low 1.0.1",
    "high 1.0.1",
  ]);
  deepEqual(planned.warnings, []);
});

test("a plan says how long the limits of crates.io will take", async () => {
  const names = Array.from({ length: 38 }, (_, at) => `c${at}`);
  await using repository = await repositoryOf([
    {
      commit: "Start",
      write: Object.fromEntries(names.map((name) => [`crates/${name}/lib.rs`, "1"])),
    },
    { tag: names.map((name) => `${name}-v1.0.0`) },
    {
      commit: "Change",
      write: Object.fromEntries(names.map((name) => [`crates/${name}/lib.rs`, "2"])),
    },
  ], { files: { "putitoutthere.toml": config(...names.map((name) => crate(name))) } });
  deepEqual((await plan(repository.path)).warnings, [
    "With a token, crates.io takes so many uploads of one user at a time: 38 crates: 30 now, 8 over 8 minutes; " +
    "new versions by trusted publishing have no such limit, and a package without a tag counts as a new crate",
  ]);
  const policy = '[package.trust_policy]\nworkflow = "release.yml"';
  const trusting = config(...names.map((name) => crate(name, policy)));
  await writeTree(repository.path, { "putitoutthere.toml": trusting });
  deepEqual((await plan(repository.path)).warnings, []);
});
