/** A committed `.cargo/config.toml` moves no token and runs nothing beside one; real cargo, and a canary that listens. */

import assert from "node:assert/strict";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../../src/error.ts";
import { committedSettings } from "../../../src/registry/crates/committed_settings.ts";
import type { Env } from "../../../src/host/host.ts";
import { type RawServer, rawServer, reply } from "../../support/raw_server.ts";
import { tempFolder, writeTree } from "../../support/temp.ts";
import { needs } from "../../support/tools.ts";
import { ADA, type CratesWorld, cratesWorld, failureOf, LONE, NO_CARGO } from "./crates_world.ts";

interface Row {
  readonly name: string;
  /** Files of the checkout and of the home folder, below the folder of both. */
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Env;
  /** What stands against an upload. */
  readonly problem?: RegExp;
  readonly hint?: RegExp;
  readonly warning?: RegExp;
}

const CONFIG = "repo/.cargo/config.toml";
const PROXY = 'http.proxy = "http://127.0.0.1:1"';
const REPLACED = '[source.crates-io]\nreplace-with = "there"\n';
const VENDORED = `${REPLACED}[source.there]\ndirectory = "vendor"\n`;

const ROWS: readonly Row[] = [
  {
    name: "a proxy",
    files: { [CONFIG]: '# ours\n[http]\nproxy = "http://127.0.0.1:1"\n' },
    problem:
      /^Cannot let \.cargo\/config\.toml:3 say where crates and tokens go: `http\.proxy` is "http/,
    hint: /set CARGO_HTTP_PROXY for the publish step/,
  },
  {
    name: "a proxy, in one line",
    files: { [CONFIG]: PROXY },
    problem: /config\.toml:1 .*`http\.proxy`/,
  },
  {
    name: "certificates",
    files: { [CONFIG]: '[http]\ncainfo = "ca.pem"\n' },
    problem: /`http\.cainfo`/,
    hint: /CARGO_HTTP_CAINFO/,
  },
  {
    name: "another default registry",
    files: { [CONFIG]: '[registry]\ndefault = "corp"\n' },
    problem: /`registry\.default` is "corp"/,
    hint: /take a crate that belongs elsewhere out of putitoutthere\.toml/,
  },
  {
    name: "crates.io as the default registry",
    files: { [CONFIG]: '[registry]\ndefault = "crates-io"' },
  },
  {
    name: "a registry that stands in for crates.io",
    files: { [CONFIG]: `${REPLACED}[source.there]\nregistry = "sparse+https://there.example/"\n` },
    problem: /`source\.crates-io\.replace-with` is "there"/,
    hint: /config\.toml of CARGO_HOME/,
  },
  { name: "a folder that stands in for crates.io", files: { [CONFIG]: VENDORED } },
  {
    name: "a stand-in that leads back to itself",
    files: { [CONFIG]: `${REPLACED}[source.there]\nreplace-with = "crates-io"\n` },
    problem: /replace-with/,
  },
  {
    name: "an index of its own for crates.io",
    files: { [CONFIG]: '[registries.crates-io]\nindex = "sparse+https://there.example/"\n' },
    problem: /`registries\.crates-io\.index`/,
  },
  {
    name: "registries with other names",
    files: { [CONFIG]: '[registries.corp]\nindex = "sparse+https://corp.example/"\n' },
  },
  {
    name: "what every build has",
    files: {
      [CONFIG]:
        '[build]\ntarget-dir = "out"\nrustc-wrapper = "sccache"\n[alias]\nx = "run"\n[net]\nretry = 5\n',
    },
  },
  {
    name: "the file's older name",
    files: { "repo/.cargo/config": PROXY },
    problem: /\.cargo\/config:1/,
  },
  {
    name: "a file in the crate's folder",
    files: { "repo/lone/.cargo/config.toml": PROXY },
    problem: /lone\/\.cargo\/config\.toml:1/,
  },
  { name: "a file above the work tree", files: { ".cargo/config.toml": PROXY } },
  {
    name: "a file that another one includes",
    files: { [CONFIG]: 'include = ["../more.toml"]\n', "repo/more.toml": `\n\n${PROXY}` },
    problem: /^Cannot let more\.toml:3/,
  },
  {
    name: "files that include one another",
    files: {
      [CONFIG]: 'include = ["a.toml"]\n',
      "repo/.cargo/a.toml": 'include = ["config.toml"]\n',
    },
  },
  { name: "a file that is no TOML", files: { [CONFIG]: "= = =\n[" } },
  { name: "a proxy of the user's own", files: { "home/.cargo/config.toml": PROXY } },
  {
    name: "a proxy that the user's own file names too",
    files: { [CONFIG]: PROXY, "home/.cargo/config.toml": '[http]\nproxy = "http://127.0.0.1:1"' },
  },
  {
    name: "a proxy where the user's own file names another",
    files: { [CONFIG]: PROXY, "home/.cargo/config.toml": '[http]\nproxy = "http://127.0.0.1:2"' },
    problem: /`http\.proxy`/,
  },
  {
    name: "a proxy where the variable names another",
    files: { [CONFIG]: PROXY },
    env: { CARGO_HTTP_PROXY: "http://127.0.0.1:2" },
  },
  {
    name: "a stand-in where the variable names the index",
    files: { [CONFIG]: REPLACED },
    env: { PIOT_CRATES_INDEX_URL: "http://127.0.0.1:3" },
  },
  {
    name: "a proxy where the variable names the index",
    files: { [CONFIG]: PROXY },
    env: { PIOT_CRATES_INDEX_URL: "http://127.0.0.1:3" },
    problem: /`http\.proxy`/,
  },
  {
    name: "a CARGO_HOME in the checkout, whose file is committed",
    files: { [CONFIG]: PROXY },
    env: { CARGO_HOME: "repo/.cargo" },
    problem: /\.cargo\/config\.toml:1/,
  },
  {
    name: "a program that asks for the token",
    files: { [CONFIG]: '[registry]\ncredential-provider = ["./steal"]\n' },
    warning: /^\.cargo\/config\.toml:2: `registry\.credential-provider` is not used for uploads/,
  },
];

for (const { name, files, env: given = {}, problem, hint, warning } of ROWS) {
  const outcome = problem === undefined ? "is fit to be published with" : "is refused with";
  test(`a checkout ${outcome} settings of cargo's that hold ${name}`, async () => {
    await using folder = await tempFolder({ "repo/.git/HEAD": "", ...files });
    const root = join(folder.path, "repo");
    const { CARGO_HOME } = given;
    const env = {
      ...{ HOME: join(folder.path, "home"), ...given },
      ...(CARGO_HOME === undefined ? {} : { CARGO_HOME: join(folder.path, CARGO_HOME) }),
    };
    const found = await committedSettings([join(root, "lone")], { root, env });
    assert.equal(found.problems.length, problem === undefined ? 0 : 1, found.problems[0]?.message);
    const [failure] = found.problems;
    if (problem !== undefined) {
      assert.equal(failure!.code, "PIOT_SETTINGS_COMMITTED");
      assert.equal(failure!.exitCode, 2);
      assert.match(failure!.message, problem);
      assert.match(failure!.hint!, hint ?? /^Remove the line; or, /);
      assert.ok(failure!.location?.line !== undefined);
      assert.equal(JSON.stringify(failure!.problems).includes("secret"), false);
    }
    assert.equal(found.warnings.length, warning === undefined ? 0 : 1);
    if (warning !== undefined) assert.match(found.warnings[0]!, warning);
  });
}

/** Notes what it was started with, and does what it stands before. */
const SPY = `#!/bin/sh
echo "$CARGO_REGISTRY_TOKEN $*" >> "$CARGO_HOME/spied"
exec "$@"
`;

/** Prepares and uploads the crate, as a run does; the wrapper's cache is gone in between, as a build script may see to. */
async function release(world: CratesWorld): Promise<void> {
  const registry = world.registry();
  const [prepared] = await world.prepare(registry, [await world.release("lone", "0.1.0")]);
  assert.ok(prepared?.way.by === "cargo");
  await rm(join(prepared.way.cargo.targetFolder, ".rustc_info.json"), { force: true });
  const credential = await registry.authorise(prepared, await registry.look(prepared));
  await registry.upload(prepared, prepared.files[0]!, { credential });
}

async function worldWith(
  settings: string,
  { edition = "2024" }: { readonly edition?: string } = {},
): Promise<CratesWorld> {
  const lone = LONE["lone/Cargo.toml"]!.replace('edition = "2021"', `edition = "${edition}"`);
  const world = await cratesWorld({
    ...{ ...LONE, "lone/Cargo.toml": lone, "tools/spy.sh": SPY, ".cargo/config.toml": settings },
    ".gitignore": "target\nspied\n",
  });
  await chmod(join(world.repo.path, "tools/spy.sh"), 0o755);
  await world.repo.commit("make it executable");
  return world;
}

const spied = (world: CratesWorld): Promise<string> =>
  readFile(join(world.home.path, "cargo/spied"), "utf8").catch(() => "");

const PROGRAMS: readonly { readonly name: string; readonly settings: string }[] = [
  { name: "a wrapper around the compiler", settings: '[build]\nrustc-wrapper = "tools/spy.sh"\n' },
  {
    name: "a wrapper around the workspace's compiler",
    settings: '[build]\nrustc-workspace-wrapper = "tools/spy.sh"\n',
  },
  {
    name: "a linker, a runner and an alias",
    settings: `[target.'cfg(all())']\nrunner = "tools/spy.sh"\nlinker = "tools/spy.sh"\n` +
      '[alias]\npublish = ["run", "--bin", "spy"]\n',
  },
  {
    name: "programs that ask for the token",
    settings:
      '[registry]\ncredential-provider = ["tools/spy.sh"]\nglobal-credential-providers = ["tools/spy.sh"]\n' +
      '[credential-alias]\n"cargo:token" = ["tools/spy.sh"]\n' +
      '[registries.crates-io]\ncredential-provider = ["tools/spy.sh"]\n',
  },
];

for (const { name, settings } of PROGRAMS) {
  test(`the token is in reach of no program that committed settings name: ${name}`, {
    skip: NO_CARGO || (await needs("sh")).skip,
  }, async () => {
    await using world = await worldWith(settings);
    await release(world);
    assert.deepEqual(world.puts(), [200]);
    assert.equal((await spied(world)).includes(ADA.secret), false);
    if (name.startsWith("a wrapper")) assert.match(await spied(world), /rustc/);
  });
}

test("a token canary hears nothing where a committed proxy stands in its way", {
  skip: NO_CARGO,
}, async () => {
  await using canary = await rawServer(() => reply("", { status: "502 Bad Gateway" }));
  await using world = await worldWith(`[http]\nproxy = "${canary.url}"\n`);
  await assert.rejects(release(world), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_SETTINGS_COMMITTED");
    return true;
  });
  assertQuiet(canary);
  assert.deepEqual(world.server.log, []);
});

test("an upload goes round every setting of the checkout, were one let through", {
  skip: NO_CARGO,
}, async () => {
  await using canary = await rawServer(() => reply("", { status: "502 Bad Gateway" }));
  await using world = await worldWith(`[http]\nproxy = "${canary.url}"\n`);
  const own = join(world.home.path, "cargo/config.toml");
  await mkdir(join(world.home.path, "cargo"), { recursive: true });
  await writeFile(own, `[http]\nproxy = "${canary.url}"\n`);
  const registry = world.registry();
  const [prepared] = await world.prepare(registry, [await world.release("lone", "0.1.0")]);
  await writeFile(own, "");
  const credential = await registry.authorise(prepared!, await registry.look(prepared!));
  await registry.upload(prepared!, prepared!.files[0]!, { credential });
  assert.deepEqual(world.puts(), [200]);
  assertQuiet(canary);
});

test("what a CARGO_HOME in the checkout says is anybody's, and no upload hears of it", {
  skip: NO_CARGO,
}, async () => {
  await using canary = await rawServer(() => reply("", { status: "502 Bad Gateway" }));
  await using world = await worldWith("");
  const config = join(world.repo.path, ".cache/config.toml");
  await writeTree(world.repo.path, { ".cache/config.toml": `[http]\nproxy = "${canary.url}"\n` });
  const env = { CARGO_HOME: join(world.repo.path, ".cache") };
  const release = await world.release("lone", "0.1.0");
  const failure = await failureOf(world.prepare(world.registry({ env }), [release]));
  assert.equal(failure.code, "PIOT_SETTINGS_COMMITTED");
  assert.match(
    failure.message,
    /let \/.*\/\.cache\/config\.toml:2 say where crates and tokens go: `http\.proxy`/,
  );
  await writeFile(config, "");
  const registry = world.registry({ env });
  const [prepared] = await world.prepare(registry, [release]);
  await writeFile(config, `[http]\nproxy = "${canary.url}"\n`);
  const credential = await registry.authorise(prepared!, await registry.look(prepared!));
  await registry.upload(prepared!, prepared!.files[0]!, { credential });
  assert.deepEqual(world.puts(), [200]);
  assertQuiet(canary);
});

function assertQuiet({ requests }: RawServer): void {
  assert.equal(requests.some(({ text }) => text.includes(ADA.secret)), false);
}
