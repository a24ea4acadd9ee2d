import { test } from "node:test";
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { build } from "esbuild";
import { type PackFile, packTarball } from "../../../src/registry/npm/pack.ts";
import { tempFolder } from "../../support/temp.ts";

const run = promisify(execFile);

/** Files whose bytes depend on nothing but this function: text that compresses, noise that does not, odd names. */
function sample(): PackFile[] {
  const text = new TextEncoder();
  const noise = new Uint8Array(300_000);
  for (let at = 0, state = 1; at < noise.length; at++) {
    state = (state * 1103515245 + 12345) % 2147483648;
    noise[at] = state >> 16;
  }
  const words = Array.from({ length: 40_000 }, (_, index) => `word${index % 977} `).join("");
  return [
    { path: "z.js", bytes: text.encode(words), executable: false },
    { path: "bin/run.js", bytes: text.encode("#!/usr/bin/env node\n"), executable: true },
    { path: "data/noise.bin", bytes: noise, executable: false },
    {
      path: `long/${"segment-of-a-path/".repeat(9)}größe.txt`,
      bytes: noise.slice(0, 7),
      executable: false,
    },
    { path: "package.json", bytes: text.encode('{"name":"demo"}\n'), executable: false },
    { path: "empty", bytes: new Uint8Array(), executable: false },
  ];
}

function sha512(bytes: Uint8Array): string {
  return createHash("sha512").update(bytes).digest("base64");
}

test("packTarball makes the same bytes whatever the order of the files", async () => {
  const forward = await packTarball(sample());
  const backward = await packTarball(sample().reverse());
  assert.equal(sha512(forward), sha512(backward));
});

test("packTarball writes a gzip header without time or system, and dates every file 1985", async () => {
  const packed = await packTarball(sample());
  assert.deepEqual([...packed.subarray(0, 10)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff]);
  const tar = gunzipSync(packed);
  const field = (at: number, size: number): string =>
    new TextDecoder().decode(tar.subarray(at, at + size)).replace(/\0.*$/s, "");
  assert.equal(field(0, 100), "package/bin/run.js");
  assert.equal(Number.parseInt(field(100, 8), 8), 0o755);
  assert.equal(Number.parseInt(field(136, 12), 8), 499162500);
  assert.equal(field(265, 32) + field(297, 32), "");
});

/** The runtime that this test does not run on. */
const OTHER = "Deno" in globalThis ? "node" : "deno";
const WITH_OTHER = { skip: isThere(OTHER) ? false : `no ${OTHER} on PATH` };

function isThere(program: string): boolean {
  return spawnSync(program, ["--version"], { env: { PATH: process.env.PATH ?? "" } }).status === 0;
}

test("packTarball makes the same bytes on Deno and on Node", WITH_OTHER, async () => {
  await using folder = await tempFolder();
  const bundle = join(folder.path, "pack.mjs");
  const source = [
    `import { createHash } from "node:crypto";`,
    `import { packTarball } from "./src/registry/npm/pack.ts";`,
    sample.toString(),
    `const packed = await packTarball(sample());`,
    `console.log(createHash("sha512").update(packed).digest("base64"));`,
  ].join("\n");
  await build({
    stdin: { contents: source, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: bundle,
    logLevel: "error",
  });
  const env = { PATH: process.env.PATH ?? "", HOME: folder.path, NO_COLOR: "1" };
  const here = sha512(await packTarball(sample()));
  const flags = OTHER === "deno" ? ["run", "--allow-env", "--no-config"] : [];
  const { stdout } = await run(OTHER, [...flags, bundle], { env, cwd: folder.path });
  assert.equal(stdout.trim(), here);
});
