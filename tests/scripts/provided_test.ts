import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { join, resolve } from "node:path";
import process from "node:process";
import { buildSync } from "esbuild";
import { NODE_BUNDLE } from "../../scripts/node_bundle.ts";
import { type ProgramRun, runBundle } from "../support/bundle.ts";
import { maySkip } from "../support/provided.ts";
import { tempFolder } from "../support/temp.ts";

const WHY = "no cargo on PATH";
const ALLOWED = [
  { name: "on a machine of one's own", env: { PIOT_TEST_PROVIDED: "git cargo" } },
  { name: "in CI without the program", env: { CI: "true", PIOT_TEST_PROVIDED: "git npm" } },
  { name: "in CI that says nothing", env: { CI: "true" } },
  {
    name: "in CI with a program of a longer name",
    env: { CI: "true", PIOT_TEST_PROVIDED: "cargo-x" },
  },
];
for (const { name, env } of ALLOWED) {
  test(`a test may be skipped ${name}`, () => assert.equal(maySkip("cargo", WHY, env), WHY));
}

test("a test may not be skipped in CI for a program that is provided there", () => {
  const env = { CI: "true", PIOT_TEST_PROVIDED: "git cargo" };
  assert.throws(() => maySkip("cargo", WHY, env), /no cargo on PATH.*provides cargo/);
});

test("every program that tests are skipped for is one that .ci/run provides", async () => {
  const script = await readFile(".ci/run", "utf8");
  for (const program of ["cargo", "git", "node", "npm", "pip", "verdaccio"]) {
    assert.match(
      script,
      new RegExp(`^(?:provide ${program} |npm view .*provided.*${program}"$)`, "m"),
      program,
    );
  }
});

/** By how tests ask for a program: what they come to on this runtime, on a machine that has none of them. */
async function probe(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ProgramRun> {
  await using folder = await tempFolder({ "bin/nothing": "" });
  const outfile = join(folder.path, "skip_probe.mjs");
  buildSync({
    ...{ ...NODE_BUNDLE, entryPoints: [resolve("tests/support/skip_probe.ts")], outfile },
    logLevel: "error",
  });
  const { HOME = "", DENO_DIR } = process.env;
  return await runBundle(outfile, {
    args: words,
    cwd: folder.path,
    env: {
      ...{ PATH: join(folder.path, "bin"), HOME, NO_COLOR: "1", CI: "true" },
      ...(DENO_DIR === undefined ? {} : { DENO_DIR }),
      ...env,
    },
  });
}

const ASKED: readonly (readonly [words: readonly string[], why: RegExp])[] = [
  [["git", "needs"], /^no git on PATH$/m],
  [["cargo", "needs"], /^no cargo on PATH$/m],
  [["npm", "needs"], /^no npm on PATH$/m],
  [["cargo"], /^no cargo on PATH$/m],
  [["npm"], /^no npm on PATH$/m],
  [["pip"], /^no pip on PATH$/m],
  [["verdaccio"], /^verdaccio cannot be installed here: /m],
];
for (const [words, why] of ASKED) {
  const [program] = words;
  test(`tests with ${words.join(", by ")} are skipped where there is none, and fail in CI where it is provided`, async () => {
    const [alone, provided] = await Promise.all([
      probe(words, { PIOT_TEST_PROVIDED: "gcc" }),
      probe(words, { PIOT_TEST_PROVIDED: `gcc ${program}` }),
    ]);
    assert.equal(alone.status, 0, alone.stderr);
    assert.match(alone.stdout, why);
    assert.notEqual(provided.status, 0);
    assert.match(provided.stderr, new RegExp(`Cannot skip a test .*: .ci/run provides ${program}`));
  });
}

test("no test gives a reason of its own for the lack of a program that is provided", async () => {
  const names = await readdir("tests", { recursive: true });
  const own: string[] = [];
  for (const name of names.filter((name) => name.endsWith(".ts"))) {
    const text = await readFile(join("tests", name), "utf8");
    for (const [line] of text.matchAll(/^.*["`]no (?:cargo|git|node|npm|pip) on PATH["`].*$/gm)) {
      if (!line.includes("maySkip(") && !/^const WHY = /.test(line)) own.push(`${name}: ${line}`);
    }
  }
  assert.deepEqual(own, []);
});
