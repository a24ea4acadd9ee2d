/** The publisher against real cargo and a crates.io on this machine. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { tempFolder } from "../../support/temp.ts";
import {
  ADA,
  cargoUser,
  cratesWorld,
  failureOf,
  inside,
  manifest,
  NO_CARGO,
} from "./crates_world.ts";

const workspace = {
  "Cargo.toml":
    '[workspace]\nmembers = ["low", "high"]\nresolver = "2"\n\n[workspace.package]\nversion = "0.0.0"\n',
  ...inside("low", {
    // A circle that is none on crates.io: without a version cargo leaves it out of what is published.
    "Cargo.toml": manifest(
      "low",
      '\n[dev-dependencies]\nhigh = { path = "../high" }\n',
      "version.workspace = true # the workspace's",
    ),
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

function cutOff(text: string): string {
  return text.split("\n")[0]!;
}

test(
  "two new crates of one workspace are published in order, however late the index is, and a second run sends nothing",
  {
    skip: NO_CARGO,
  },
  async () => {
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
    // Longer than cargo waits, and then an edge that has it before one, cargo's, that has not.
    const late = Array.from({ length: 7 }, () => "behind" as const);
    world.server.state.indexEdges = [...late, "fresh", "behind", "fresh"];
    for (const crate of prepared) {
      assert.deepEqual((await first.look(crate)).files.get(crate.files[0]!.name), {
        state: "absent",
      });
      const look = await first.look(crate);
      await first.upload(crate, crate.files[0]!, {
        credential: await first.authorise(crate, look),
      });
      const after = await first.look(crate, { fresh: true });
      assert.deepEqual(after.files.get(crate.files[0]!.name), { state: "same" });
    }
    assert.deepEqual(world.puts(), [200, 200]);
    assert.deepEqual(world.waits.map(({ package: name, why }) => `${name}: ${cutOff(why)}`), [
      ...Array.from({ length: 6 }, () => "high: low 0.3.0 is not in the index of crates.io yet"),
      "high: failed to prepare local package for uploading",
    ]);
    assert.ok(world.host.waits.reduce((sum, wait) => sum + wait, 0) > 75_000);
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

    world.server.state.flushIndex();
    await using consumer = await tempFolder({
      "Cargo.toml": manifest("consumer", '[dependencies]\nhigh = "0.3"\n', 'version = "1.0.0"'),
      "src/main.rs": "fn main() {}\n",
    });
    const user = { home: world.home.path, server: world.server, cwd: consumer.path };
    const fetched = await cargoUser(user, ["fetch"]);
    assert.equal(fetched.code, 0, fetched.output);
    const lock = await readFile(join(consumer.path, "Cargo.lock"), "utf8");
    assert.match(lock, /name = "low"\nversion = "0\.3\.0"\nsource = /);

    // Nothing new can depend on what is yanked.
    world.server.state.crates.get("low")!.versions[0]!.yanked = true;
    const [, high] = prepared;
    const credential = { kind: "token", secret: ADA.secret, why: "a test" } as const;
    const failure = await failureOf(second.upload(high!, high!.files[0]!, { credential }));
    assert.equal(failure.code, "PIOT_CRATES_DEPENDENCY");
    assert.match(failure.message, /^Cannot publish high: it needs low 0\.3\.0, which is yanked/);
    assert.deepEqual(world.puts(), [200, 200]);
  },
);
