import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { isKnownTriple, platformOf } from "../../../src/core/target/target.ts";
import { exampleTargets } from "../../../src/rehearsal/example_targets.ts";
import { hostTriple } from "../../../src/rehearsal/example_targets.ts";
import { makePlatformArtifact } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import { familyWorld, NAME } from "../../registry/npm/family_world.ts";

const TRIPLES = [
  ...["linux-x64-gnu", "aarch64-unknown-linux-musl", "armv7-unknown-linux-gnueabihf", "linux-x64"],
  ...["darwin-universal", "win32-ia32-msvc", "freebsd-x64", "android-arm64", "linux-s390x-gnu"],
  "linux-arm64-gnu",
];

for (const [build, use] of [["napi", "addon"], ["bundled-cli", "program"]] as const) {
  test(`what is made up for a ${build} family is fit to publish`, async () => {
    const triples = build === "napi" ? [...TRIPLES, "wasm32-wasi"] : TRIPLES;
    const artifacts = triples.map((triple) =>
      [
        triple,
        makePlatformArtifact({
          name: NAME,
          member: `${NAME}-${triple}`,
          version: "1.0.0",
          triple,
          use,
        }),
      ] as const
    );
    await using world = await familyWorld(Object.fromEntries(artifacts), { build });
    const { units, warnings } = await world.prepare(world.release);
    assert.equal(units.length, triples.length + 1);
    // Scripts that load the addons are the repository's own.
    assert.deepEqual(warnings.filter((text) => !text.startsWith("no script")), []);
  });
}

test("hostTriple() is a known target of this very machine", async () => {
  const triple = await hostTriple();
  assert.ok(triple !== undefined && isKnownTriple(triple));
  assert.deepEqual([platformOf(triple).os, platformOf(triple).cpu], [
    process.platform,
    process.arch,
  ]);
});

test("exampleTargets() are three, this machine's among them", () => {
  assert.deepEqual(exampleTargets("linux-arm64-musl"), [
    "linux-arm64-musl",
    "linux-x64-gnu",
    "darwin-arm64",
  ]);
  assert.equal(exampleTargets("darwin-arm64").length, 3);
  assert.equal(exampleTargets(undefined).length, 3);
});
