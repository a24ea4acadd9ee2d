import assert from "node:assert/strict";
import { test } from "node:test";
import { demandsIn, standInLines } from "../../../../src/rehearsal/crates/through/stand_in.ts";

for (
  const [req, version] of [
    ["^1.2.3", "1.2.3"],
    ["1.2", "1.2.0"],
    ["=1.0.210", "1.0.210"],
    ["~0.4", "0.4.0"],
    [">=1.5, <2", "1.5.0"],
    ["<2, >=1.5", "1.5.0"],
    [">1.2", "1.3.0"],
    [">1.2.3", "1.2.4"],
    ["1.*", "1.0.0"],
    ["*", "0.0.0"],
    ["<2", "0.0.0"],
    ["^2.0.0-rc.1", "2.0.0-rc.1"],
  ] as const
) {
  test(`the stand-in for a crate that is asked for at ${req} has the version ${version}`, () => {
    const lines = standInLines([{ name: "demo", req, features: [] }]);
    assert.deepEqual(lines.map(({ vers }) => vers), [version]);
  });
}

test("a stand-in has every feature that anybody asks of it, and a version for each requirement", () => {
  const lines = standInLines([
    { name: "demo", req: "^1.2", features: ["b"] },
    { name: "demo", req: "=1.4.0", features: ["a", "b"] },
    { name: "demo", req: "^1.2", features: [] },
  ]);
  assert.deepEqual(lines.map(({ vers, features }) => [vers, features]), [
    ["1.2.0", { a: [], b: [] }],
    ["1.4.0", { a: [], b: [] }],
  ]);
});

test("nobody asks, and there is no stand-in", () => {
  assert.deepEqual(standInLines([]), []);
});

test("crates that were told of ask for others by their real names", () => {
  const line = {
    name: "demo",
    vers: "1.0.0",
    cksum: "",
    deps: [
      { name: "alias", package: "Real", req: "^2", features: ["x"] },
      { name: "other", req: "^1", features: [] },
    ],
  };
  assert.deepEqual(demandsIn([line], "real"), [{ name: "Real", req: "^2", features: ["x"] }]);
});
