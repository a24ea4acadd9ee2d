/** Real cargo takes the local crates.io for the real one. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { holdVersion } from "../../../src/rehearsal/crates/crates_state.ts";
import { type LocalCrates, serveCrates } from "../../../src/rehearsal/crates/serve_crates.ts";
import { ADA, cargoUser, EVE, manifest, NO_CARGO } from "../../registry/crates/crates_world.ts";
import { type TempFolder, tempFolder } from "../../support/temp.ts";

interface Shop extends AsyncDisposable {
  readonly server: LocalCrates;
  readonly folder: TempFolder;
  /** Runs cargo in a folder below, with ada's token. */
  readonly cargo: (at: string, ...args: string[]) => Promise<{ code: number; output: string }>;
}

/** A crates.io and two crates, `high` on top of `low`. */
async function shop(token: string = ADA.secret): Promise<Shop> {
  const server = await serveCrates({ tokens: [ADA, EVE] });
  const folder = await tempFolder({
    "low/Cargo.toml": manifest("low", "", 'version = "1.0.0"'),
    "low/src/lib.rs": "pub fn low() -> u8 { 1 }\n",
    "high/Cargo.toml": manifest(
      "high",
      '[dependencies]\nlow = { path = "../low", version = "1" }\n',
      'version = "1.0.0"',
    ),
    "high/src/main.rs": 'fn main() { println!("high {}", low::low()) }\n',
    "user/Cargo.toml": manifest("user", "", 'version = "1.0.0"'),
    "user/src/main.rs": "fn main() {}\n",
  });
  const cargo: Shop["cargo"] = (at, ...args) =>
    cargoUser({ home: join(folder.path, "home"), server, cwd: join(folder.path, at) }, args, {
      CARGO_REGISTRY_TOKEN: token,
    });
  const dispose = async (): Promise<void> => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  };
  return { server, folder, cargo, [Symbol.asyncDispose]: dispose };
}

test("cargo publishes, resolves, installs, yanks and unyanks", { skip: NO_CARGO }, async () => {
  await using world = await shop();
  const { server, cargo } = world;
  const ok = async (at: string, ...args: string[]): Promise<string> => {
    const { code, output } = await cargo(at, ...args);
    assert.equal(code, 0, output);
    return output;
  };
  const low = await ok("low", "publish", "--no-verify");
  assert.match(low, /Uploaded low v1\.0\.0 to registry `crates-io`/);
  assert.match(low, /Published low v1\.0\.0 at registry `crates-io`/);
  await ok("high", "publish", "--no-verify");
  assert.match(
    await ok("user", "install", "high", "--root", join(world.folder.path, "bin")),
    /Installed package `high v1\.0\.0`/,
  );
  await ok("user", "add", "low@1");
  await ok("user", "fetch");
  assert.match(
    await readFile(join(world.folder.path, "user/Cargo.lock"), "utf8"),
    new RegExp(
      `name = "low"\\nversion = "1.0.0"\\nsource = .*\\nchecksum = "${
        server.state.crates.get("low")!.versions[0]!.cksum
      }"`,
    ),
  );
  await ok("low", "yank", "low@1.0.0");
  assert.equal(server.state.crates.get("low")!.versions[0]!.yanked, true);
  const again = await cargo("low", "publish", "--no-verify");
  assert.match(again.output, /crate version `1\.0\.0` is already uploaded/);
  await ok("low", "yank", "low@1.0.0", "--undo");
  assert.equal(server.state.crates.get("low")!.versions[0]!.yanked, false);
});

for (
  const { name, token, at, args, words } of [
    {
      name: "an unknown token",
      token: `cio${"x".repeat(32)}`,
      at: "low",
      args: [],
      words: /error \(status 403 Forbidden\): authentication failed/,
    },
    {
      name: "a dependency that is not there",
      token: ADA.secret,
      at: "high",
      args: [],
      words: /no matching package named `low` found/,
    },
  ]
) {
  test(`cargo shows why ${name} is refused`, { skip: NO_CARGO }, async () => {
    await using world = await shop(token);
    const { code, output } = await world.cargo(at, "publish", "--no-verify", ...args);
    assert.equal(code, 101);
    assert.match(output, words);
    assert.equal(world.server.state.crates.size, 0);
  });
}

test("cargo waits for an index that lags", { skip: NO_CARGO }, async () => {
  await using world = await shop();
  world.server.state.indexLag = 1;
  const { code, output } = await world.cargo("low", "publish", "--no-verify");
  assert.equal(code, 0, output);
  const polls = world.server.log.filter(({ path }) => path === "/index/3/l/low");
  assert.deepEqual(polls.slice(-2).map(({ status }) => status), [404, 200]);
});

test("cargo searches, and lists, invites and removes owners", { skip: NO_CARGO }, async () => {
  await using server = await serveCrates({ tokens: [ADA] });
  await using home = await tempFolder();
  for (const name of ["demo", "demo-util"]) {
    holdVersion(server.state, {
      ...{ name, owner: "ada" },
      version: {
        ...{ version: "1.2.3", cksum: "00", tarball: new Uint8Array(), yanked: false },
        line: { name, vers: "1.2.3", cksum: "00", deps: [], features: {} },
        ...{ createdAt: new Date(0), publishedBy: "ada", trustpubData: null },
        description: `What ${name} is`,
      },
    });
  }
  const cargo = (...args: string[]): Promise<{ code: number; output: string }> =>
    cargoUser({ home: home.path, server, cwd: home.path }, args, {
      CARGO_REGISTRY_TOKEN: ADA.secret,
    });
  const found = await cargo("search", "demo");
  assert.match(found.output, /^demo = "1\.2\.3" +# What demo is\ndemo-util = "1\.2\.3"/m);
  assert.match((await cargo("owner", "--list", "demo")).output, /^ada \(ada\)$/m);
  assert.match(
    (await cargo("owner", "--add", "eve", "demo")).output,
    /user eve has been invited to be an owner of crate demo/,
  );
  server.state.crates.get("demo")!.owners.add("eve");
  assert.equal((await cargo("owner", "--remove", "eve", "demo")).code, 0);
  assert.deepEqual([...server.state.crates.get("demo")!.owners], ["ada"]);
  assert.match(
    (await cargo("owner", "--remove", "ada", "demo")).output,
    /cannot remove all individual owners of a crate/,
  );
});
