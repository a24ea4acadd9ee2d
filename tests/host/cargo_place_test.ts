import assert from "node:assert/strict";
import { chmod, mkdir, readdir, realpath, symlink, writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { cargoHomeInside, homeOfUpload, placeOfUpload } from "../../src/host/cargo_place.ts";
import { kindOfPath } from "../../src/host/files.ts";
import type { Env } from "../../src/host/host.ts";
import { programsOfUpload } from "../../src/host/upload_programs.ts";
import { gitRepo } from "../support/git_repo.ts";
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

for (const own of ["repo/own", "elsewhere"]) {
  test(`a toolchain that the checkout names by its folder gets no token: ${own}`, async () => {
    await using here = await place("stable (default)", { [`${own}/bin/cargo`]: "" });
    const script = `#!/bin/sh\necho "${here.at(own)} (overridden)"\n`;
    await using bin = await tempFolder({ rustup: script });
    await chmod(join(bin.path, "rustup"), 0o755);
    const env = { ...here.env, PATH: `${bin.path}:${process.env.PATH}` };
    await assert.rejects(placeOfUpload(env, here.at("repo")), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_SETTINGS_COMMITTED");
      assert.ok(error.message.includes(here.at(own)));
      return true;
    });
  });
}

const HOMES: readonly {
  readonly name: string;
  readonly env: (at: Place["at"]) => Env;
  readonly home: string | undefined;
}[] = [
  { name: "nothing set", env: () => ({}), home: undefined },
  { name: "the user's own", env: (at) => ({ CARGO_HOME: at("home/.cargo") }), home: undefined },
  {
    name: "a cache of the checkout",
    env: (at) => ({ CARGO_HOME: at("repo/.c") }),
    home: "repo/.c",
  },
  {
    name: "one that is not there yet",
    env: (at) => ({ CARGO_HOME: at("repo/n") }),
    home: "repo/n",
  },
  {
    name: "a folder of the same beginning",
    env: (at) => ({ CARGO_HOME: at("repo2") }),
    home: undefined,
  },
  { name: "a link into the checkout", env: (at) => ({ CARGO_HOME: at("link") }), home: "repo/.c" },
  { name: "a relative one", env: () => ({ CARGO_HOME: "../c" }), home: "repo/c" },
  {
    name: "a home folder that is the checkout",
    env: (at) => ({ HOME: at("repo") }),
    home: "repo/.cargo",
  },
];
for (const { name, env, home } of HOMES) {
  test(`CARGO_HOME ${home === undefined ? "is the user's" : "may be anybody's"} with ${name}`, async () => {
    await using here = await place("", { "repo/.c/x": "", "repo/a/x": "", "repo2/x": "" });
    await symlink(here.at("repo/.c"), here.at("link"));
    const found = await cargoHomeInside({ ...here.env, ...env(here.at) }, here.at("repo/a"));
    assert.equal(found, home && join(await realpath(here.path), home));
  });
}

test("an upload gets an empty CARGO_HOME in place of one in the checkout", async () => {
  await using here = await place("", { "repo/.c/config.toml": "[http]\n" });
  const env = { ...here.env, CARGO_HOME: here.at("repo/.c"), TMPDIR: here.at("tmp") };
  const made = await homeOfUpload(env, here.at("repo"));
  const { CARGO_HOME = "" } = made?.env ?? {};
  assert.notEqual(CARGO_HOME, env.CARGO_HOME);
  assert.deepEqual(await readdir(CARGO_HOME), []);
  await made?.remove();
  await assert.rejects(readdir(CARGO_HOME), { code: "ENOENT" });
  assert.equal(await homeOfUpload(here.env, here.at("repo")), undefined);
});

test("the checkout's programs are not those of an upload, where there are others", async () => {
  await using repo = await gitRepo({ "tools/cargo": "" });
  await using own = await tempFolder({ "bin/cargo": "" });
  const git = (process.env.PATH ?? "").split(":");
  const [bin, tools] = [join(own.path, "bin"), join(repo.path, "tools")];
  const cache = join(repo.path, "node_modules/.bin");
  await mkdir(cache, { recursive: true });
  await writeFile(join(cache, "cargo"), "");
  const path = (...folders: string[]): Env => ({ PATH: folders.join(":") });
  assert.deepEqual(
    await programsOfUpload(path(cache, "bin", tools, bin), repo.path),
    path(bin),
  );
  // git alone, whatever lies beside it on this machine.
  const others = [join(own.path, "git-alone")];
  await mkdir(others[0]!);
  for (const folder of git) {
    const program = join(folder, "git");
    if (await kindOfPath(program) !== "file") continue;
    await symlink(program, join(others[0]!, "git")).catch(() => {});
  }
  // A cache that nobody committed is as good as any folder.
  assert.deepEqual(await programsOfUpload(path(cache, ...others), repo.path), {});
  await assert.rejects(programsOfUpload(path(tools, ...others), repo.path), {
    code: "PIOT_SETTINGS_COMMITTED",
    message: /the repository tracks files there, such as "tools\/cargo"/,
  });
  const rustup = { ...path(bin, ...others), RUSTUP_HOME: tools };
  await assert.rejects(programsOfUpload(rustup, repo.path), { code: "PIOT_SETTINGS_COMMITTED" });
});

test("a rustup that does not know leaves the toolchain alone", async () => {
  await using here = await place("");
  assert.equal((await placeOfUpload(here.env, here.at("repo"))).env.RUSTUP_TOOLCHAIN, undefined);
});
