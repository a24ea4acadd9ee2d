/** The Cargo.toml of a crate that a build job delivers is cargo's own, made of the commit: whoever changed it is told. */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Table } from "../../../src/core/config/toml_document.ts";
import {
  type ReadManifest,
  workspaceRootOf,
} from "../../../src/registry/crates/ready/commit_manifests.ts";
import type { Release } from "../../../src/registry/registry.ts";
import {
  type CratesWorld,
  cratesWorld,
  failureOf,
  inside,
  manifest,
  NO_CARGO,
} from "./crates_world.ts";
import { build, cargolessRegistry, rewriteCrate, withCrates } from "./ready_world.ts";

const WORKSPACE = {
  "Cargo.toml": [
    '[workspace]\nmembers = ["crates/*"]\nresolver = "2"',
    "[workspace.package]",
    'version = "0.0.0"',
    'readme = "README.md"',
    "[workspace.dependencies]",
    'low = { path = "crates/low", version = "0.0.0", features = ["std"] }',
    "[workspace.lints.rust]",
    'unsafe_code = "forbid"',
    "",
  ].join("\n"),
  "README.md": "# Of all\n",
  ...inside("crates/low", {
    "Cargo.toml": manifest("low", "[features]\nstd = []\nfast = []", "version.workspace = true"),
    "src/lib.rs": "",
  }),
  ...inside("crates/high", {
    "Cargo.toml": manifest(
      "high",
      [
        "readme.workspace = true",
        "[features]",
        'quick = ["low/fast"]',
        "[dependencies]",
        "low = { workspace = true }",
        "[build-dependencies]",
        'low = { path = "../low", version = "0.0.0", features = [] }',
        "[dev-dependencies]",
        'again = { package = "low", path = "../low" }',
        "[lints]",
        "workspace = true",
      ].join("\n"),
      "version.workspace = true",
    ),
    "src/lib.rs": "",
    "src/main.rs": "fn main() {}\n",
    "build.rs": "fn main() {}\n",
    "tools/other.rs": "fn main() {}\n",
  }),
};

const CRATE = "high-0.3.0.crate";

describe("a ready crate's Cargo.toml", { skip: NO_CARGO }, () => {
  let world: CratesWorld;
  let releases: readonly Release[];
  let folder: string;
  before(async () => {
    world = await cratesWorld(WORKSPACE);
    releases = [
      await world.release("crates/low", "0.3.0"),
      await world.release("crates/high", "0.3.0", { dependsOn: ["low"] }),
    ];
    folder = await build(world, releases);
  });
  after(async () => {
    await world[Symbol.asyncDispose]();
  });

  it("is taken as cargo made it, with what the workspace hands down", async () => {
    const registry = await cargolessRegistry(world);
    const prepared = await world.prepare(registry, withCrates(releases, folder));
    assert.deepEqual(prepared.map(({ way }) => way.by), ["ready", "ready"]);
  });

  const rows: readonly {
    readonly name: string;
    readonly file?: string;
    readonly change: readonly [what: string | RegExp, by: string];
    readonly said: RegExp;
  }[] = [
    {
      name: "a dependency more",
      change: [/$/, '\n[dependencies.evil]\nversion = "1"\n'],
      said: /dependencies\.evil is \{"version":"1"\}, and cargo makes it nothing/,
    },
    {
      name: "another crate behind a dependency",
      change: ["[dependencies.low]", '[dependencies.low]\npackage = "evil"'],
      said: /dependencies\.low\.package is "evil", and cargo makes it nothing/,
    },
    {
      name: "a dependency less",
      change: [/\[dependencies\.low\][^[]*/, ""],
      said: /dependencies is nothing, and cargo makes it \{"low"/,
    },
    {
      name: "a requirement of another shape",
      change: ['version = "0.3.0"\nfeatures', 'version = ">=0.1"\nfeatures'],
      said: /dependencies\.low\.version is ">=0\.1", and cargo makes it "0\.0\.0"/,
    },
    {
      name: "another feature of a dependency",
      change: ['features = ["std"]', 'features = ["std", "fast"]'],
      said: /dependencies\.low\.features is \["std","fast"\], and cargo makes it \["std"\]/,
    },
    {
      name: "another feature",
      change: ['quick = ["low/fast"]', 'quick = ["low/fast"]\ndefault = ["quick"]'],
      said: /features\.default is \["quick"\], and cargo makes it nothing/,
    },
    {
      name: "another registry",
      change: ["[dependencies.low]", '[dependencies.low]\nregistry-index = "https://evil.example"'],
      said: /dependencies\.low\.registry is true, and cargo makes it nothing/,
    },
    {
      name: "another build script",
      change: ['build = "build.rs"', 'build = "tools/other.rs"'],
      said: /package\.build is "tools\/other\.rs", and cargo makes it "build\.rs"/,
    },
    {
      name: "another program",
      change: ['path = "src/main.rs"', 'path = "tools/other.rs"'],
      said: /bin\.high\.path is "tools\/other\.rs", and cargo makes it "src\/main\.rs"/,
    },
    {
      name: "a dependency that is patched",
      change: [/$/, '\n[patch.crates-io.low]\ngit = "https://evil.example/low"\n'],
      said: /patch is \{"crates-io"/,
    },
    {
      name: "a workspace of its own",
      change: [/$/, "\n[workspace]\n"],
      said: /workspace is \{\}, and cargo makes it nothing/,
    },
    {
      name: "other words on its page",
      change: [
        'readme = "README.md"',
        'readme = "src/lib.rs"\nrepository = "https://evil.example"',
      ],
      said: /package\.repository is "https:\/\/evil\.example", and cargo makes it nothing/,
    },
    {
      name: "no lints",
      change: [/\[lints\.rust\][^[]*/, ""],
      said: /lints is nothing, and cargo makes it \{"rust":\{"unsafe_code":"forbid"\}\}/,
    },
    {
      name: "another resolver",
      change: ['edition = "2021"', 'edition = "2021"\nresolver = "1"'],
      said: /package\.resolver is "1", and cargo makes it "2"/,
    },
    {
      name: "a lock that leads elsewhere",
      file: "Cargo.lock",
      change: [/source = "[^"]*"/, 'source = "git+https://evil.example/low#0"'],
      said:
        /Cargo\.lock with crates that are not from crates\.io: low 0\.3\.0 \(git\+https:\/\/evil\.example\/low#0\)/,
    },
    {
      name: "a lock that reads otherwise line by line",
      file: "Cargo.lock",
      change: [
        /$/,
        '\n[[ package ]]\nname="x"\nversion="1.0.0"\nsource="git+https://evil.example/x"\n',
      ],
      said: /x 1\.0\.0 \(git\+https:\/\/evil\.example\/x\)/,
    },
    {
      name: "a lock that is none",
      file: "Cargo.lock",
      change: [/$/, "\n[[package]]\n"],
      said: /has a Cargo\.lock that cargo does not write/,
    },
    {
      name: "a requirement on a crate beside it that no release writes",
      file: "Cargo.toml.orig",
      change: ['version = "0.3.0", features', 'version = ">=0.1", features'],
      said: /it requires ">=0\.1" of the crate in "\.\.\/low", and the commit "0\.0\.0"/,
    },
    {
      name: "an author's own that the commit does not have",
      file: "Cargo.toml.orig",
      change: ["low = { workspace = true }", 'low = { workspace = true, features = ["fast"] }'],
      said: /Cargo\.toml that differs from the commit's by more than versions/,
    },
  ];
  for (const { name, file = "Cargo.toml", change: [what, by], said } of rows) {
    it(`is refused with ${name}`, async () => {
      const own = join(world.home.path, `tampered-${crypto.randomUUID()}`);
      await rewriteCrate(
        { from: join(folder, CRATE), to: join(own, CRATE), file },
        (text) => text.replace(what, by),
      );
      const [low] = withCrates([releases[0]!], folder);
      const [high] = withCrates([releases[1]!], own);
      const registry = await cargolessRegistry(world);
      const failure = await failureOf(world.prepare(registry, [low!, high!]));
      const found = [failure, ...failure.problems].find(({ message }) => said.test(message));
      assert.equal(found?.code, "PIOT_ARTIFACT_INVALID", failure.message);
    });
  }

  it("is refused where the build job changed what the workspace hands down", async () => {
    const more = await build(world, releases, {
      before: async (checkout) => {
        const path = join(checkout, "Cargo.toml");
        const text = await readFile(path, "utf8");
        await writeFile(path, text.replace('features = ["std"]', 'features = ["fast"]'));
      },
    });
    const registry = await cargolessRegistry(world);
    const failure = await failureOf(world.prepare(registry, withCrates(releases, more)));
    assert.match(
      failure.message,
      /dependencies\.low\.features is \["fast"\], and cargo makes it \["std"\]/,
    );
  });
});

describe("workspaceRootOf()", () => {
  const table = (workspace: object): object => ({ workspace });
  const rows: readonly {
    readonly name: string;
    readonly manifests: Readonly<Record<string, object>>;
    readonly own?: object;
    readonly root: string | undefined;
  }[] = [
    { name: "takes the nearest above", manifests: { "": table({}), a: table({}) }, root: "a" },
    { name: "passes over a crate that is no root", manifests: { "": table({}), a: {} }, root: "" },
    {
      name: "passes over a root that excludes the crate",
      manifests: { "": table({}), a: table({ exclude: ["b"] }) },
      root: "",
    },
    {
      name: "takes a root that excludes a folder above the crate and names the crate",
      manifests: { "": table({ exclude: ["a"], members: ["a/b/"] }) },
      root: "",
    },
    {
      name: "does not take a folder for another of a longer name",
      manifests: { "": table({ exclude: ["a/bb", "a/b-c"] }) },
      root: "",
    },
    {
      name: "takes the one that the crate names",
      manifests: { "": table({}), a: table({}), other: table({}) },
      own: { package: { workspace: "../../other" } },
      root: "other",
    },
    { name: "takes the crate itself", manifests: { "": table({}) }, own: table({}), root: "a/b" },
    { name: "finds none", manifests: { a: {} }, root: undefined },
  ];
  for (const { name, manifests, own = {}, root } of rows) {
    it(name, async () => {
      const read: ReadManifest = (at) => Promise.resolve(manifests[at] as Table | undefined);
      const found = await workspaceRootOf(read, { own: own as Table, folder: "a/b" });
      assert.equal(found?.folder, root);
    });
  }
});
