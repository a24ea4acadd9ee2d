/** What real repositories are like: each is rehearsed as it is, and told the truth about. */

import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { exec } from "../../../src/host/exec.ts";
import { hostTriple } from "../../../src/rehearsal/example_targets.ts";
import { canonicalTriple } from "../../../src/core/target/target.ts";
import { newUser, npmPackage, packageJson, rehearseIn, repoOf } from "../../support/rehearsal.ts";
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

test(
  "a program for this machine is run however its target is spelled",
  triple === undefined ? { skip: "this machine is no target" } : withRustc,
  async () => {
    const target = canonicalTriple(triple!);
    assert.notEqual(target, triple);
    await using user = await newUser();
    await using repo = await repoOf(
      [npmPackage("@ada/tool", { build: "bundled-cli", targets: [target] })],
      { "tool/package.json": packageJson("@ada/tool") },
    );
    await using built = await tempFolder({
      "main.rs": `fn main() { println!("tool {}", 7); }`,
      [`tool-${target}/keep`]: "",
    });
    const program = join(
      built.path,
      `tool-${target}`,
      process.platform === "win32" ? "tool.exe" : "tool",
    );
    const { code, stderr } = await exec("rustc", ["-o", program, "main.rs"], {
      cwd: built.path,
      env: user.env,
    });
    assert.equal(code, 0, stderr);
    await exec("rm", ["keep"], { cwd: join(built.path, `tool-${target}`), env: user.env });
    const { problems, installations } = await rehearseIn(repo.path, {
      user,
      artifacts: built.path,
      install: true,
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(installations, [{
      package: "tool",
      client: "npm",
      state: "installed",
      ran: { command: "tool --version", status: 0, output: "tool 7" },
    }]);
  },
);
