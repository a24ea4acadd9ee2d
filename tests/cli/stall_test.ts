import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { test } from "node:test";
import { buildSync } from "esbuild";
import { NODE_BUNDLE } from "../../scripts/node_bundle.ts";
import type { Env } from "../../src/host/host.ts";
import { type CliRun, releaseWorld } from "../support/release_world.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { needs, programEnv } from "../support/tools.ts";

const SCRIPT = resolve("tests/support/stalled_run.ts");

/** The script as Node runs it: `await` at the top, as the installed command has it. */
function bundled(folder: TempFolder): string {
  const outfile = `${folder.path}/stalled_run.mjs`;
  buildSync({ ...NODE_BUNDLE, entryPoints: [SCRIPT], outfile, logLevel: "error" });
  return outfile;
}

interface Start {
  readonly argv: readonly string[];
  /** What never comes. */
  readonly stall: "network" | "input" | "load" | "server" | "nothing";
  readonly cwd?: string;
  readonly env?: Env;
}

function execute(command: readonly [string, ...string[]], start: Start): Promise<CliRun> {
  const [program, ...words] = command;
  const env = { ...programEnv(), ...start.env, STALL: start.stall };
  return new Promise((done) => {
    const child = execFile(
      program,
      [...words, ...start.argv],
      { env: { ...env, AWAITED: program === "node" ? "yes" : "no" }, cwd: start.cwd },
      (_error, stdout, stderr) => done({ status: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

for (const runtime of ["deno", "node"] as const) {
  const run = async (start: Start): Promise<CliRun> => {
    await using folder = await tempFolder();
    return runtime === "node"
      ? await execute(["node", bundled(folder)], start)
      : await execute(["deno", "run", "-A", "--no-check", "--quiet", SCRIPT], start);
  };
  const withRuntime = await needs("git", runtime);

  test(`a command that stalls says so and where it was, on ${runtime}`, withRuntime, async () => {
    await using world = await releaseWorld();
    const argv = ["publish", "--dry-run", "--artifacts", world.artifacts];
    const start = { argv, stall: "network", cwd: world.root, env: world.env } as const;
    const { status, stdout, stderr } = await run(start);
    assert.match(
      stderr,
      /error\[PIOT_STALLED\]: Cannot go on: publish stopped at "Look: [^"]+", with nothing left/,
    );
    assert.deepEqual({ status, stdout }, { status: 4, stdout: "" });
    const json = await run({ ...start, argv: [...argv, "--json"] });
    assert.equal(json.status, 4);
    assert.equal(JSON.parse(json.stdout).failure.code, "PIOT_STALLED");
  });

  test(
    `a command that stalls before its first stage says so, on ${runtime}`,
    withRuntime,
    async () => {
      const { status, stderr } = await run({ argv: ["plan", "--release", "-"], stall: "input" });
      assert.match(stderr, /error\[PIOT_STALLED\]: Cannot go on: plan stopped, with nothing left/);
      assert.equal(status, 4);
    },
  );

  test(`a run that stalls before its command says so, on ${runtime}`, withRuntime, async () => {
    const { status, stderr } = await run({ argv: ["schema"], stall: "load" });
    assert.match(stderr, /error\[PIOT_STALLED\]: Cannot go on: putitoutthere stopped/);
    assert.equal(status, 4);
  });

  test(`a local server that listens hides no stall, on ${runtime}`, withRuntime, async () => {
    const { status, stderr } = await run({ argv: ["rehearse"], stall: "server" });
    assert.match(stderr, /error\[PIOT_STALLED\]/);
    assert.equal(status, 4);
  });

  test(`a run that ends says nothing of a stall, on ${runtime}`, withRuntime, async () => {
    const { status, stderr } = await run({ argv: ["schema"], stall: "nothing" });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
  });
}
