import { test } from "node:test";
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { judgeImport, judgeSink, placeOf } from "../../scripts/walls.ts";

const ALLOWED = [
  ["src/core/plan.ts", "./package.ts"],
  ["src/core/plan.ts", "../error.ts"],
  ["src/core/manifest/cargo.ts", "../../failure_codes.ts"],
  ["src/core/config/schema.ts", "zod/mini"],
  ["src/core/version.ts", "semver/functions/inc.js"],
  ["src/host/files.ts", "node:fs/promises"],
  ["src/host/github_api.ts", "@octokit/rest"],
  ["src/report/human_reporter.ts", "../core/plan.ts"],
  ["src/report/terminal.ts", "node:util"],
  ["src/registry/npm/pack.ts", "node:path"],
  ["src/registry/npm/pack.ts", "../registry.ts"],
  ["src/registry/npm/pack.ts", "./look.ts"],
  ["src/registry/npm/deep/pack.ts", "../look.ts"],
  ["src/registry/npm/pack.ts", "../../artifact/npm/read.ts"],
  ["src/rehearsal/npm/serve_npm.ts", "../server/serve.ts"],
  ["src/rehearsal/npm/exchange.ts", "../identity/json_web_token.ts"],
  ["src/rehearsal/github/git_routes.ts", "../../host/git.ts"],
  ["src/rehearsal/server/faults.ts", "../../error.ts"],
  ["src/rehearsal/held_state.ts", "./pypi/state.ts"],
  ["src/rehearsal/example_targets.ts", "../artifact/binary.ts"],
  ["src/rehearsal/synthesise/binary_elf.ts", "../../core/target/target.ts"],
  ["src/command/rehearse/open_services.ts", "../../rehearsal/npm/serve_npm.ts"],
  ["src/command/rehearse.ts", "../rehearsal/example.ts"],
  ["src/command/publish.ts", "../registry/npm/create.ts"],
  ["src/failure_codes.ts", "./error.ts"],
  ["src/failure_codes.ts", "./failure_codes/input.ts"],
  ["src/failure_codes/input.ts", "./machine.ts"],
  ["src/host/http.ts", "../failure_codes.ts"],
  ["/anywhere/src/host/git.ts", "./exec.ts"],
  ["C:\\work\\src\\host\\git.ts", "./exec.ts"],
  ["cli.ts", "commander"],
  ["src/cli/register_commands.ts", "commander"],
  ["src/cli/register_commands.ts", "../command/init_command.ts"],
  ["src/cli/run_cli.ts", "../host/create_host.ts"],
  ["src/cli/run_cli.ts", "node:process"],
  ["cli.ts", "./src/command/publish.ts"],
  ["tests/host/http_test.ts", "../../src/rehearsal/serve.ts"],
  ["tests/host/http_test.ts", "fast-check"],
] as const;
for (const [file, specifier] of ALLOWED) {
  test(`${file} may import ${specifier}`, () => {
    assert.equal(judgeImport(file, specifier), undefined);
  });
}

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ["src/core/plan.ts", "../host/git.ts", /^src\/core\/ does not import src\/host\/$/],
  ["src/core/manifest/cargo.ts", "../../report/human_reporter.ts", /does not import src\/report\//],
  ["src/host/git.ts", "../core/plan.ts", /^src\/host\/ does not import src\/core\/$/],
  ["src/report/human_reporter.ts", "../host/git.ts", /does not import src\/host\//],
  ["src/artifact/read.ts", "../registry/registry.ts", /does not import src\/registry\//],
  ["src/registry/registry.ts", "../command/publish.ts", /does not import src\/command\//],
  ["src/registry/registry.ts", "../rehearsal/serve.ts", /does not import src\/rehearsal\//],
  ["src/rehearsal/example.ts", "../registry/registry.ts", /does not import src\/registry\//],
  [
    "src/rehearsal/pypi/archive_checks.ts",
    "../../core/pypi/pep440.ts",
    /^src\/rehearsal\/pypi\/ does not import src\/core\/$/,
  ],
  [
    "src/rehearsal/npm/publish_document.ts",
    "../../artifact/tarball.ts",
    /^src\/rehearsal\/npm\/ does not import src\/artifact\/$/,
  ],
  ["src/rehearsal/server/serve.ts", "../../core/model/plan.ts", /does not import src\/core\/$/],
  ["src/rehearsal/cargo/serve_cargo.ts", "../../core/model/plan.ts", /does not import src\/core\//],
  [
    "src/rehearsal/pypi/serve_pypi.ts",
    "../synthesise/binary_elf.ts",
    /^src\/rehearsal\/pypi\/ does not import src\/rehearsal\/$/,
  ],
  ["src/rehearsal/pypi/serve_pypi.ts", "../example.ts", /does not import src\/rehearsal\/$/],
  [
    "src/rehearsal/npm/read.ts",
    "../pypi/state.ts",
    /^rehearsal\/npm\/ does not import rehearsal\/pypi\/$/,
  ],
  [
    "src/registry/npm/look.ts",
    "../../rehearsal/npm/state.ts",
    /does not import src\/rehearsal\/npm\/$/,
  ],
  ["src/error.ts", "./core/plan.ts", /^src\/error\/ does not import src\/core\/$/],
  ["src/failure_codes/input.ts", "../host/http.ts", /^src\/error\/ does not import src\/host\/$/],
  [
    "src/registry/npm/pack.ts",
    "../pypi/look.ts",
    /^registry\/npm\/ does not import registry\/pypi\/$/,
  ],
  ["src/registry/npm/deep/pack.ts", "../../crates/look.ts", /^registry\/npm\/ does not import/],
  ["src/core/plan.ts", "../../scripts/walls.ts", /from outside src\/$/],
  ["src/core/plan.ts", "../../tests/support/temp.ts", /from outside src\/$/],
  ["src/attic/old.ts", "../error.ts", /^src\/attic\/ is not a room of this house$/],
  ["src/core/plan.ts", "node:fs", /^node:fs is not for src\/core\/plan\.ts$/],
  ["src/core/plan.ts", "node:path", /^node:path is not for/],
  ["src/registry/npm/pack.ts", "node:fs/promises", /^node:fs\/promises is not for/],
  ["src/command/publish.ts", "node:child_process", /^node:child_process is not for/],
  ["src/command/publish.ts", "node:process", /^node:process is not for/],
  ["src/cli/main.ts", "node:fs", /^node:fs is not for src\/cli\/main\.ts$/],
  ["src/host/git.ts", "zod", /^zod is not for src\/host\/git\.ts$/],
  ["src/command/publish.ts", "@octokit/rest", /is not for/],
  ["src/report/terminal.ts", "node:process", /is not for/],
  ["src/registry/pypi/look.ts", "pako", /is not for/],
  ["src/rehearsal/npm/publish.ts", "semver/functions/valid.js", /is not for/],
  ["src/command/publish.ts", "commander", /is not for/],
  ["src/command/publish.ts", "../cli/register_commands.ts", /^src\/command\/ does not import/],
  ["src/core/plan.ts", "lodash", /has no line in the table/],
  ["src/core/plan.ts", "semver-ts", /has no line in the table/],
  ["src/core/plan.ts", "https://deno.land/x/a.ts", /cannot be resolved by every machine$/],
  ["cli.ts", "jsr:@std/path", /cannot be resolved by every machine$/],
];
for (const [file, specifier, verdict] of REFUSED) {
  test(`${file} may not import ${specifier}`, () => {
    assert.match(judgeImport(file, specifier) ?? "nothing is wrong", verdict);
  });
}

const PLACES = [
  ["src/core/plan.ts", "core", "core/plan.ts"],
  ["src/failure_codes/input.ts", "error", "failure_codes/input.ts"],
  ["/work/src/registry/npm/pack.ts", "registry", "registry/npm/pack.ts"],
  ["src/error.ts", "error", "error.ts"],
  ["src/rehearsal/pypi/state.ts", "server", "rehearsal/pypi/state.ts"],
  ["src/rehearsal/synthesise/binary_elf.ts", "rehearsal", "rehearsal/synthesise/binary_elf.ts"],
  ["mod.ts", "entry", undefined],
  ["tests/core/plan_test.ts", "entry", undefined],
] as const;
for (const [file, room, inner] of PLACES) {
  test(`${file} stands in ${room}`, () => assert.deepEqual(placeOf(file), { inner, room }));
}

test("every import of src/ is within the walls", async () => {
  const files = (await readdir("src", { recursive: true })).filter((name) => name.endsWith(".ts"));
  assert.ok(files.length > 50);
  const verdicts: string[] = [];
  for (const name of files) {
    const file = join("src", name);
    const text = await readFile(file, "utf8");
    const imports = text.matchAll(
      /^(?:import|export)\s+(?:[^;"'=]*?\sfrom\s+)?"([^"]+)";|\bimport\("([^"]+)"\)/gm,
    );
    for (const [, statically, lazily] of imports) {
      const verdict = judgeImport(file, statically ?? lazily!);
      if (verdict !== undefined) verdicts.push(`${file}: ${verdict}`);
    }
  }
  assert.deepEqual(verdicts, []);
});

for (
  const { file, object, property, isFine } of [
    { file: "src/command/plan.ts", object: "process", property: "stdout", isFine: false },
    { file: "src/host/git.ts", object: "process", property: "stderr", isFine: false },
    { file: "src/report/terminal.ts", object: "console", property: "log", isFine: false },
    { file: "src/cli/run_cli.ts", object: "console", property: "error", isFine: false },
    { file: "src/host/create_host.ts", object: "process", property: "stdout", isFine: true },
    { file: "src/cli/uncaught.ts", object: "process", property: "stderr", isFine: true },
    { file: "src/host/exec.ts", object: "child", property: "stdout", isFine: true },
    { file: "scripts/score.ts", object: "console", property: "log", isFine: true },
  ]
) {
  test(`${file} may ${isFine ? "" : "not "}use ${object}.${property}`, () => {
    assert.equal(judgeSink(file, { object, property }) === undefined, isFine);
  });
}
