/** Whole runs of the command line against servers that answer badly, and in checkouts that lead elsewhere. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { BAD_ANSWERS, FOREIGN_ANSWERS } from "../support/bad_answers.ts";
import { type RawServer, rawServer, type Said } from "../support/raw_server.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { writeTree } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

const GIT = await needs("git");

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly location?: { readonly file: string; readonly line?: number };
}

async function failedRun(
  world: ReleaseWorld,
): Promise<{ readonly status: number; readonly problem: Problem; readonly said: string }> {
  const { status, stdout, stderr } = await world.piot("publish", "--json");
  const { failure, bug } = JSON.parse(stdout) as {
    failure?: { readonly problems: readonly Problem[] };
    bug?: string;
  };
  assert.equal(bug, undefined);
  const [problem, ...others] = failure?.problems ?? [];
  assert.ok(problem, stdout);
  assert.deepEqual(others, []);
  return { status, problem, said: stdout + stderr };
}

async function assertUntouched(world: ReleaseWorld): Promise<void> {
  assert.deepEqual(world.writes(), []);
  assert.deepEqual(await world.tags(), []);
}

const REGISTRIES = [
  { registry: "npm", variable: "PIOT_NPM_URL" },
  { registry: "PyPI", variable: "PIOT_PYPI_URL" },
] as const;

const ANSWERS: readonly {
  readonly how: string;
  readonly code: string;
  readonly say: (url: string) => Said;
}[] = [
  ...BAD_ANSWERS.filter(({ name }) =>
    /2 GB|status 999|http:\/\/\[::|file:|circle|says gzip/.test(name)
  ).map(({ name, code, say }) => ({ how: `that ${name}`, code, say })),
  ...FOREIGN_ANSWERS.filter(({ name }) =>
    /portal's page$|proxy's 404 page|nested a|Latin/.test(name)
  )
    .map(({ name, say }) => ({ how: `that is ${name}`, code: "PIOT_REGISTRY_UNKNOWN", say })),
];

for (const { registry, variable } of REGISTRIES) {
  test(`publish ends with 1, and writes nowhere, on bad answers of ${registry}`, GIT, async (t) => {
    await using world = await releaseWorld();
    for (const { how, code, say } of ANSWERS) {
      await t.test(`on an answer ${how}`, async () => {
        await using server: RawServer = await rawServer(() => say(server.url));
        const own = world.env[variable];
        world.env[variable] = server.url;
        try {
          const { status, problem } = await failedRun(world);
          assert.equal(status, 1);
          assert.equal(problem.code, code, problem.message);
          assert.ok(
            problem.message.includes(code === "PIOT_REGISTRY_UNKNOWN" ? "Cannot tell" : server.url),
          );
          assert.ok(problem.hint);
          await assertUntouched(world);
        } finally {
          world.env[variable] = own;
        }
      });
    }
    // What was in its way is gone: the same commit is released as if nothing had been.
    assert.equal((await world.piot("publish")).status, 0);
    assert.equal((await world.tags()).length, 2);
  });
}

test(
  "publish ends with 1, and writes nowhere, when the remote leads to another server",
  GIT,
  async () => {
    await using world = await releaseWorld();
    await using foreign = await rawServer(() => "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    world.services.breakNext("GitHub", {
      matches: ({ path }) => path.endsWith("/info/refs"),
      how: { status: 301, headers: { location: `${foreign.url}/new/home.git/info/refs` } },
      times: 99,
    });
    const { status, problem } = await failedRun(world);
    assert.equal(status, 1);
    assert.equal(problem.code, "PIOT_TAG_MOVED");
    assert.ok(problem.message.includes(`${foreign.url}/new/home.git`));
    assert.deepEqual(foreign.requests, []);
    await assertUntouched(world);
  },
);

/** Every secret of the world, in the forms in which it may travel. */
function secretsOf({ env }: ReleaseWorld): readonly string[] {
  return ["NODE_AUTH_TOKEN", "PYPI_API_TOKEN", "CARGO_REGISTRY_TOKEN", "GITHUB_TOKEN"].flatMap(
    (name) => {
      const secret = env[name] ?? "";
      return secret === ""
        ? []
        : [secret, btoa(`__token__:${secret}`), btoa(`x-access-token:${secret}`)];
    },
  );
}

function assertQuiet(world: ReleaseWorld, { requests }: RawServer): void {
  for (const { text } of requests) {
    assert.equal(secretsOf(world).some((secret) => text.includes(secret)), false);
  }
  assert.deepEqual(requests, []);
}

test(
  "a committed .npmrc moves no token: publish names its line and the variable",
  GIT,
  async () => {
    await using world = await releaseWorld();
    await using canary = await rawServer(() =>
      "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
    );
    const own = world.env["PIOT_NPM_URL"]!;
    await writeTree(world.env["HOME"]!, { ".npmrc": `registry=${own}/\n` });
    delete world.env["PIOT_NPM_URL"];
    await world.commit("a registry", { ".npmrc": `save-exact=true\nregistry=${canary.url}/\n` });
    const { status, problem, said } = await failedRun(world);
    assert.equal(status, 2);
    assert.equal(problem.code, "PIOT_SETTINGS_COMMITTED");
    assert.deepEqual([problem.location?.file, problem.location?.line], [".npmrc", 2]);
    assert.match(problem.hint!, /PIOT_NPM_URL/);
    assert.equal(secretsOf(world).some((secret) => said.includes(secret)), false);
    assertQuiet(world, canary);
    await assertUntouched(world);

    // The user says it, and it goes where the user says.
    world.env["npm_config_registry"] = own;
    const { status: after, stderr } = await world.piot("publish");
    assert.equal(after, 0, stderr);
    assertQuiet(world, canary);
  },
);

test(
  "under npx the committed .npmrc comes as a variable, and moves no token either",
  GIT,
  async () => {
    await using world = await releaseWorld();
    await using canary = await rawServer(() =>
      "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
    );
    delete world.env["PIOT_NPM_URL"];
    await world.commit("a registry", { ".npmrc": `registry=${canary.url}/\n` });
    Object.assign(world.env, {
      npm_config_registry: `${canary.url}/`,
      npm_execpath: "/usr/lib/node_modules/npm/bin/npm-cli.js",
      npm_command: "exec",
    });
    const { status, problem } = await failedRun(world);
    assert.deepEqual([status, problem.code], [2, "PIOT_SETTINGS_COMMITTED"]);
    assertQuiet(world, canary);
    await assertUntouched(world);
  },
);

test("a committed file that git's settings include moves no token", GIT, async () => {
  await using world = await releaseWorld();
  await using canary = await rawServer(() => "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  const server = new URL((await world.git.text(["remote", "get-url", "origin"])).trim()).origin;
  const text = `[url "${canary.url}/"]\n\tinsteadOf = ${server}/\n`;
  await world.commit("settings", { "team/gitconfig": text });
  await world.git.run(["config", "include.path", join(world.root, "team/gitconfig")]);
  const { status, problem } = await failedRun(world);
  assert.deepEqual([status, problem.code], [2, "PIOT_SETTINGS_COMMITTED"]);
  assert.deepEqual([problem.location?.file, problem.location?.line], ["team/gitconfig", 2]);
  assertQuiet(world, canary);
  await assertUntouched(world);
});

test("a committed .cargo/config.toml moves no token", await needs("git", "cargo"), async () => {
  await using world = await releaseWorld({ withCrate: true });
  await using canary = await rawServer(() =>
    "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"
  );
  await world.commit("a proxy", { ".cargo/config.toml": `[http]\nproxy = "${canary.url}"\n` });
  const { status, problem } = await failedRun(world);
  assert.deepEqual([status, problem.code], [2, "PIOT_SETTINGS_COMMITTED"]);
  assert.deepEqual([problem.location?.file, problem.location?.line], [".cargo/config.toml", 2]);
  assert.match(problem.hint!, /CARGO_HTTP_PROXY/);
  assertQuiet(world, canary);
  await assertUntouched(world);
});
