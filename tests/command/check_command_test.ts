import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../src/cli/main.ts";
import type { CliRun } from "../support/release_world.ts";
import { tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";

const CONFIG = `[putitoutthere]
version = 1

[[package]]
name = "core"
kind = "crates"
path = "core"
paths = ["core/**"]

[[package]]
name = "wheel"
kind = "pypi"
pypi = "core-py"
path = "py"
paths = ["py/**"]
depends_on = ["core"]
`;

/** Runs `check` in a folder that git knows nothing of, without a program on the path. */
async function check(text: string, ...flags: readonly string[]): Promise<CliRun> {
  await using folder = await tempFolder({ "putitoutthere.toml": text });
  const host = testHost({ cwd: folder.path, env: { PATH: "" } });
  const status = await main({ argv: ["check", ...flags], makeHost: () => host, isTTY: false });
  return { status, ...host.written };
}

test("check says what a configuration declares, outside of git and without a program", async () => {
  const { status, stdout, stderr } = await check(CONFIG);
  assert.deepEqual({ status, stdout }, { status: 0, stdout: "" });
  assert.match(
    stderr,
    /putitoutthere\.toml: 2 packages, all in order\n.*core \(crates\) in core\n.*wheel \(pypi\) in py/,
  );
});

test("check --json prints the packages as one document", async () => {
  const { status, stdout, stderr } = await check(CONFIG, "--json");
  assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
  assert.deepEqual(JSON.parse(stdout), {
    schema: 1,
    file: "putitoutthere.toml",
    cadence: "immediate",
    packages: [
      { name: "core", kind: "crates", registry_name: "core", path: "core", depends_on: [] },
      { name: "wheel", kind: "pypi", registry_name: "core-py", path: "py", depends_on: ["core"] },
    ],
  });
});

test("check tells everything that is wrong at once, each with its place, and ends with 2", async () => {
  const text = CONFIG.replace('["core"]', '["cor"]').replace('kind = "crates"', 'kind = "crate"');
  const { status, stderr } = await check(text);
  assert.equal(status, 2);
  assert.match(stderr, /putitoutthere\.toml:6:\d+/);
  assert.match(stderr, /putitoutthere\.toml:16:\d+/);
});
