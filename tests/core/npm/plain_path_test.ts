import { test } from "node:test";
import assert from "node:assert/strict";
import { plainPath } from "../../../src/core/npm/plain_path.ts";

for (
  const [path, plain] of [
    ["./a/b.js", "a/b.js"],
    ["/a//b.js", "a/b.js"],
    ["a/./b/../c.js", "a/c.js"],
    ["./lib/", "lib/"],
    [".", ""],
    ["./", ""],
    ["../a.js", "../a.js"],
    ["a/../../b.js", "../b.js"],
    ["/../b.js", "b.js"],
    ["../../b/../c", "../../c"],
  ] as const
) {
  test(`plainPath makes ${JSON.stringify(plain)} of ${path}`, () => {
    assert.equal(plainPath(path), plain);
  });
}
