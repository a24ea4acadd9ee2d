import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { napiTargets } from "../../../src/core/npm/napi_table.ts";
import { KNOWN_TRIPLES } from "../../../src/core/target/target.ts";

for (
  const { name, napi, targets, unknown = [] } of [
    { name: "nothing", napi: {}, targets: [] },
    {
      name: "the targets of napi-rs 3",
      napi: {
        targets: [
          "x86_64-unknown-linux-musl",
          "armv7-unknown-linux-gnueabihf",
          "armv7-linux-androideabi",
          "wasm32-wasip1-threads",
        ],
      },
      targets: ["linux-x64-musl", "linux-arm-gnueabihf", "android-arm-eabi", "wasm32-wasi"],
    },
    {
      name: "the triples of napi-rs 2, with its defaults",
      napi: { triples: { defaults: true, additional: ["aarch64-apple-darwin"] } },
      targets: ["darwin-x64", "win32-x64-msvc", "linux-x64-gnu", "darwin-arm64"],
    },
    {
      name: "the triples of napi-rs 2, without its defaults",
      napi: { triples: { defaults: false, additional: ["universal-apple-darwin"] } },
      targets: ["darwin-universal"],
    },
    {
      name: "each target once, and those that are not known",
      napi: { targets: ["x86_64-apple-darwin", "darwin-x64", "sparc-sun-solaris"] },
      targets: ["darwin-x64"],
      unknown: ["sparc-sun-solaris"],
    },
    {
      name: "nothing in what is no list",
      napi: { targets: "x86_64-apple-darwin", triples: [1] },
      targets: [],
    },
  ]
) {
  test(`napiTargets() reads ${name}`, () => deepEqual(napiTargets(napi), { targets, unknown }));
}

test("napiTargets() gives every known target one that is known", () => {
  for (const triple of KNOWN_TRIPLES) {
    const { targets, unknown } = napiTargets({ targets: [triple] });
    deepEqual([targets.length, unknown], [1, []], triple);
    deepEqual(targets.filter((one) => !KNOWN_TRIPLES.includes(one)), []);
  }
});
