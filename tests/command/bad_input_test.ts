import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { makeSdist } from "../../src/rehearsal/synthesise/python_distribution.ts";
import { createGit } from "../../src/host/git.ts";
import { main } from "../../src/cli/main.ts";
import {
  type CliRun,
  type ReleaseWorld,
  releaseWorld,
  remove,
  replaceIn,
} from "../support/release_world.ts";
import { tempFolder, writeTree } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");

interface BadInput {
  readonly name: string;
  /** Makes the input bad. */
  readonly arrange: (world: ReleaseWorld) => unknown;
  readonly status: 1 | 2;
  /** All of these are said, the code first. */
  readonly says: readonly [code: string, message: RegExp, hint: RegExp];
}

const CONFIG = "putitoutthere.toml";

async function rewrite(world: ReleaseWorld, found: string, put: string): Promise<void> {
  await world.commit("Change", { [CONFIG]: await replaceIn(join(world.root, CONFIG), found, put) });
}

const ROWS: readonly BadInput[] = [
  {
    name: "broken TOML",
    arrange: (world) => rewrite(world, "version = 1", "version = "),
    status: 2,
    says: ["PIOT_CONFIG_SYNTAX", /putitoutthere\.toml:2:\d+/, /help: /],
  },
  {
    name: "an unknown key",
    arrange: (world) => rewrite(world, 'kind = "pypi"', 'kind = "pypi"\ntarget = []'),
    status: 2,
    says: ["PIOT_CONFIG_UNKNOWN_KEY", /"target".*\n.*putitoutthere\.toml:7:1/, /"?targets"?/],
  },
  {
    name: "a missing path",
    arrange: (world) => rewrite(world, 'path = "python/pebble"\n', ""),
    status: 2,
    says: ["PIOT_CONFIG_INVALID", /path/, /help: /],
  },
  {
    name: "a cycle",
    arrange: (world) =>
      rewrite(
        world,
        'tag_format = "pebble-js-v{version}"',
        'tag_format = "pebble-js-v{version}"\ndepends_on = ["pebble"]',
      )
        .then(() =>
          rewrite(
            world,
            'paths = ["python/pebble/**"]',
            'paths = ["python/pebble/**"]\ndepends_on = ["@putitoutthere/pebble"]',
          )
        ),
    status: 2,
    says: ["PIOT_CONFIG_CYCLE", /pebble → @putitoutthere\/pebble → pebble/, /help: /],
  },
  {
    name: "an unknown kind",
    arrange: (world) => rewrite(world, 'kind = "npm"', 'kind = "npmm"'),
    status: 2,
    says: ["PIOT_CONFIG_INVALID", /npmm/, /crates.*pypi.*npm/],
  },
  {
    name: "a missing artifact",
    arrange: (world) => remove(join(world.artifacts, "pebble-sdist")),
    status: 1,
    says: [
      "PIOT_ARTIFACT_MISSING",
      /pebble-sdist.*there are.*pebble-wheel-any/,
      /pebble-0\.1\.0\.tar\.gz/,
    ],
  },
  {
    name: "another version inside an artifact",
    arrange: async (world) => {
      const { bytes } = await makeSdist({ name: "pebble", version: "0.0.9" });
      await writeTree(world.artifacts, { "pebble-sdist/pebble-0.1.0.tar.gz": bytes });
    },
    status: 1,
    says: ["PIOT_ARTIFACT_INVALID", /0\.0\.9/, /help: /],
  },
  {
    name: "no token for PyPI",
    arrange: (world) => void (world.env.PYPI_API_TOKEN = ""),
    status: 1,
    says: ["PIOT_AUTH_MISSING", /pebble/, /PYPI_API_TOKEN/],
  },
  {
    name: "no token for npm",
    arrange: (world) => void (world.env.NODE_AUTH_TOKEN = "XXXXX-XXXXX-XXXXX-XXXXX"),
    status: 1,
    says: ["PIOT_AUTH_MISSING", /@putitoutthere\/pebble/, /NODE_AUTH_TOKEN/],
  },
  {
    name: "a token that npm does not know",
    arrange: (world) => void (world.env.NODE_AUTH_TOKEN = "npm_wrong"),
    status: 1,
    says: ["PIOT_AUTH_REFUSED", /401/, /help: /],
  },
  {
    name: "npm down",
    arrange: (world) =>
      world.services.breakNext("npm", {
        matches: () => true,
        how: { status: 503, body: "down" },
        times: 99,
      }),
    status: 1,
    says: ["PIOT_REGISTRY_UNKNOWN", /503/, /help: /],
  },
  {
    name: "PyPI down",
    arrange: (world) =>
      world.services.breakNext("PyPI", {
        matches: () => true,
        how: { status: 502, body: "down" },
        times: 99,
      }),
    status: 1,
    says: ["PIOT_REGISTRY_UNKNOWN", /502/, /help: /],
  },
];

function assertSays(run: CliRun, { status, says: [code, message, hint] }: BadInput): void {
  assert.match(run.stderr, new RegExp(`error\\[${code}\\]`));
  assert.match(run.stderr, message);
  assert.match(run.stderr, hint);
  assert.equal(run.status, status, run.stderr);
}

for (const row of ROWS) {
  test(`publish refuses ${row.name} before anything is uploaded or tagged`, withGit, async () => {
    await using world = await releaseWorld();
    await row.arrange(world);
    assertSays(await world.piot("publish"), row);
    assert.deepEqual(world.writes(), []);
    assert.deepEqual(await world.tags(), []);
  });
}

test("publish prints a failure as one JSON document with --json", withGit, async () => {
  await using world = await releaseWorld();
  await remove(join(world.artifacts, "pebble-sdist"));
  const { status, stdout } = await world.piot("publish", "--json");
  assert.equal(status, 1);
  const { schema, failure } = JSON.parse(stdout);
  assert.equal(schema, 1);
  assert.equal(failure.code, "PIOT_ARTIFACT_MISSING");
  assert.equal(failure.problems.length, 1);
});

test("publish refuses several bad artifacts of several packages in one go", withGit, async () => {
  await using world = await releaseWorld();
  await remove(join(world.artifacts, "pebble-sdist"));
  await remove(join(world.artifacts, "pebble-wheel-any"));
  await world.commit("Make it private", {
    "js/pebble/package.json": await replaceIn(
      join(world.root, "js/pebble/package.json"),
      "{\n",
      '{\n  "private": true,\n',
    ),
  });
  const { status, stderr } = await world.piot("publish");
  assert.equal(status, 1);
  for (const word of ["pebble-sdist", "pebble-wheel-any", "PIOT_NPM_PRIVATE"]) {
    assert.match(stderr, new RegExp(word));
  }
  assert.deepEqual(world.writes(), []);
});

for (
  const { service, token, says } of [
    { service: "PyPI", token: "PYPI_API_TOKEN", says: /403/ },
    { service: "crates.io", token: "CARGO_REGISTRY_TOKEN", says: /authentication failed/ },
  ]
) {
  const needed = service === "crates.io" ? await needs("git", "cargo") : withGit;
  test(
    `a token that ${service} does not know fails its package, which stays untagged`,
    needed,
    async () => {
      await using world = await releaseWorld({ withCrate: service === "crates.io" });
      const good = world.env[token] ?? "";
      world.env[token] = good.replace(/.{8}$/, "AAAAAAAA");
      const { status, stderr } = await world.piot("publish");
      assert.equal(status, 1);
      assert.match(stderr, /PIOT_AUTH_REFUSED/);
      assert.match(stderr, says);
      assert.deepEqual(
        await world.tags(),
        ["pebble-js-v0.1.0"],
        "what does not depend on it goes on",
      );

      world.env[token] = good;
      const again = await world.piot("publish");
      assert.equal(again.status, 0, again.stderr);
    },
  );
}

test(
  "plan and publish refuse a folder without git and say how to publish it all the same",
  withGit,
  async () => {
    await using folder = await tempFolder({
      [CONFIG]:
        '[putitoutthere]\nversion = 1\n\n[[package]]\nname = "a"\nkind = "npm"\npath = "."\npaths = ["**"]\n',
    });
    for (const command of ["plan", "publish"]) {
      const host = testHost({
        cwd: folder.path,
        env: { PATH: (await import("node:process")).env.PATH },
      });
      assert.equal(await main({ argv: [command], makeHost: () => host, isTTY: false }), 2);
      assert.match(host.written.stderr, /PIOT_NOT_A_REPOSITORY/);
    }
  },
);

test("plan and publish refuse a shallow clone that hides what is needed", withGit, async () => {
  await using world = await releaseWorld();
  await world.piot("publish");
  await world.commit("Change", { "python/pebble/pebble/more.py": "" });
  await world.commit("Change more", { "python/pebble/pebble/most.py": "" });
  await using folder = await tempFolder();
  const git = createGit({ cwd: folder.path, env: world.env });
  await git.run(["clone", "--quiet", "--depth", "1", `file://${world.root}`, "shallow"]);
  const host = testHost({ cwd: join(folder.path, "shallow"), env: world.env });
  const before = world.writes().length;
  assert.equal(await main({ argv: ["publish"], makeHost: () => host, isTTY: false }), 2);
  assert.match(host.written.stderr, /PIOT_SHALLOW_CLONE/);
  assert.match(host.written.stderr, /fetch-depth: 0/);
  assert.equal(world.writes().length, before);
});
