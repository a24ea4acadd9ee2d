/** What preparing crates refuses, writes, and puts back. */

import assert from "node:assert/strict";
import { type FSWatcher, watch } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../../src/error.ts";
import type { CratesPrepared } from "../../../src/registry/crates/crates_work.ts";
import { createCrates } from "../../../src/registry/crates/create_crates.ts";
import { tempFolder } from "../../support/temp.ts";
import {
  cargoEnvironment,
  crate,
  type CratesWorld,
  cratesWorld,
  failureOf,
  inside,
  LONE,
  makeRelease,
  manifest,
  NO_CARGO,
} from "./crates_world.ts";

/** Tells when a file appears in a folder that is there. */
function whenWritten(path: string): { port: FSWatcher; begun: Promise<void> } {
  const port = watch(join(path, ".."));
  const begun = new Promise<void>((resolve) => port.once("change", () => resolve()));
  return { port, begun };
}

async function prepareLone(world: CratesWorld, version = "0.1.0"): Promise<CratesPrepared> {
  const [prepared] = await world.prepare(world.registry(), [await world.release("lone", version)]);
  return prepared!;
}

test("every reason why crates.io would refuse is said in one go, before anything is built", {
  skip: NO_CARGO,
}, async () => {
  await using world = await cratesWorld({
    ...inside("bare", {
      "Cargo.toml": [
        "[package]",
        'name = "bare"',
        'version = "0.0.0"',
        'keywords = ["a", "b", "c", "d", "e", "f"]',
        'license = "Foo Bar"',
        'homepage = "example.com"',
        'repository = "https://"',
        "[dependencies]",
        'lone = { path = "../lone" }',
        'far = "*"',
      ].join("\n"),
      "src/lib.rs": "this is no Rust",
    }),
    ...inside("mine", {
      "Cargo.toml": manifest("yours", "publish = false"),
      "src/lib.rs": "",
    }),
    ...LONE,
  });
  const bare = await world.release("bare", "0.1.0", { features: ["full"] });
  const releases = [bare, await world.release("mine", "0.1.0")];
  const failure = await failureOf(world.prepare(world.registry(), releases));
  assert.deepEqual(failure.problems.map(({ code, message }) => [code, message]), [
    [
      "PIOT_CRATES_UNPUBLISHABLE",
      "Cannot publish bare: Cargo.toml has no description",
    ],
    [
      "PIOT_CRATES_UNPUBLISHABLE",
      'Cannot publish bare: crates.io does not take the licence "Foo Bar": SPDX has no licence "Foo"',
    ],
    ["PIOT_CRATES_UNPUBLISHABLE", "Cannot publish bare: it has 6 keywords, and crates.io takes 5"],
    [
      "PIOT_CRATES_UNPUBLISHABLE",
      'Cannot publish bare: `homepage` is "example.com", and it begins with neither https:// nor http://',
    ],
    [
      "PIOT_CRATES_UNPUBLISHABLE",
      'Cannot publish bare: `repository` is "https://", and it is no URL',
    ],
    [
      "PIOT_CRATES_MANIFEST",
      'Cannot publish bare: putitoutthere.toml builds it with the feature "full", and Cargo.toml has no such feature',
    ],
    [
      "PIOT_CRATES_UNPUBLISHABLE",
      'Cannot publish bare: its dependency "far" has the requirement "*"',
    ],
    ["PIOT_CRATES_UNPUBLISHABLE", 'Cannot publish bare: its dependency "lone" has no version'],
    [
      "PIOT_CRATES_MANIFEST",
      'Cannot publish mine: Cargo.toml names the crate "yours", putitoutthere.toml "mine"',
    ],
    ["PIOT_CRATES_UNPUBLISHABLE", "Cannot publish mine: Cargo.toml says `publish = false`"],
  ]);
  assert.equal(await world.repo.git("status", "--porcelain"), "");
});

test("a crate of the repository that nobody releases is said before anything is built", {
  skip: NO_CARGO,
}, async () => {
  const needs = (name: string): string =>
    manifest(name, '[dependencies]\nlow = { path = "../low", version = "0.0.0" }');
  await using world = await cratesWorld({
    "Cargo.toml": '[workspace]\nmembers = ["low", "high"]\n',
    ...inside("low", { "Cargo.toml": manifest("low"), "src/lib.rs": "" }),
    ...inside("high", { "Cargo.toml": needs("high"), "src/lib.rs": "this is no Rust" }),
  });
  const release = await world.release("high", "0.1.0");
  const failure = await failureOf(world.prepare(world.registry(), [release]));
  assert.equal(failure.code, "PIOT_CRATES_DEPENDENCY");
  assert.equal(
    failure.message,
    "Cannot publish high: it depends on low of this repository, which crates.io does not have and putitoutthere.toml does not release",
  );
  assert.match(String(failure.hint), /^Declare low as a package in putitoutthere\.toml/);
});

test("of two crates that need each other for tests only, the hint leads to no cycle", {
  skip: NO_CARGO,
}, async () => {
  const needs = (name: string, table: string, other: string): string =>
    manifest(name, `[${table}]\n${other} = { path = "../${other}", version = "0.0.0" }`);
  await using world = await cratesWorld({
    "Cargo.toml": '[workspace]\nmembers = ["low", "high"]\n',
    ...inside("low", {
      "Cargo.toml": needs("low", "dev-dependencies", "high"),
      "src/lib.rs": "",
    }),
    ...inside("high", { "Cargo.toml": needs("high", "dependencies", "low"), "src/lib.rs": "" }),
  });
  const failure = await failureOf(world.prepare(world.registry(), [
    await world.release("low", "0.1.0"),
    await world.release("high", "0.1.0", { dependsOn: ["low"] }),
  ]));
  assert.equal(
    failure.message,
    "Cannot order the crates: low depends on high in Cargo.toml and not in putitoutthere.toml, where high depends on low",
  );
  assert.equal(
    failure.hint,
    "Leave `version` out of the dev-dependency, so that it has its `path` alone: cargo then leaves it out of what is published",
  );
});

test("metadata that the workspace hands down counts", { skip: NO_CARGO }, async () => {
  await using world = await cratesWorld({
    "Cargo.toml":
      '[workspace]\nmembers = ["lone"]\n[workspace.package]\ndescription = "All"\nlicense = "MIT"\nversion = "0.0.0"\n',
    "lone/Cargo.toml":
      '[package]\nname = "lone"\nedition = "2021"\nversion.workspace = true\ndescription.workspace = true\nlicense.workspace = true\n',
    "lone/src/lib.rs": "",
  });
  assert.equal((await prepareLone(world)).files[0]!.name, "lone-0.1.0.crate");
});

test("a workspace's own folder is no crate", { skip: NO_CARGO }, async () => {
  await using world = await cratesWorld({
    ...LONE,
    "Cargo.toml": '[workspace]\nmembers = ["lone"]\n',
  });
  const release = await world.release("all", "0.1.0", { path: "." });
  const failure = await failureOf(world.prepare(world.registry(), [release]));
  assert.equal(failure.message, 'Cannot publish all: "./Cargo.toml" has no [package]');
});

test("a folder without a Cargo.toml is said with its path", { skip: NO_CARGO }, async () => {
  await using world = await cratesWorld(LONE);
  const failure = await failureOf(
    world.prepare(world.registry(), [await world.release("absent", "0.1.0")]),
  );
  assert.equal(failure.code, "PIOT_CRATES_MANIFEST");
  assert.equal(failure.message, 'Cannot read "absent/Cargo.toml": there is no such file');
});

test("files that no package takes up do not stand in the way", { skip: NO_CARGO }, async () => {
  await using world = await cratesWorld(LONE);
  for (
    const path of ["artifacts/x/y.whl", "node_modules/a/index.js", "lone/target/debug/x", "dist/z"]
  ) {
    await mkdir(join(world.repo.path, path, ".."), { recursive: true });
    await writeFile(join(world.repo.path, path), "x");
  }
  assert.deepEqual((await prepareLone(world)).warnings, []);
});

test("the run's own folders are kept out of a crate at the root", { skip: NO_CARGO }, async () => {
  await using world = await cratesWorld({
    "Cargo.toml": manifest("root"),
    "src/lib.rs": "",
  });
  await mkdir(join(world.repo.path, "artifacts/other-wheel"), { recursive: true });
  await writeFile(join(world.repo.path, "artifacts/other-wheel/a.whl"), new Uint8Array(2 ** 20));
  const release = { ...await world.release(".", "0.1.0") };
  const root = { ...release, package: { ...crate("root"), path: "." } };
  const [told] = await world.prepare(world.registry(), [root]);
  assert.match(told!.warnings[0]!, /does not have "artifacts\/other-wheel\/a\.whl"/);
  const ownFolders = [join(world.repo.path, "artifacts")];
  const [prepared] = await world.prepare(world.registry({ ownFolders }), [root]);
  assert.deepEqual(prepared!.warnings, []);
  assert.ok(prepared!.files[0]!.size < 10_000, `${prepared!.files[0]!.size} bytes`);
  await world.undo();
  assert.equal(await world.repo.git("status", "--porcelain"), "?? artifacts/");
});

test("outside a git work tree nothing is dirty", { skip: NO_CARGO }, async () => {
  await using snapshot = await tempFolder(LONE);
  await using world = await cratesWorld({});
  const registry = createCrates({
    host: { ...world.host, env: cargoEnvironment(world.home.path) },
    root: snapshot.path,
    endpoints: { crates: world.server.url, cratesIndex: world.server.indexUrl },
  });
  const release = makeRelease(crate("lone"), { version: "0.1.0", commit: undefined });
  const [prepared] = await world.prepare(registry, [release]);
  assert.equal(prepared!.files[0]!.name, "lone-0.1.0.crate");
});

test(
  "two runs at once, or one after one that was killed, make the same files, and change none of the user's",
  {
    skip: NO_CARGO,
  },
  async () => {
    const text = "\uFEFF" + manifest("lone").replaceAll("\n", "\r\n").trimEnd();
    await using world = await cratesWorld({
      ...LONE,
      "lone/Cargo.toml": text,
      ...inside("high", {
        "Cargo.toml": manifest(
          "high",
          '[dependencies]\nlone = { version = "0.0", path = "../lone" }',
        ),
        "src/lib.rs": "",
      }),
      "Cargo.toml": '[workspace]\nmembers = ["lone", "high"]\nresolver = "2"\n',
    });
    const releases = [
      await world.release("lone", "0.4.0"),
      await world.release("high", "0.2.0", { dependsOn: ["lone"] }),
    ];
    const killed: (() => Promise<void>)[] = [];
    const first = await world.registry().prepare(releases, (undo) => void killed.push(undo));
    const again = await world.prepare(world.registry(), releases);
    assert.deepEqual(again.map(({ files }) => files), first.map(({ files }) => files));
    assert.equal(await readFile(join(world.repo.path, "lone/Cargo.toml"), "utf8"), text);
    assert.equal(await world.repo.git("status", "--porcelain", "--ignored"), "");
    await world.undo();
    for (const undo of killed.reverse()) await undo();
    assert.equal(await world.repo.git("status", "--porcelain", "--ignored"), "");
  },
);

test("an interrupted run ends the build with the reason, and puts everything back", {
  skip: NO_CARGO,
}, async () => {
  await using marks = await tempFolder();
  const started = join(marks.path, "started");
  const build = `fn main() {
    std::fs::write(${JSON.stringify(started)}, "").unwrap();
    while std::path::Path::new(${JSON.stringify(started)}).exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}
`;
  await using world = await cratesWorld({ ...LONE, "lone/build.rs": build });
  const interruption = new AbortController();
  const { port, begun } = whenWritten(started);
  const publisher = world.registry({ signal: interruption.signal });
  const failure = failureOf(world.prepare(publisher, [await world.release("lone", "0.1.0")]));
  await begun;
  port.close();
  interruption.abort(new Failure("PIOT_INTERRUPTED", "Cannot go on: interrupted"));
  await rm(started);
  assert.equal((await failure).code, "PIOT_INTERRUPTED");
  await world.undo();
  assert.equal(await world.repo.git("status", "--porcelain"), "");
});

test("a build that fails says what the compiler says, and everything is put back", {
  skip: NO_CARGO,
}, async () => {
  await using world = await cratesWorld({ ...LONE, "lone/src/lib.rs": "pub fn lone() -> u8 {}\n" });
  const failure = await failureOf(prepareLone(world));
  assert.equal(failure.code, "PIOT_CARGO");
  assert.match(failure.message, /^Cannot package lone: [\s\S]*mismatched types/);
  await world.undo();
  assert.equal(await world.repo.git("status", "--porcelain"), "");
});

test("code of packages runs without any credential in its environment", {
  skip: NO_CARGO,
}, async () => {
  const build = `fn main() {
    let vars: Vec<String> = std::env::vars().map(|(k, v)| format!("{k}={v}")).collect();
    std::fs::write("${"{DUMP}"}", vars.join("\\n")).unwrap();
}
`;
  await using dump = await tempFolder();
  const path = join(dump.path, "env.txt");
  await using world = await cratesWorld({
    ...LONE,
    "lone/build.rs": build.replace("{DUMP}", () => path),
  });
  const secrets = {
    CARGO_REGISTRY_TOKEN: "s3cret-cargo",
    CARGO_REGISTRIES_OTHER_TOKEN: "s3cret-other",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "s3cret-oidc",
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://s3cret",
    GITHUB_TOKEN: "s3cret-github",
    NODE_AUTH_TOKEN: "s3cret-npm",
    PYPI_API_TOKEN: "s3cret-pypi",
    SSH_AUTH_SOCK: "/s3cret",
  };
  const publisher = world.registry({ env: secrets });
  const [prepared] = await world.prepare(publisher, [await world.release("lone", "0.1.0")]);
  assert.match(await readFile(path, "utf8"), /^CARGO_PKG_NAME=lone$/m);
  assert.doesNotMatch(await readFile(path, "utf8"), /s3cret/);
  await rm(path);
  const credential = {
    kind: "token",
    secret: world.host.env.CARGO_REGISTRY_TOKEN!,
    why: "",
  } as const;
  await publisher.upload(prepared!, prepared!.files[0]!, { credential });
  assert.deepEqual(world.puts(), [200]);
  await assert.rejects(readFile(path), "the upload ran a build script");
});

test(
  "a build that writes into the checkout is refused, and what git ignores there is not published",
  {
    skip: NO_CARGO,
  },
  async () => {
    // Several tests have their checkouts there.
    const folder = `lone-${crypto.randomUUID()}`;
    const planting = (name: string): string =>
      `fn main() {
    for entry in std::fs::read_dir(${JSON.stringify(tmpdir())}).unwrap() {
        let lone = entry.unwrap().path().join("tree/${folder}");
        if lone.is_dir() { std::fs::write(lone.join("${name}"), "planted").unwrap(); }
    }
}
`;
    await using world = await cratesWorld(inside(folder, {
      "Cargo.toml": manifest("lone", 'include = ["/src", "/build.rs", "/made.txt"]'),
      ".gitignore": "/made.txt\n",
      "build.rs": planting("src/planted.rs"),
      "src/lib.rs": "",
    }));
    const named = { registryName: "lone", name: "lone" };
    const registry = world.registry();
    const releases = [await world.release(folder, "0.1.0", named)];
    const failure = await failureOf(world.prepare(registry, releases));
    assert.equal(failure.code, "PIOT_DIRTY_TREE");
    assert.ok(
      failure.message.endsWith(`build wrote into the checkout: "${folder}/src/planted.rs"`),
      failure.message,
    );

    await world.undo();
    await world.repo.commit("Ignore", { [`${folder}/build.rs`]: planting("made.txt") });
    const again = [await world.release(folder, "0.1.0", named)];
    const [prepared] = await world.prepare(registry, again);
    const look = await registry.look(prepared!);
    const credential = await registry.authorise(prepared!, look);
    await registry.upload(prepared!, prepared!.files[0]!, { credential });
    const after = await registry.look(prepared!, { fresh: true });
    assert.deepEqual([...after.files.values()], [{ state: "same" }]);
    const held = world.server.state.crates.get("lone")!.versions[0]!;
    assert.equal(held.line.cksum, prepared!.files[0]!.digest.replace("sha256-", ""));
  },
);

test("an index on another machine that cargo cannot be led to is refused", async () => {
  await using world = await cratesWorld(LONE);
  const registry = world.registry({ index: "https://index.staging.crates.io" });
  const failure = await failureOf(
    world.prepare(registry, [await world.release("lone", "0.1.0")]),
  );
  assert.equal(failure.code, "PIOT_USAGE");
});
