/** What real repositories are like: each is rehearsed as it is, and told the truth about. */

import assert from "node:assert/strict";
import { chmod, copyFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { exec } from "../../../src/host/exec.ts";
import type { Env } from "../../../src/host/host.ts";
import { hostTriple } from "../../../src/rehearsal/example_targets.ts";
import { canonicalTriple } from "../../../src/core/target/target.ts";
import {
  type Keys,
  newUser,
  npmPackage,
  packageJson,
  rehearseIn,
  repoOf,
} from "../../support/rehearsal.ts";
import { type TempFolder, tempFolder } from "../../support/temp.ts";
import { needs } from "../../support/tools.ts";

const withGit = await needs("git");
const withRustc = await needs("git", "rustc", "npm");

test(
  "what is due and was not asked for is named, and the rehearsal of the rest succeeds",
  withGit,
  async () => {
    await using user = await newUser();
    await using repo = await repoOf([npmPackage("alpha"), npmPackage("beta")], {
      "alpha/package.json": packageJson("alpha"),
      "beta/package.json": packageJson("beta"),
    });
    const { ok, problems, told } = await rehearseIn(repo.path, { user, release: ["alpha"] });
    assert.deepEqual(problems, []);
    assert.equal(ok, true);
    assert.ok(told.includes("beta is due too: it was not asked for, and is not rehearsed"));
  },
);

test("a rehearsal that does not succeed says why", withGit, async () => {
  await using user = await newUser();
  await using repo = await repoOf([npmPackage("alpha")], {
    "alpha/package.json": packageJson("alpha"),
  });
  const { ok, problems } = await rehearseIn(repo.path, { user, fault: ["npm-upload#9:500"] });
  assert.equal(ok, false);
  assert.deepEqual(problems, ["no run met npm-upload#9:500"]);
});

/** A cargo as rustup leaves it behind when there is no toolchain. */
const BROKEN_CARGO = `#!/bin/sh
echo "error: rustup could not choose a version of cargo to run" >&2
exit 1
`;

async function brokenCargo(): Promise<TempFolder> {
  const folder = await tempFolder();
  await writeFile(join(folder.path, "cargo"), BROKEN_CARGO);
  await chmod(join(folder.path, "cargo"), 0o755);
  return folder;
}

test(
  "a cargo that is on PATH and cannot run counts as absent, and is quoted: the example has no crate",
  withGit,
  async () => {
    await using user = await newUser();
    await using programs = await brokenCargo();
    const env = { ...user.env, PATH: `${programs.path}:${user.env.PATH}` };
    const { ok, plan, told, warnings } = await rehearseIn(user.path, {
      user: { env },
      example: true,
    });
    assert.equal(ok, true);
    assert.equal(plan.packages.some(({ kind }) => kind === "crates"), false);
    const sentence = "the example has no crate: cargo is on PATH and cannot run: " +
      "error: rustup could not choose a version of cargo to run";
    assert.ok(told.includes(sentence));
    assert.ok(warnings.includes(sentence));
  },
);

test(
  "a crate cannot be rehearsed with a cargo that cannot run, whose words are told",
  withGit,
  async () => {
    await using user = await newUser();
    await using programs = await brokenCargo();
    const env = { ...user.env, PATH: `${programs.path}:${user.env.PATH}` };
    await using repo = await repoOf(
      [{ name: "core", kind: "crates", path: ".", paths: ["**"] }],
      { "Cargo.toml": `[package]\nname = "core"\nversion = "0.0.0"\n`, "src/lib.rs": "" },
    );
    await assert.rejects(rehearseIn(repo.path, { user: { env } }), {
      code: "PIOT_PROGRAM_MISSING",
      message: "Cannot rehearse core: cargo is on PATH and cannot run: " +
        "error: rustup could not choose a version of cargo to run",
    });
  },
);

test(
  "a restricted package is published, tagged and installed as its owner",
  withRustc,
  async () => {
    await using user = await newUser();
    await using repo = await repoOf([npmPackage("@ada/secret", { access: "restricted" })], {
      "secret/package.json": packageJson("@ada/secret"),
    });
    const { ok, problems, installations } = await rehearseIn(repo.path, { user, install: true });
    assert.deepEqual(problems, []);
    assert.equal(ok, true);
    assert.deepEqual(installations, [{ package: "secret", client: "npm", state: "installed" }]);
  },
);

test(
  "a package that asks for provenance is rehearsed in a job that has an identity, which is told",
  withGit,
  async () => {
    await using user = await newUser();
    await using repo = await repoOf([npmPackage("alpha"), npmPackage("beta")], {
      "alpha/package.json": packageJson("alpha", { publishConfig: { provenance: true } }),
      "beta/package.json": packageJson("beta"),
    });
    const { ok, problems, held, told } = await rehearseIn(repo.path, { user });
    assert.deepEqual(problems, []);
    assert.equal(ok, true);
    assert.deepEqual(held.files.map(({ file, provenance }) => [file, provenance]), [
      ["alpha@0.1.0", true],
      ["beta@0.1.0", false],
    ]);
    assert.ok(
      told.some((sentence) => sentence.startsWith("alpha asks for provenance")),
      told.join("\n"),
    );
  },
);

test(
  "a package without a remote asks for provenance of the repository that its manifest names",
  withGit,
  async () => {
    await using user = await newUser();
    await using repo = await repoOf([npmPackage("alpha")], {
      "alpha/package.json": packageJson("alpha", { publishConfig: { provenance: true } }),
    });
    await repo.git("remote", "remove", "origin");
    const { ok, repository } = await rehearseIn(repo.path, { user });
    assert.equal(repository, "ada/engine");
    assert.equal(ok, true);
  },
);

test(
  "files of a plain package that no build made are made up, which is told",
  withGit,
  async () => {
    await using user = await newUser();
    await using repo = await repoOf([npmPackage("alpha")], {
      ".gitignore": "dist/\n",
      "alpha/package.json": packageJson("alpha", {
        main: "dist/index.js",
        types: "dist/index.d.ts",
        bin: { alpha: "dist/cli.js" },
        exports: { ".": "./dist/index.js", "./*": "./dist/parts/*.js" },
        files: ["dist", "README.md"],
      }),
      "alpha/README.md": "# alpha\n",
    });
    const { ok, problems, artifacts, told } = await rehearseIn(repo.path, { user });
    assert.deepEqual(problems, []);
    assert.equal(ok, true);
    const made = ["dist/cli.js", "dist/index.d.ts", "dist/index.js", "dist/parts/made-up.js"];
    assert.deepEqual(artifacts, [
      { name: "alpha-pkg", package: "alpha", from: "synthesised", made },
    ]);
    assert.ok(told.includes(
      `artifact alpha-pkg: the repository's own files, and made up because nobody built them: ${
        made.join(", ")
      }`,
    ));
  },
);

test("a plain package that was built by hand is taken as it was built", withGit, async () => {
  await using user = await newUser();
  await using repo = await repoOf([npmPackage("alpha")], {
    "alpha/package.json": packageJson("alpha", { main: "dist/index.js" }),
  });
  await using built = await tempFolder({
    "alpha-pkg/package.json": packageJson("alpha", { version: "0.1.0", main: "dist/index.js" }),
    "alpha-pkg/dist/index.js": "module.exports = 1;\n",
  });
  const { ok, artifacts } = await rehearseIn(repo.path, { user, artifacts: built.path });
  assert.equal(ok, true);
  assert.deepEqual(artifacts, [{ name: "alpha-pkg", package: "alpha", from: "given" }]);
});

const triple = await hostTriple();

/** Compiles a program, and an addon that exports nothing, into files. */
async function compile(
  { program, addon }: { readonly program: string; readonly addon: string },
  env: Env,
): Promise<void> {
  await using source = await tempFolder({
    "main.rs": `fn main() { println!("tool {}", 7); }`,
    "addon.rs": '#[no_mangle] pub extern "C" fn napi_register_module_v1' +
      "(_: *mut u8, exports: *mut u8) -> *mut u8 { exports }",
  });
  for (
    const args of [
      ["-o", program, "main.rs"],
      ["--crate-type", "cdylib", "-o", addon, "addon.rs"],
    ]
  ) {
    const { code, stderr } = await exec("rustc", args, { cwd: source.path, env });
    assert.equal(code, 0, stderr);
  }
}

test(
  "what a family has for this machine is loaded and run however its target is spelled, and the rehearsal fails when it does not load",
  triple === undefined ? { skip: "this machine is no target" } : withRustc,
  async () => {
    const target = canonicalTriple(triple!);
    assert.notEqual(target, triple);
    await using user = await newUser();
    const addon = (name: string, triple: string): Keys =>
      npmPackage(`@ada/${name}`, { build: "napi", targets: [triple] });
    await using repo = await repoOf(
      [
        npmPackage("@ada/tool", { build: "bundled-cli", targets: [target] }),
        ...[addon("native", target), addon("broken", triple!)],
      ],
      {
        "tool/package.json": packageJson("@ada/tool"),
        "native/package.json": packageJson("@ada/native"),
        "native/index.js": `module.exports = require("@ada/native-${target}");\n`,
        "broken/package.json": packageJson("@ada/broken"),
        "broken/index.js": `module.exports = require(["no", "where"].join("-"));\n`,
      },
    );
    await using built = await tempFolder({
      ...{ [`tool-${target}/keep`]: "", [`native-${target}/keep`]: "" },
      [`broken-${triple}/keep`]: "",
    });
    const ending = process.platform === "win32" ? ".exe" : "";
    const made = join(built.path, `native-${target}`, "native.node");
    const program = join(built.path, `tool-${target}`, `tool${ending}`);
    await compile({ program, addon: made }, user.env);
    await copyFile(made, join(built.path, `broken-${triple}`, "broken.node"));
    for (const folder of await readdir(built.path)) await rm(join(built.path, folder, "keep"));
    const { problems, installations } = await rehearseIn(repo.path, {
      user,
      artifacts: built.path,
      install: true,
    });
    assert.deepEqual(installations.map(({ package: name, state, ran }) => [name, state, ran]), [
      ["tool", "installed", { command: "tool --version", status: 0, output: "tool 7" }],
      ["native", "installed", { command: `import("@ada/native")`, status: 0, output: "" }],
      ["broken", "failed", installations[2]?.ran],
    ]);
    assert.equal(problems.length, 1);
    assert.match(
      problems[0]!,
      /^npm does not install broken: "import\("@ada\/broken"\)" ended with 1: Cannot find module 'no-where'/,
    );
  },
);
