/** Crates that a build job delivers: real cargo packages them, and they go out without it. */

import assert from "node:assert/strict";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Failure } from "../../../src/error.ts";
import type { Release } from "../../../src/registry/registry.ts";
import { tempFolder } from "../../support/temp.ts";
import {
  cargoUser,
  type CratesWorld,
  cratesWorld,
  failureOf,
  inside,
  manifest,
  NO_CARGO,
} from "./crates_world.ts";
import { build, cargolessRegistry, uploadAll, withCrates } from "./ready_world.ts";

const WORKSPACE = {
  "Cargo.toml": '[workspace]\nmembers = ["low", "high"]\nresolver = "2"\n\n' +
    '[workspace.package]\nversion = "0.0.0"\nreadme = "README.md"\n',
  "README.md": "# Of all\n",
  ...inside("low", {
    "Cargo.toml": manifest("low", "readme.workspace = true", "version.workspace = true"),
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

async function bothOf(world: CratesWorld): Promise<readonly Release[]> {
  return [
    await world.release("low", "0.3.0"),
    await world.release("high", "0.3.0", { dependsOn: ["low"] }),
  ];
}

const skip = { skip: NO_CARGO };

test(
  "ready crates are published as they are, without cargo, and real cargo builds upon them",
  skip,
  async () => {
    await using world = await cratesWorld(WORKSPACE);
    const releases = await bothOf(world);
    const folder = await build(world, releases);
    const registry = await cargolessRegistry(world);
    const prepared = await world.prepare(registry, withCrates(releases, folder));
    assert.deepEqual(
      prepared.map(({ files, way, warnings }) => [files[0]!.name, way.by, warnings]),
      [
        ["low-0.3.0.crate", "ready", []],
        ["high-0.3.0.crate", "ready", []],
      ],
    );
    assert.equal(await world.repo.git("status", "--porcelain"), "");
    await uploadAll(registry, prepared);
    assert.deepEqual(world.puts(), [200, 200]);
    assert.deepEqual(world.waits, []);

    // A second run finds them there, whoever packages.
    const again = await cargolessRegistry(world);
    for (const crate of await world.prepare(again, withCrates(releases, folder))) {
      assert.deepEqual([...(await again.look(crate)).files.values()], [{ state: "same" }]);
    }
    await using consumer = await tempFolder({
      "Cargo.toml": manifest("consumer", '[dependencies]\nhigh = "0.3"\n', 'version = "1.0.0"'),
      "src/main.rs": "fn main() { assert_eq!(high::high(), 1); }\n",
    });
    const user = { home: world.home.path, server: world.server, cwd: consumer.path };
    const run = await cargoUser(user, ["run", "--quiet"]);
    assert.equal(run.code, 0, run.output);
  },
);

test("a ready crate is uploaded with the body that cargo sends for it", skip, async () => {
  await using world = await cratesWorld(WORKSPACE);
  const [low] = await bothOf(world);
  const folder = await build(world, [low!]);
  const registry = await cargolessRegistry(world);
  const [prepared] = await world.prepare(registry, withCrates([low!], folder));
  await uploadAll(registry, [prepared!]);
  const put = world.server.log.find(({ method }) => method === "PUT")!;
  const crate = await readFile(join(folder, "low-0.3.0.crate"));
  assert.equal(prepared!.way.by, "ready");
  const { document } = prepared!.way.by === "ready" ? prepared!.way.ready : { document: "" };
  assert.equal(put.size, 8 + new TextEncoder().encode(document).length + crate.length);
  assert.equal(put.headers.get("accept"), "application/json");
  assert.match(put.headers.get("user-agent")!, /^putitoutthere\//);
});

test("one crate may be ready while cargo packages the other", skip, async () => {
  await using world = await cratesWorld(WORKSPACE);
  const [low, high] = await bothOf(world);
  const folder = await build(world, [low!]);
  const registry = world.registry();
  const releases = [...withCrates([low!], folder), high!];
  const prepared = await world.prepare(registry, releases);
  assert.deepEqual(prepared.map(({ way }) => way.by), ["ready", "cargo"]);
  await uploadAll(registry, prepared);
  assert.deepEqual(world.puts(), [200, 200]);
});

test(
  "a crate of another version is left out with a warning, and cargo packages the commit",
  skip,
  async () => {
    await using world = await cratesWorld(WORKSPACE);
    const [low] = await bothOf(world);
    const folder = await build(world, [{ ...low!, version: "0.2.9" }]);
    const [prepared] = await world.prepare(world.registry(), withCrates([low!], folder));
    assert.equal(prepared!.way.by, "cargo");
    assert.match(
      prepared!.warnings[0]!,
      /"low-crate" is left out.*"low-0\.2\.9\.crate".*"low-0\.3\.0\.crate"/,
    );
  },
);

describe("a ready crate is refused", skip, () => {
  const rows: readonly {
    readonly name: string;
    readonly before?: (checkout: string) => Promise<void>;
    readonly args?: readonly string[];
    readonly after?: (world: CratesWorld, folder: string) => Promise<void>;
    readonly said: RegExp;
  }[] = [
    {
      name: "of another commit",
      after: async ({ repo }) => {
        await repo.git("commit", "--quiet", "--allow-empty", "--message", "Go on");
      },
      said: /it was packaged at commit [0-9a-f]{40}, and [0-9a-f]{40} is released/,
    },
    {
      name: "with a file that differs from the commit",
      before: (checkout) =>
        writeFile(join(checkout, "low/src/lib.rs"), "pub fn low() -> u8 { 2 }\n"),
      said: /it has "src\/lib\.rs" otherwise than the commit/,
    },
    {
      name: "with a file that the commit does not have",
      before: (checkout) => writeFile(join(checkout, "low/src/made.rs"), "\n"),
      said: /it holds "src\/made\.rs", which the commit does not have/,
    },
    {
      name: "by a manifest that was changed in more than versions",
      before: async (checkout) => {
        const path = join(checkout, "low/Cargo.toml");
        const text = await readFile(path, "utf8");
        await writeFile(path, text.replace('license = "MIT"', 'license = "ISC"'));
      },
      said: /Cargo\.toml that differs from the commit's by more than versions/,
    },
    {
      name: "of a checkout without history",
      before: (checkout) => rename(join(checkout, ".git"), join(checkout, "../gone-git")),
      said: /names no commit: it has no \.cargo_vcs_info\.json/,
    },
    {
      name: "that is damaged",
      after: async (_, folder) => {
        const path = join(folder, "low-0.3.0.crate");
        await writeFile(path, (await readFile(path)).subarray(0, 300));
      },
      said: /Cannot read "low-0\.3\.0\.crate"/,
    },
  ];
  for (const { name, before, after, said } of rows) {
    test(name, async () => {
      await using world = await cratesWorld(WORKSPACE);
      const [low] = await bothOf(world);
      const folder = await build(world, [low!], before === undefined ? {} : { before });
      await after?.(world, folder);
      const commit = await world.repo.git("rev-parse", "HEAD");
      const registry = await cargolessRegistry(world);
      const releases = withCrates([{ ...low!, commit }], folder);
      const failure = await failureOf(world.prepare(registry, releases));
      assert.equal(failure.code, "PIOT_ARTIFACT_INVALID");
      assert.match(messages(failure), said);
    });
  }
});

function messages({ problems, message }: Failure): string {
  return [message, ...problems.map((problem) => problem.message)].join("\n");
}

test(
  "crates that were packaged apart are refused when the one is not what the other was made with",
  skip,
  async () => {
    await using world = await cratesWorld(WORKSPACE);
    const releases = await bothOf(world);
    const folder = await build(world, releases);
    const other = await build(world, [releases[0]!], { args: ["--exclude-lockfile"] });
    const [low] = withCrates([releases[0]!], other);
    const [high] = withCrates([releases[1]!], folder);
    const registry = await cargolessRegistry(world);
    const failure = await failureOf(world.prepare(registry, [low!, high!]));
    assert.equal(failure.code, "PIOT_ARTIFACT_INVALID");
    assert.match(
      messages(failure),
      /its Cargo\.lock has low 0\.3\.0 with the checksum [0-9a-f]{64}/,
    );
    assert.match(messages(failure), /they differ in "Cargo\.lock"/);
  },
);
