import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { showRequirement } from "../../../src/core/crates/version_requirement.ts";
import { tempFolder } from "../../support/temp.ts";
import { needs, programEnv } from "../../support/tools.ts";

const withCargo = await needs("cargo");

/** A requirement as it is written, and as cargo shows it; undefined where cargo refuses it. */
const ROWS: readonly (readonly [written: string, shown: string | undefined])[] = [
  ["1.2", "^1.2"],
  ["= 1.2.3+build", "=1.2.3"],
  [">=1.2, <2", ">=1.2, <2"],
  ["1.2.3-rc.1", "^1.2.3-rc.1"],
  ["1.*", "1.*"],
  ["1.x", "1.*"],
  ["*", "*"],
  ["=1.*", "=1"],
  ["~1.*", "~1"],
  ["^1.2.*", "^1.2"],
  [">1.*.*", ">1"],
  ["1.2,", undefined],
  ["01.2", undefined],
  ["", undefined],
];

for (const [written, shown] of ROWS) {
  test(`the requirement "${written}" is shown as ${shown ?? "none"}`, () => {
    assert.equal(showRequirement(written), shown);
  });
}

test("cargo shows these requirements so, and refuses the others", withCargo, async () => {
  const dependencies = ROWS.flatMap(([written, shown], index) =>
    shown === undefined ? [] : [`d${index} = { package = "d", version = "${written}" }`]
  );
  const manifest = (lines: readonly string[]): string =>
    `[package]\nname = "c"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n${
      lines.join("\n")
    }\n`;
  await using folder = await tempFolder({ "src/lib.rs": "", "Cargo.toml": manifest(dependencies) });
  const args = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
  const metadata = async (cwd: string): Promise<string> =>
    (await promisify(execFile)("cargo", args, { cwd, env: programEnv() })).stdout;
  const [pkg] = JSON.parse(await metadata(folder.path)).packages;
  const found = new Map<string, string>(
    pkg.dependencies.map(({ rename, req }: { rename: string; req: string }) => [rename, req]),
  );
  for (const [index, [, shown]] of ROWS.entries()) {
    if (shown !== undefined) {
      assert.equal(found.get(`d${index}`), shown);
      continue;
    }
    const line = `d = "${ROWS[index]![0]}"`;
    await using refused = await tempFolder({ "src/lib.rs": "", "Cargo.toml": manifest([line]) });
    await assert.rejects(metadata(refused.path), /failed to parse/);
  }
});
