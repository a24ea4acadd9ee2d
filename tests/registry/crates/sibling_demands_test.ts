/** What crates of one repository ask of each other, with real cargo: features, and versions by `[patch]`. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { cargoUser, cratesWorld, failureOf, inside, manifest, NO_CARGO } from "./crates_world.ts";
import { uploadAll } from "./ready_world.ts";

const ROOT = '[workspace]\nmembers = ["low", "high"]\nresolver = "2"\n';

test(
  "features that a crate beside it does not have are said in one go, where cargo would end the build",
  {
    skip: NO_CARGO,
  },
  async () => {
    const low = "[features]\nfast = []\n[dependencies]\n";
    const high = [
      "[features]",
      'full = ["l/nope", "l?/fast", "dep:l", "other"]',
      "other = []",
      "[dependencies]",
      'l = { package = "low", path = "../low", version = "0.0.0", optional = true, features = ["fsat"] }',
      // Without a version it is left out of what is published.
      "[dev-dependencies]",
      'low = { path = "../low", features = ["fast"] }',
    ].join("\n");
    await using world = await cratesWorld({
      "Cargo.toml": ROOT,
      ...inside("low", { "Cargo.toml": manifest("low", low), "src/lib.rs": "" }),
      ...inside("high", { "Cargo.toml": manifest("high", high), "src/lib.rs": "" }),
    });
    const failure = await failureOf(world.prepare(world.registry(), [
      await world.release("low", "0.1.0"),
      await world.release("high", "0.1.0", { dependsOn: ["low"] }),
    ]));
    assert.deepEqual(
      failure.problems.map(({ code, message, hint }) => [code, message, hint]),
      [
        [
          "PIOT_CRATES_MANIFEST",
          'Cannot publish high: it switches on the feature "fsat" of low, which has none',
          'Did you mean "fast"? Mend it in Cargo.toml of high, or declare "fsat" under [features] of low',
        ],
        [
          "PIOT_CRATES_MANIFEST",
          'Cannot publish high: it switches on the feature "nope" of low, which has none',
          'Mend it in Cargo.toml of high, or declare "nope" under [features] of low',
        ],
      ],
    );
    const user = { home: world.home.path, server: world.server, cwd: world.repo.path };
    const packaged = await cargoUser(user, ["package", "--no-verify", "-p", "low", "-p", "high"]);
    assert.notEqual(packaged.code, 0);
    assert.match(packaged.output, /`?fsat`?|`?nope`?/);
  },
);

test(
  "a crate that is needed by version and patched by a folder is one beside it, where its version is the one that ships",
  {
    skip: NO_CARGO,
  },
  async () => {
    await using world = await cratesWorld({
      "Cargo.toml": `${ROOT}[patch.crates-io]\nother = { package = "low", path = "./low" }\n`,
      ...inside("low", { "Cargo.toml": manifest("low"), "src/lib.rs": "pub fn low() {}\n" }),
      ...inside("high", {
        "Cargo.toml": manifest("high", '[dependencies]\nlow = "0.3"\n'),
        "src/lib.rs": "pub fn high() { low::low() }\n",
      }),
    });
    const low = await world.release("low", "0.3.0");
    const alone = await world.release("high", "0.3.0");
    const high = await world.release("high", "0.3.0", { dependsOn: ["low"] });

    const unreleased = await failureOf(world.prepare(world.registry(), [alone]));
    assert.equal(unreleased.code, "PIOT_CRATES_DEPENDENCY");
    assert.match(unreleased.message, /it depends on low of this repository/);
    const undeclared = await failureOf(world.prepare(world.registry(), [low, alone]));
    assert.match(undeclared.message, /high depends on low in Cargo\.toml and not in putitoutthere/);
    assert.equal(undeclared.hint, 'Add "low" to `depends_on` of high');

    const registry = world.registry();
    const prepared = await world.prepare(registry, [low, high]);
    assert.deepEqual(prepared[1]!.siblings, [{ name: "low", version: "0.3.0" }]);
    assert.deepEqual(prepared.flatMap(({ warnings }) => warnings), []);
    await uploadAll(registry, prepared);
    assert.deepEqual(world.puts(), [200, 200]);
    await world.undo();

    const older = await world.prepare(world.registry(), [
      await world.release("low", "0.4.0"),
      await world.release("high", "0.4.0"),
    ]);
    assert.deepEqual(older[1]!.siblings, []);
    assert.deepEqual(older.flatMap(({ warnings }) => warnings), [
      'high depends on low "^0.3", and 0.4.0 ships beside it: `[patch]` does not reach who downloads it, so that they get another release of low',
    ]);
  },
);
