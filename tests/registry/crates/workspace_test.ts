/** Crates that depend on one another, in one workspace and in several. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readCrateMember } from "../../../src/artifact/crate.ts";
import type { Failure } from "../../../src/error.ts";
import type { CratesPrepared } from "../../../src/registry/crates/crates_work.ts";
import type { Registry, Release } from "../../../src/registry/registry.ts";
import {
  crate,
  type CratesWorld,
  cratesWorld,
  inside,
  manifest,
  NO_CARGO,
} from "./crates_world.ts";

const low = inside("low", {
  "Cargo.toml": manifest("low", "[features]\nloud = []"),
  "src/lib.rs": '#[cfg(not(feature = "loud"))]\ncompile_error!("too quiet");\npub fn low() {}\n',
});

function high(rest: string): Record<string, string> {
  return inside("high", {
    "Cargo.toml": manifest("high", rest),
    "src/lib.rs": "pub fn high() { low::low() }\n",
  });
}

async function publish(
  world: CratesWorld,
  { registry, releases, standing = [] }: {
    registry: Registry<CratesPrepared>;
    releases: readonly Release[];
    standing?: Parameters<CratesWorld["prepare"]>[2];
  },
): Promise<void> {
  for (const crate of await world.prepare(registry, releases, standing)) {
    const secret = world.host.env.CARGO_REGISTRY_TOKEN!;
    await registry.upload(crate, crate.files[0]!, {
      credential: { kind: "token", secret, why: "" },
    });
    const held = (await registry.look(crate, { fresh: true })).files.get(crate.files[0]!.name);
    assert.deepEqual(held, { state: "same" });
  }
}

/** Two crates of one workspace version, of which `high` needs `low`. */
function inheriting(requirement: string): Record<string, string> {
  return {
    "Cargo.toml":
      '[workspace]\nmembers = ["low", "high"]\nresolver = "2"\n[workspace.package]\nversion = "0.0.0"\n',
    "low/Cargo.toml": manifest("low", "", "version.workspace = true"),
    "low/src/lib.rs": "",
    "high/Cargo.toml": manifest(
      "high",
      `[dependencies]\nlow = { path = "../low", version = "${requirement}" }`,
      "version.workspace = true",
    ),
    "high/src/lib.rs": "",
  };
}

test(
  "crates of two workspaces, the one unpublished that the other needs, are verified and published",
  {
    skip: NO_CARGO,
  },
  async () => {
    const loud = { features: ["loud"] };
    await using world = await cratesWorld({
      ...low,
      ...high('[dependencies]\nlow = { path = "../low", version = "0.0.0", features = ["loud"] }'),
    });
    const releases = [
      await world.release("low", "0.2.0", loud),
      await world.release("high", "0.5.0", { dependsOn: ["low"] }),
    ];
    await publish(world, { registry: world.registry(), releases });
    const [line] = [...world.server.state.crates.get("high")!.versions].map((one) => one.line);
    assert.deepEqual(
      (line!.deps as { name: string; req: string }[]).map(({ name, req }) => [name, req]),
      [
        ["low", "^0.2.0"],
      ],
    );
  },
);

test("crates that are built with and without their default features go out of one workspace", {
  skip: NO_CARGO,
}, async () => {
  const choosy = '#[cfg(feature = "std")]\ncompile_error!("std");\npub fn low() {}\n';
  const needy = '#[cfg(not(feature = "std"))]\ncompile_error!("no std");\npub fn high() {}\n';
  const features = '[features]\ndefault = ["std"]\nstd = []';
  const dependency =
    '\n[dependencies]\nlow = { path = "../low", version = "0", default-features = false }';
  await using world = await cratesWorld({
    "Cargo.toml": '[workspace]\nmembers = ["low", "high"]\nresolver = "2"\n',
    "low/Cargo.toml": manifest("low", features),
    "low/src/lib.rs": choosy,
    "high/Cargo.toml": manifest("high", features + dependency),
    "high/src/lib.rs": needy,
  });
  const releases = [
    await world.release("low", "0.1.0", { noDefaultFeatures: true }),
    await world.release("high", "0.1.0", { dependsOn: ["low"] }),
  ];
  await publish(world, { registry: world.registry(), releases });
  assert.deepEqual(world.puts(), [200, 200]);
});

test("a run that only finishes an earlier one makes the same file as if both were planned", {
  skip: NO_CARGO,
}, async () => {
  await using world = await cratesWorld(inheriting("0.0.0"));
  const [lower, higher] = [
    await world.release("low", "0.3.0"),
    await world.release("high", "0.3.0", { dependsOn: ["low"] }),
  ];
  const both = await world.prepare(world.registry(), [lower, higher]);
  await world.undo();
  await publish(world, { registry: world.registry(), releases: [lower] });
  await world.undo();
  const standing = [{ package: lower.package, version: "0.3.0" }];
  const [alone] = await world.prepare(world.registry(), [higher], standing);
  assert.deepEqual(alone!.files, both[1]!.files);
});

test("a crate that does not ship keeps its own version when the one that it inherits moves", {
  skip: NO_CARGO,
}, async () => {
  await using world = await cratesWorld(inheriting("0.0"));
  const lower = await world.release("low", "0.2.7");
  await publish(world, { registry: world.registry(), releases: [lower] });
  await world.undo();
  const standing = [{ package: lower.package, version: "0.2.7" }];
  const releases = [await world.release("high", "0.9.0", { dependsOn: ["low"] })];
  await publish(world, { registry: world.registry(), releases, standing });
  const held = world.server.state.crates.get("high")!.versions[0]!;
  assert.equal((held.line.deps as { req: string }[])[0]!.req, "^0.2");
  assert.equal(await world.repo.git("status", "--porcelain", "--ignored"), "");
});

test("crates that inherit one version cannot ship at two", { skip: NO_CARGO }, async () => {
  await using world = await cratesWorld({
    "Cargo.toml": '[workspace]\nmembers = ["one", "two"]\n[workspace.package]\nversion = "0.0.0"\n',
    "one/Cargo.toml": manifest("one", "", "version.workspace = true"),
    "one/src/lib.rs": "",
    "two/Cargo.toml": manifest("two", "", "version.workspace = true"),
    "two/src/lib.rs": "",
  });
  const releases = [await world.release("one", "0.1.0"), await world.release("two", "0.2.0")];
  await assert.rejects(world.prepare(world.registry(), releases), (error: Failure) => {
    assert.equal(error.code, "PIOT_CRATES_SHARED_VERSION");
    assert.match(error.message, /one 0\.1\.0, two 0\.2\.0/);
    return true;
  });
  assert.equal(await world.repo.git("status", "--porcelain"), "");
});

for (
  const { name, table, hint } of [
    { name: "a dependency", table: "dependencies", hint: 'Add "low" to `depends_on` of high' },
    {
      name: "a dev-dependency",
      table: "dev-dependencies",
      hint: "Leave `version` out of the dev-dependency",
    },
  ]
) {
  test(
    `${name} between crates that ship together must be declared`,
    { skip: NO_CARGO },
    async () => {
      await using world = await cratesWorld({
        ...low,
        ...high(`[${table}]\nlow = { path = "../low", version = "0.0.0" }`),
      });
      const releases = [
        await world.release("low", "0.1.0"),
        await world.release("high", "0.1.0", {}),
      ];
      await assert.rejects(world.prepare(world.registry(), releases), (error: Failure) => {
        assert.equal(error.code, "PIOT_CRATES_MANIFEST");
        assert.ok(error.hint?.startsWith(hint), error.hint);
        return true;
      });
    },
  );
}

test(
  "a committed Cargo.lock follows in the crate, and not in the work tree",
  { skip: NO_CARGO },
  async () => {
    const lock = (version: string): string =>
      `# This file is automatically @generated by Cargo.\n# It is not intended for manual editing.\nversion = 4\n\n[[package]]\nname = "low"\nversion = "${version}"\n`;
    await using world = await cratesWorld({ ...low, "low/Cargo.lock": lock("0.0.0") });
    const [prepared] = await world.prepare(world.registry(), [
      await world.release("low", "0.1.0", { features: ["loud"] }),
    ]);
    assert.ok(prepared?.way.by === "cargo");
    const packed = join(prepared.way.cargo.targetFolder, "package/low-0.1.0.crate");
    const written = await readCrateMember(packed, "Cargo.lock");
    assert.equal(new TextDecoder().decode(written), lock("0.1.0"));
    const path = join(world.repo.path, "low/Cargo.lock");
    assert.equal(await readFile(path, "utf8"), lock("0.0.0"));
  },
);

test("a dependency that never appears in the index is waited for with growing pauses, then said", {
  skip: NO_CARGO,
}, async () => {
  await using world = await cratesWorld({
    ...low,
    ...high('[dependencies]\nlow = { path = "../low", version = "0.0.0", features = ["loud"] }'),
  });
  const registry = world.registry();
  const releases = [
    await world.release("low", "0.2.0", { features: ["loud"] }),
    await world.release("high", "0.5.0", { dependsOn: ["low"] }),
  ];
  const [, dependent] = await world.prepare(registry, releases);
  const credential = { kind: "token", secret: "unused", why: "" } as const;
  await assert.rejects(registry.upload(dependent!, dependent!.files[0]!, { credential }), {
    code: "PIOT_CRATES_DEPENDENCY",
    message: "Cannot publish high: low 0.2.0 is not in the index of crates.io yet",
  });
  assert.deepEqual(world.host.waits.slice(0, 6), [1000, 2000, 5000, 10_000, 30_000, 30_000]);
  assert.equal(world.waits[0]!.why, "low 0.2.0 is not in the index of crates.io yet");
  assert.deepEqual(world.puts(), []);
});

test("a crate that is declared under another name than its folder is found by its path", {
  skip: NO_CARGO,
}, async () => {
  await using world = await cratesWorld({
    "lone/Cargo.toml": manifest("lone-core"),
    "lone/src/lib.rs": "",
  });
  const release = await world.release("lone", "0.1.0");
  const pkg = { ...crate("lone"), registryName: "lone-core" };
  const [prepared] = await world.prepare(world.registry(), [{ ...release, package: pkg }]);
  assert.equal(prepared!.files[0]!.name, "lone-core-0.1.0.crate");
});
