import assert from "node:assert/strict";
import { after, test } from "node:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { main } from "../../src/cli/main.ts";
import type { Env } from "../../src/host/host.ts";
import { enterStep, hidingSinks, leaksOf, secretsOf, sinksOf } from "../support/canary_world.ts";
import { findCanary } from "../support/canary.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { readRunnerFile } from "../support/runner.ts";
import { SPELLINGS } from "../support/spelled.ts";
import { tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const TOKEN = "ghs_a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ";

/** A world in a step, which nothing that a row does changes: all such rows share it. */
let standing: Promise<ReleaseWorld> | undefined;

async function standingWorld(): Promise<ReleaseWorld> {
  const world = await (standing ??= releaseWorld());
  await enterStep(world);
  world.env["GITHUB_TOKEN"] = TOKEN;
  return world;
}

after(async () => await (await standing)?.[Symbol.asyncDispose]());

/** Spellings that a word of a command line can have. */
const WORDS = ["as it is", "in capitals", "base64 of user:token", "hexadecimal", "percent", "\\u"];

for (
  const { name, argv } of [
    { name: "an unknown command", argv: (word) => [word] },
    { name: "an unknown flag", argv: (word) => ["plan", `--${word}`] },
    { name: "a flag's value", argv: (word) => ["plan", "--graph", word] },
    { name: "a folder", argv: (word) => ["plan", "--cwd", `/nowhere/${word}`] },
    { name: "a configuration", argv: (word) => ["plan", "--config", `${word}.toml`] },
    { name: "a configuration of a release", argv: (word) => ["publish", "--config", word] },
    { name: "a release", argv: (word) => ["plan", "--release", `${word}@minor`] },
    { name: "a release's bump", argv: (word) => ["plan", "--release", `pebble@${word}`] },
    {
      name: "a release in JSON",
      argv: (word) => ["publish", "--release", JSON.stringify({ [word]: 1 })],
    },
    { name: "a release's file", argv: (word) => ["plan", "--release", `./${word}.json`] },
    { name: "a commit", argv: (word) => ["plan", "--at", word] },
    { name: "a package to explain", argv: (word) => ["plan", "--explain", word] },
    { name: "a plan's file", argv: (word) => ["publish", "--plan", word] },
    { name: "a plan", argv: (word) => ["publish", "--plan", JSON.stringify({ schema: word })] },
    { name: "a plan that is none", argv: (word) => ["publish", "--plan", `{"schema": 1, ${word}`] },
    { name: "a fault", argv: (word) => ["rehearse", "--fault", word] },
    {
      name: "a fault's place",
      argv: (word) => ["rehearse", "--example", "--fault", `npm-upload:${word}`],
    },
    { name: "a superfluous word", argv: (word) => ["schema", word] },
    { name: "a superfluous word for init", argv: (word) => ["init", word] },
  ] satisfies readonly { name: string; argv: (word: string) => readonly string[] }[]
) {
  for (const flags of [[], ["--json", "--verbose"]]) {
    test(
      `a secret in the command line is not said again: ${name} ${flags.join(" ")}`,
      withGit,
      async () => {
        const world = await standingWorld();
        for (const how of WORDS) {
          const run = await world.piot(...argv(SPELLINGS[how]!(TOKEN)), ...flags);
          assert.notEqual(run.status, 0, how);
          const sinks = await sinksOf(world, run);
          assert.deepEqual(leaksOf(sinks, secretsOf(world)), [], how);
          if (flags.includes("--json") && run.stdout !== "") JSON.parse(run.stdout);
        }
      },
    );
  }
}

/** A configuration of two packages, with a text somewhere. */
const config = (text: string): string =>
  `[[package]]\nname = "pebble"\nkind = "pypi"\npath = "python/pebble"\nbuild = "setuptools"\n${text}\n`;

for (
  const { name, files } of [
    { name: "an unknown key", files: (text) => ({ "putitoutthere.toml": config(`${text} = 1`) }) },
    { name: "a value", files: (text) => ({ "putitoutthere.toml": config(`access = "${text}"`) }) },
    {
      name: "a long value",
      files: (text) => ({ "putitoutthere.toml": config(`pypi = "${"x ".repeat(35)}${text}"`) }),
    },
    { name: "what is no TOML", files: (text) => ({ "putitoutthere.toml": config(`"${text}`) }) },
    {
      name: "the far end of a long line",
      files: (text) => ({
        "putitoutthere.toml": config(`depends_on = ["a", ${" ".repeat(50)} 5, "${text}"]`),
      }),
    },
    {
      name: "a list",
      files: (text) => ({ "putitoutthere.toml": config(`depends_on = ["${text}"]`) }),
    },
    {
      name: "a manifest",
      files: (text) => ({ "python/pebble/pyproject.toml": `[project]\nname = "${text}` }),
    },
    {
      name: "a package.json",
      files: (text) => ({ "js/pebble/package.json": `{"name": "${text}", ` }),
    },
  ] satisfies readonly { name: string; files: (text: string) => Record<string, string> }[]
) {
  test(`a secret that somebody committed is not shown: ${name}`, withGit, async () => {
    await using world = await releaseWorld();
    await enterStep(world);
    world.env["GITHUB_TOKEN"] = TOKEN;
    for (const how of ["as it is", "in capitals", "base64 of user:token"]) {
      await world.commit("Change", files(SPELLINGS[how]!(TOKEN)));
      for (const command of ["plan", "publish", "rehearse", "init"]) {
        for (const flags of [[], ["--json"]]) {
          const run = await world.piot(command, ...flags);
          const sinks = await sinksOf(world, run);
          assert.deepEqual(leaksOf(sinks, secretsOf(world)), [], `${command}, ${how}`);
        }
      }
    }
  });
}

for (
  const { name, message } of [
    { name: "a trailer", message: (text) => `Fix\n\nrelease: ${text}` },
    { name: "a trailer's package", message: (text) => `Fix\n\nrelease: minor [${text}]` },
    { name: "a subject", message: (text) => `Fix what ${text} broke` },
  ] satisfies readonly { name: string; message: (text: string) => string }[]
) {
  test(`a secret in a commit's message is not shown: ${name}`, withGit, async () => {
    await using world = await releaseWorld();
    await enterStep(world);
    world.env["GITHUB_TOKEN"] = TOKEN;
    for (const how of ["as it is", "base64 of user:token"]) {
      await world.commit(message(SPELLINGS[how]!(TOKEN)), { "python/pebble/more.py": how });
      const commands = [["plan"], ["plan", "--json"], ["plan", "--matrix"], [
        "plan",
        "--graph",
        "dot",
      ]];
      for (const argv of [...commands, ["plan", "--explain", "pebble"], ["publish", "--dry-run"]]) {
        const run = await world.piot(...argv);
        assert.deepEqual(leaksOf(await sinksOf(world, run), secretsOf(world)), [], argv.join(" "));
      }
    }
  });
}

test(
  "a plan that holds no secret is the same with a vault full of them, byte for byte",
  withGit,
  async () => {
    await using world = await releaseWorld();
    const bare: Env = Object.fromEntries(
      Object.entries(world.env).filter(([name]) => !/TOKEN/.test(name)),
    );
    await enterStep(world);
    for (const argv of [["plan", "--json"], ["plan", "--matrix"], ["plan", "--graph", "mermaid"]]) {
      const full = await world.piot(...argv);
      const outputs = readRunnerFile((await sinksOf(world, full)).outputs);
      const host = testHost({ cwd: world.root, env: bare });
      assert.equal(await main({ argv, makeHost: () => host, isTTY: false }), 0);
      assert.equal(full.stdout, host.written.stdout);
      if (argv.includes("--matrix")) {
        assert.deepEqual(JSON.parse(outputs.get("matrix")!), JSON.parse(full.stdout));
      }
    }
  },
);

test(
  "a plan that holds a secret has it nowhere, and what it leaves can be read",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await enterStep(world);
    world.env["GITHUB_TOKEN"] = "putitoutthere/pebble";
    const run = await world.piot("plan", "--json");
    assert.equal(run.status, 0, run.stderr);
    const sinks = await sinksOf(world, run);
    assert.ok(!Object.values(sinks).join("").includes("putitoutthere/pebble"));
    assert.ok(hidingSinks(sinks).includes("plan file"));
    for (const text of [run.stdout, sinks["plan file"]]) JSON.parse(text);
    JSON.parse(readRunnerFile(sinks.outputs).get("matrix")!);
  },
);

/** Runs with a host on which something throws what holds a secret. */
async function runBroken(
  world: ReleaseWorld,
  argv: readonly string[],
  thrown: unknown,
): Promise<string> {
  const host = testHost({ cwd: world.root, env: { ...world.env, GITHUB_ACTIONS: undefined } });
  const broken = { ...host, http: () => Promise.reject(thrown) };
  await main({ argv, makeHost: () => broken, isTTY: false });
  return `${host.written.stdout}\n${host.written.stderr}`;
}

for (
  const { name, thrown } of [
    { name: "an error", thrown: (text) => new TypeError(`Headers.append: "${text}" is invalid`) },
    { name: "a cause", thrown: (text) => new Error("failed", { cause: new Error(text) }) },
    {
      name: "a stack",
      thrown: (text) => Object.assign(new Error("x"), { stack: `Error: ${text}` }),
    },
    { name: "no error at all", thrown: (text) => text },
    { name: "an object", thrown: (text) => ({ toString: () => text }) },
  ] satisfies readonly { name: string; thrown: (text: string) => unknown }[]
) {
  for (const flags of [[], ["--json", "--verbose"]]) {
    test(
      `a bug that holds a secret is told without it: ${name} ${flags.join(" ")}`,
      withGit,
      async () => {
        const world = await standingWorld();
        for (const [how, spell] of Object.entries(SPELLINGS)) {
          const token = world.env["NODE_AUTH_TOKEN"]!;
          const argv = ["publish", "--artifacts", world.artifacts, ...flags];
          const said = await runBroken(world, argv, thrown(spell(token)));
          assert.match(said, /bug/i);
          assert.deepEqual(findCanary(said, token), [], how);
        }
      },
    );
  }
}

test("a configuration that init writes holds no secret that a manifest has", withGit, async () => {
  await using folder = await tempFolder({
    "package.json": JSON.stringify({ name: "demo", version: "1.0.0", description: TOKEN }),
    "crate/Cargo.toml": `[package]\nname = "${TOKEN}"\nversion = "0.1.0"\n`,
  });
  const host = testHost({ cwd: folder.path, env: { GITHUB_TOKEN: TOKEN } });
  await main({ argv: ["init", "--json"], makeHost: () => host, isTTY: false });
  const written = await readFile(join(folder.path, "putitoutthere.toml"), "utf8");
  assert.match(written, /\*\*\*/);
  const { stdout, stderr } = host.written;
  assert.deepEqual(findCanary(`${stdout}\n${stderr}\n${written}`, TOKEN), []);
});

test("a GitHub Release holds no secret that a commit tells of", withGit, async () => {
  await using world = await releaseWorld();
  const { status } = await world.piot("publish");
  assert.equal(status, 0);
  const token = world.env["NODE_AUTH_TOKEN"]!;
  await world.commit(`Use ${token} for now`, { "js/pebble/index.js": "export const a = 1;\n" });
  const notes: string[] = [];
  world.services.breakNext("GitHub", {
    matches: ({ place, body }) => {
      if (place === "release") notes.push(new TextDecoder().decode(body));
      return false;
    },
    how: "lost-before",
  });
  const run = await world.piot("publish");
  assert.equal(run.status, 0, run.stderr);
  assert.match(notes.join(), /Use \*\*\* for now/);
  assert.deepEqual(findCanary(notes.join(), token), []);
});
