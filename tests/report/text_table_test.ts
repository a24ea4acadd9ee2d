import assert from "node:assert/strict";
import { test } from "node:test";
import { createPalette } from "../../src/report/palette.ts";
import { alignColumns, displayWidth } from "../../src/report/text_table.ts";

test("alignColumns() lines columns up by what a terminal draws", () => {
  assert.deepEqual(
    alignColumns([["name", "kind", "why"], ["日本", "npm", ""], ["e\u0301x", "crates", "changed"]]),
    [
      "name  kind    why",
      "日本  npm",
      "e\u0301x    crates  changed",
    ],
  );
});

test("alignColumns() pads outside the colours", () => {
  const { red } = createPalette(true);
  assert.deepEqual(alignColumns([[["a", red], "b"], ["long", "c"]]), [
    "\x1b[31ma\x1b[39m     b",
    "long  c",
  ]);
});

test("alignColumns() takes rows of different lengths, and none", () => {
  assert.deepEqual(alignColumns([["a"], ["bb", "c"]]), ["a", "bb  c"]);
  assert.deepEqual(alignColumns([]), []);
});

test("displayWidth() counts wide characters twice and marks not at all", () => {
  assert.deepEqual(["", "ab", "日本", "🎉", "e\u0301"].map(displayWidth), [0, 2, 4, 2, 1]);
});
