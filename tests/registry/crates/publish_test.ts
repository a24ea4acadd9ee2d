/** The publisher against real cargo and a crates.io on this machine. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { tempFolder } from "../../support/temp.ts";
import { cargoUser, cratesWorld, inside, manifest, NO_CARGO } from "./crates_world.ts";

const workspace = {
  "Cargo.toml":
    '[workspace]\nmembers = ["low", "high"]\nresolver = "2"\n\n[workspace.package]\nversion = "0.0.0"\n',
  ...inside("low", {
    "Cargo.toml": manifest("low", "", "version.workspace = true # the workspace's"),
    "src/lib.rs": "pub fn low() -> u8 { 1 }\n",
  }),
  ...inside("high", {
    "Cargo.toml": manifest(
      "high",
      '\n[dependencies]\nlow = { path = "../low", version = "0.0.0" }\n',
      "version = { workspace = true }",
    ),
    "src/lib.rs": "pub fn high() -> u8 { low::low() }\n",
  }),
};

test("two new crates of one workspace are published in order, and a second run sends nothing", {
  skip: NO_CARGO,
}, async () => {
  await using world = await cratesWorld(workspace);
  const before = await readFile(join(world.repo.path, "high/Cargo.toml"), "utf8");
  const releases = [
    await world.release("low", "0.3.0"),
    await world.release("high", "0.3.0", { dependsOn: ["low"] }),
  ];
  const first = world.registry();
  const prepared = await world.prepare(first, releases);
  assert.deepEqual(prepared.map(({ files }) => files[0]!.name), [
    "low-0.3.0.crate",
    "high-0.3.0.crate",
  ]);
  world.server.state.indexLag = 2;
  for (const crate of prepared) {
    assert.deepEqual((await first.look(crate)).files.get(crate.files[0]!.name), {
      state: "absent",
    });
    const look = await first.look(crate);
    await first.upload(crate, crate.files[0]!, { credential: await first.authorise(crate, look) });
    const after = await first.look(crate, { fresh: true });
    assert.deepEqual(after.files.get(crate.files[0]!.name), { state: "same" });
  }
  assert.deepEqual(world.puts(), [200, 200]);
  await world.undo();
  assert.equal(await world.repo.git("status", "--porcelain"), "");
  assert.equal(await readFile(join(world.repo.path, "high/Cargo.toml"), "utf8"), before);

  const second = world.registry();
  for (const crate of await world.prepare(second, releases)) {
    const { files, versions } = await second.look(crate);
    assert.deepEqual(files.get(crate.files[0]!.name), { state: "same" });
    assert.deepEqual(versions, ["0.3.0"]);
  }
  assert.deepEqual(world.puts(), [200, 200]);

  await using consumer = await tempFolder({
    "Cargo.toml": manifest("consumer", '[dependencies]\nhigh = "0.3"\n', 'version = "1.0.0"'),
    "src/main.rs": "fn main() {}\n",
  });
  const user = { home: world.home.path, server: world.server, cwd: consumer.path };
  const fetched = await cargoUser(user, ["fetch"]);
  assert.equal(fetched.code, 0, fetched.output);
  const lock = await readFile(join(consumer.path, "Cargo.lock"), "utf8");
  assert.match(lock, /name = "low"\nversion = "0\.3\.0"\nsource = /);
});
