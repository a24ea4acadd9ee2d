import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import { NODE_BUNDLE } from "../../../scripts/node_bundle.ts";
import { commandOf } from "../../support/bundle.ts";
import { tempFolder } from "../../support/temp.ts";
import { needs, programEnv } from "../../support/tools.ts";

const withClients = await needs("git", "cargo", "rustc", "pip", "npm");

const CONSUMER = `[package]
name = "consumer"
version = "0.0.0"
edition = "2021"
`;

/** What `rehearse --serve --json` prints when the registries are open to all. */
interface Served {
  readonly ok: boolean;
  readonly clients: readonly (readonly [string, ...string[]])[];
}

/** A process that rehearses the example and serves it. */
async function serveExample(
  folder: string,
): Promise<{ readonly served: Served; readonly end: () => Promise<number | null> }> {
  const bundle = join(folder, "cli.mjs");
  const entry = resolve("tests/support/signalled_run.ts");
  buildSync({ ...NODE_BUNDLE, entryPoints: [entry], outfile: bundle, logLevel: "error" });
  const [program, ...words] = commandOf(bundle);
  const child = spawn(program!, [...words, "rehearse", "--example", "--serve", "--json"], {
    cwd: folder,
    env: {
      ...programEnv(),
      TMPDIR: join(folder, "temp"),
      // Nobody listens there: nothing but what was released is to be had.
      npm_config_registry: "http://127.0.0.1:9/",
    },
  });
  const ended = new Promise<number | null>((done) => child.on("close", done));
  let [stdout, stderr] = ["", ""];
  child.stderr.on("data", (chunk) => stderr += chunk);
  const served = await new Promise<Served>((done, fail) => {
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      // The document ends with a brace at the start of a line.
      if (/\n\}\n$/.test(stdout)) done(JSON.parse(stdout));
    });
    void ended.then(() => fail(new Error(stderr)));
  });
  return {
    served,
    end: () => {
      process.kill(child.pid!, "SIGINT");
      return ended;
    },
  };
}

test(
  "rehearse --serve has npm, pip and cargo install what was released, until it is interrupted",
  withClients,
  async () => {
    await using folder = await tempFolder({
      "temp/.keep": "",
      "npm/package.json": "{}",
      "pip/.keep": "",
      "cargo/Cargo.toml": CONSUMER,
      "cargo/src/lib.rs": "",
    });
    const { served: { ok, clients }, end } = await serveExample(folder.path);
    assert.equal(ok, true);
    const wishes: Readonly<Record<string, readonly string[]>> = {
      npm: ["@putitoutthere/pebble", "--no-audit", "--no-fund", "--no-update-notifier"],
      pip: ["pebble", "--no-deps", "--no-cache-dir", "--isolated", "--target", "site"],
      cargo: ["pebble-core"],
    };
    assert.deepEqual(clients.map(([client]) => client).sort(), Object.keys(wishes).sort());
    await Promise.all(clients.map(async ([client, ...words]) => {
      const cwd = join(folder.path, client);
      const home = join(folder.path, `${client}-home`);
      const env = { ...programEnv(), npm_config_cache: home, CARGO_HOME: home };
      await promisify(execFile)(client, [...words, ...wishes[client]!], { cwd, env });
      if (client === "cargo") {
        await promisify(execFile)(client, [...words.slice(0, -1), "fetch"], { cwd, env });
      }
    }));
    assert.ok(
      (await readdir(join(folder.path, "npm/node_modules/@putitoutthere"))).includes("pebble"),
    );
    assert.ok((await readdir(join(folder.path, "pip/site"))).includes("pebble"));
    assert.ok((await readdir(join(folder.path, "cargo"))).includes("Cargo.lock"));
    // A stranger's question that no registry knows is not held against the rehearsal.
    const registry = clients.find(([client]) => client === "npm")!.at(-1)!.split("=")[1]!;
    const answer = await fetch(`${registry}/-/no/such/place`);
    await answer.body?.cancel();
    assert.equal(answer.status, 501);
    assert.equal(await end(), 0);
    assert.deepEqual(
      (await readdir(join(folder.path, "temp"))).filter((name) => name.startsWith("piot-")),
      [],
    );
  },
);
