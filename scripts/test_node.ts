/**
 * Runs the tests on Node: bundles each file for Node 20, which strips no types itself, and hands them to `node --test`.
 *
 * @module
 */

/// <reference lib="deno.ns" />
import { spawn } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { build } from "esbuild";

const OUT = ".node-tests";

const entries = await readdir("tests", { recursive: true });
const files = entries.filter((path) => path.endsWith("_test.ts")).map((path) =>
  join("tests", path)
);
await rm(OUT, { recursive: true, force: true });
await build({
  entryPoints: files,
  outdir: OUT,
  outbase: "tests",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: true,
  logLevel: "warning",
});

const bundles = files.map((file) =>
  join(OUT, file.slice("tests/".length).replace(/\.ts$/, ".mjs"))
);
const only = process.argv.slice(2);
const chosen = bundles.filter((path) =>
  only.length === 0 ||
  only.some((word) => path.includes(word.replace(/^tests\//, "").replace(/\.ts$/, "")))
);
if (chosen.length === 0) {
  // `node --test` without files would look for some by itself, and run them all.
  console.error(`no test file has ${only.join(" or ")} in its path below tests/`);
  process.exit(1);
}
const node = spawn("node", [
  "--enable-source-maps",
  "--test",
  "--test-reporter=tap",
  `--test-concurrency=${availableParallelism()}`,
  ...chosen,
], {
  stdio: ["ignore", "pipe", "inherit"],
});
for await (const line of readLines(node.stdout)) {
  // Only what failed or was skipped, and the closing counts: a passing test has nothing to say.
  if (
    /^\s*not ok|^\s*ok .* # SKIP|^# (tests|pass|fail|skipped)|^\s+(error|failureType|location|stack|code):/
      .test(line)
  ) console.log(line);
}
const code = await new Promise<number>((resolve) =>
  node.on("close", (status) => resolve(status ?? 1))
);
process.exit(code);

async function* readLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  if (rest !== "") yield rest;
}
