import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { buildSync } from "esbuild";
import { NODE_BUNDLE } from "../../scripts/node_bundle.ts";
import type { Env } from "../../src/host/host.ts";
import { findCanary } from "../support/canary.ts";
import { enterStep, leaksOf, secretsOf, sinksOf, tellOn } from "../support/canary_world.ts";
import { type CliRun, releaseWorld } from "../support/release_world.ts";
import { SPELLINGS } from "../support/spelled.ts";
import { tempFolder } from "../support/temp.ts";
import { needs, programEnv } from "../support/tools.ts";

const TOKEN = "ghs_a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ";
const folder = await tempFolder();
after(() => folder[Symbol.asyncDispose]());

/** The command line as it is, but for what {@link Start.env} breaks. */
const SCRIPTS = {
  command: resolve("tests/support/stalled_run.ts"),
  uncaught: resolve("tests/support/uncaught_run.ts"),
} as const;

function bundled(script: keyof typeof SCRIPTS): string {
  const outfile = `${folder.path}/${script}.mjs`;
  buildSync({ ...NODE_BUNDLE, entryPoints: [SCRIPTS[script]], outfile, logLevel: "error" });
  return outfile;
}

interface Start {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env: Env;
}

function execute(command: readonly [string, ...string[]], start: Start): Promise<CliRun> {
  const [program, ...words] = command;
  const env = { ...programEnv(), ...start.env, AWAITED: program === "node" ? "yes" : "no" };
  return new Promise((done) => {
    const child = execFile(
      program,
      [...words, ...start.argv],
      { env, cwd: start.cwd ?? process.cwd() },
      (_error, stdout, stderr) => done({ status: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

for (const runtime of ["deno", "node"] as const) {
  const withRuntime = await needs("git", runtime);
  const starts = new Map<string, readonly [string, ...string[]]>();
  const run = (script: keyof typeof SCRIPTS, start: Start): Promise<CliRun> => {
    const command = starts.get(script) ??
      (runtime === "node"
        ? ["node", bundled(script)]
        : ["deno", "run", "-A", "--no-check", "--quiet", SCRIPTS[script]]);
    starts.set(script, command);
    return execute(command, start);
  };

  for (const trouble of ["load", "main", "rejection", "timer", "word"]) {
    test(
      `what nobody catches is told without its secret: ${trouble}, on ${runtime}`,
      withRuntime,
      async () => {
        for (const how of ["as it is", "base64 of user:token", "over lines", "percent"]) {
          const env = {
            TROUBLE: trouble,
            NPM_TOKEN: TOKEN,
            SECRET_SPELLED: SPELLINGS[how]!(TOKEN),
          };
          const { status, stdout, stderr } = await run("uncaught", { argv: ["plan"], env });
          assert.equal(status, 4, stderr);
          assert.match(stderr, /A bug in putitoutthere/);
          assert.deepEqual(findCanary(stdout + stderr, TOKEN), [], how);
          if (trouble !== "main") assert.match(stderr, /\*\*\*/);
        }
      },
    );
  }

  test(
    `a process that is told its own token tells nobody, on ${runtime}`,
    withRuntime,
    async () => {
      const places = [
        ["npm-whoami", 401],
        ["pypi-upload", 403],
        ["release", 422],
      ] as const;
      for (const [place, status] of places) {
        await using world = await releaseWorld();
        await enterStep(world);
        for (const how of ["as it is", "base64 of user:token"]) {
          const trap = tellOn(world.services, {
            place,
            spell: SPELLINGS[how]!,
            tell: (words) => ({ status, body: { error: words, message: words, code: words } }),
          });
          const argv = ["publish", "--json", "--verbose", "--artifacts", world.artifacts];
          const env = { ...world.env, STALL: "nothing" };
          const ended = await run("command", { argv, cwd: world.root, env });
          trap.stop();
          assert.ok(trap.told() > 0, `${place}: ${ended.stderr}`);
          JSON.parse(ended.stdout);
          assert.deepEqual(leaksOf(await sinksOf(world, ended), secretsOf(world)), [], place);
          assert.match(ended.stdout, /\*\*\*/);
        }
      }
    },
  );

  test(
    `a process says no secret of its command line again, on ${runtime}`,
    withRuntime,
    async () => {
      const env = { STALL: "nothing", NPM_TOKEN: TOKEN };
      for (
        const argv of [[`--${TOKEN}`], [TOKEN], ["plan", "--at", TOKEN], ["schema", btoa(TOKEN)]]
      ) {
        const { status, stdout, stderr } = await run("command", { argv, env });
        assert.notEqual(status, 0);
        assert.deepEqual(findCanary(stdout + stderr, TOKEN), []);
      }
    },
  );
}
