import { test } from "node:test";
import type { ExecBounds } from "../../src/host/exec_bounds.ts";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import process from "node:process";
import { Failure } from "../../src/error.ts";
import { BASE_ENV, exec, type ExecOptions, pickEnv } from "../../src/host/exec.ts";
import { tempFolder } from "../support/temp.ts";

const HERE = process.cwd();
const PATH = { PATH: process.env.PATH ?? "" };

/** Runs a line of sh, with `$1` and so on from `args`. */
async function sh(
  script: string,
  { args = [], ...over }: Partial<ExecOptions> & { args?: readonly string[] } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const options = { cwd: HERE, env: PATH, ...over };
  const { stdout, ...rest } = await exec("sh", ["-c", script, "sh", ...args], options);
  return { ...rest, stdout: Buffer.from(stdout).toString() };
}

test("arguments arrive as they are, whatever characters they hold", async () => {
  const args = [
    "two words",
    `"double" and 'single'`,
    "line\nbreak",
    "$HOME `id` $(id)",
    "*",
    "; rm -rf x",
    "-n",
    "--flag=a b",
    "",
    "ünï 😀",
    "back\\slash",
  ];
  const { stdout } = await sh('for one in "$@"; do printf "%s\\0" "$one"; done', { args });
  assert.deepEqual(stdout.split("\0").slice(0, -1), args);
});

test("a program sees the variables that it is given, and none of ours", async () => {
  const env = { ...PATH, GIVEN: "a b\nc", EMPTY: "", GONE: undefined };
  const { stdout } = await exec("env", ["-0"], { cwd: HERE, env });
  const seen = Buffer.from(stdout).toString().split("\0").filter(Boolean).sort();
  assert.deepEqual(seen, ["EMPTY=", "GIVEN=a b\nc", `PATH=${PATH.PATH}`]);
  assert.ok(Object.keys(process.env).length > 1, "there was something to leak");
});

test("a program that is not on PATH is PIOT_PROGRAM_MISSING", async () => {
  await assert.rejects(exec("no-such-program-here", [], { cwd: HERE, env: PATH }), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_PROGRAM_MISSING");
    assert.equal(error.message, "Cannot run no-such-program-here: it is not on PATH");
    return true;
  });
});

for (const name of ["no-such-folder", "deno.json", "deno.json/below"]) {
  test(`a folder ${name} that is none is not taken for a missing program`, async () => {
    const cwd = join(HERE, name);
    await assert.rejects(exec("sh", ["-c", "true"], { cwd, env: PATH }), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_FILE_UNREADABLE");
      assert.ok(error.message.endsWith(`${name}: no such folder`), error.message);
      return true;
    });
  });
}

test("a status other than zero is an answer, with what was written", async () => {
  const result = await sh("echo out; echo err >&2; exit 7");
  assert.deepEqual(result, { code: 7, stdout: "out\n", stderr: "err\n" });
});

test("a program that a signal ends has no status", async () => {
  assert.equal((await sh("kill -9 $$")).code, null);
});

test("input arrives whole, and output of any size comes back whole", async () => {
  const input = "0123456789".repeat(100_000);
  assert.equal((await sh("cat", { input })).stdout, input);
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const { stdout } = await exec("cat", [], { cwd: HERE, env: PATH, input: bytes });
  assert.deepEqual([...stdout], [...bytes]);
});

test("without input a program reads the end at once", async () => {
  assert.equal((await sh("cat; echo end")).stdout, "end\n");
});

test("a program that does not read its input is no error", async () => {
  const { code } = await sh("exit 3", { input: "x".repeat(1_000_000) });
  assert.equal(code, 3);
});

test("standard error is chunks while it comes, with characters kept whole", async () => {
  const chunks: string[] = [];
  // Two bytes each from an odd place on: wherever a pipe's buffer ends, it cuts one.
  const input = `a${"ü".repeat(200_000)}`;
  const { stderr } = await sh("cat >&2", { input, onStderr: (text) => void chunks.push(text) });
  assert.ok(chunks.length > 1);
  assert.equal(chunks.join(""), input);
  assert.equal(stderr, input);
});

test("a program runs in the folder that it is given", async () => {
  await using folder = await tempFolder({ "here.txt": "" });
  assert.equal((await sh("ls", { cwd: folder.path })).stdout, "here.txt\n");
});

for (const when of ["before it starts", "while it runs"]) {
  test(`stopping a program ${when} interrupts it, and how that ends is an answer`, async () => {
    const controller = new AbortController();
    if (when === "before it starts") controller.abort();
    const { code } = await sh("echo up >&2; exec sleep 600", {
      stop: controller.signal,
      onStderr: () => controller.abort(),
    });
    assert.equal(code, null);
  });
}

const BOUNDED: readonly {
  readonly name: string;
  readonly script: string;
  readonly bounds: ExecBounds;
  readonly passed: keyof ExecBounds | undefined;
}[] = [
  {
    name: "never ends",
    script: "exec sleep 30",
    bounds: { milliseconds: 50, bytes: 10 },
    passed: "milliseconds",
  },
  {
    name: "never ends to talk",
    script: "exec yes",
    bounds: { milliseconds: 60_000, bytes: 100_000 },
    passed: "bytes",
  },
  {
    name: "leaves one behind that holds its output open",
    script: "sleep 5 & exec sleep 30",
    bounds: { milliseconds: 200, bytes: 10 },
    passed: "milliseconds",
  },
  {
    name: "keeps to its bounds",
    script: "printf 0123456789",
    bounds: { milliseconds: 60_000, bytes: 10 },
    passed: undefined,
  },
];
for (const { name, script, bounds, passed } of BOUNDED) {
  test(`a program that ${name} ${passed === undefined ? "is let be" : `is ended for ${passed}`}`, async () => {
    const options = { cwd: HERE, env: PATH, bounds };
    const result = await exec("sh", ["-c", script], options);
    assert.equal(result.passed, passed);
    assert.equal(result.code === 0, passed === undefined);
  });
}

test("pickEnv() takes the names of the list, prefixes, and never LD_*", () => {
  const env = { PATH: "p", GIT_DIR: "d", GIT_SSH: "s", GITHUB_TOKEN: "t", LD_PRELOAD: "x", A: "a" };
  assert.deepEqual(pickEnv(env, ["PATH", "GIT_*"]), { PATH: "p", GIT_DIR: "d", GIT_SSH: "s" });
  assert.deepEqual(pickEnv(env, ["LD_*", "LD_PRELOAD"]), {});
  assert.deepEqual(pickEnv(env, []), {});
});

test("the variables that every program gets hold no secret", () => {
  const secrets = [
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "NODE_AUTH_TOKEN",
    "NPM_TOKEN",
    "CARGO_REGISTRY_TOKEN",
    "PYPI_API_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "CRATES_IO_DOCTOR_TOKEN",
  ];
  const env = Object.fromEntries(secrets.map((name) => [name, "secret"]));
  assert.deepEqual(pickEnv(env, BASE_ENV), {});
});
