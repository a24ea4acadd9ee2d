import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { releaseWorld } from "../support/release_world.ts";
import { tempFolder } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

/** Puts a pipe in a file's place that gives its text to whoever opens it first; from then on there is no such file. */
async function readableOnce(path: string): Promise<AsyncDisposable> {
  const kept = `${path}.kept`;
  await rename(path, kept);
  execFileSync("mkfifo", [path]);
  // The shell's opening waits for a reader. The name is gone before there is anything to read.
  const script = 'exec 3>"$1"; rm "$1"; cat "$2" >&3';
  const writer = spawn("sh", ["-c", script, "sh", path, kept], {
    env: { PATH: process.env["PATH"] },
    stdio: "ignore",
  });
  const ended = once(writer, "exit");
  return {
    [Symbol.asyncDispose]: async () => {
      writer.kill();
      await ended;
    },
  };
}

/** The words of every git process that wrote into a trace (git's Trace2 documentation, event format). */
async function tracedCommands(trace: string): Promise<readonly (readonly string[])[]> {
  const lines = (await readFile(trace, "utf8")).trimEnd().split("\n");
  const events = lines.map((line) => JSON.parse(line) as { event: string; argv: string[] });
  return events.filter(({ event }) => event === "start").map(({ argv }) => argv.slice(1));
}

test(
  "publish reads the configuration and asks for HEAD once, also where it plans twice",
  await needs("git", "sh", "mkfifo"),
  async () => {
    await using world = await releaseWorld();
    world.services.breakNext("GitHub", {
      matches: ({ method, path }) => method === "POST" && path.endsWith("/releases"),
      how: { status: 403, body: { message: "Resource not accessible by integration" } },
      times: 2,
    });
    await world.piot("publish");
    await using folder = await tempFolder();
    const trace = join(folder.path, "trace");
    world.env["GIT_TRACE2_EVENT"] = trace;
    await using _pipe = await readableOnce(join(world.root, "putitoutthere.toml"));
    // What the first run could not announce is planned as things stood before it.
    const { status, stdout, stderr } = await world.piot("publish", "--json");
    assert.equal(status, 0, stderr);
    const { packages } = JSON.parse(stdout) as { packages: readonly { status: string }[] };
    assert.deepEqual(packages.map((pkg) => pkg.status), ["healed", "healed"]);
    const commands = await tracedCommands(trace);
    const asking = commands.filter((words) => words.some((word) => /\bHEAD\b/.test(word)));
    assert.deepEqual(asking.map((words) => words.find((word) => !word.startsWith("-"))), [
      "rev-parse",
    ]);
  },
);
