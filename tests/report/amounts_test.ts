import assert from "node:assert/strict";
import { test } from "node:test";
import { count, formatBytes, formatDuration } from "../../src/report/amounts.ts";

test("formatBytes() reads as people write sizes", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.0 kB"],
    [9_949, "9.9 kB"],
    [9_951, "10 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [104_857_600, "105 MB"],
    [5_000_000_000_000, "5000 GB"],
  ];
  for (const [bytes, expected] of cases) assert.equal(formatBytes(bytes), expected);
});

test("formatDuration() rounds up to seconds", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0 s"],
    [1, "1 s"],
    [59_001, "1 min"],
    [61_000, "1 min 1 s"],
    [600_000, "10 min"],
    [3_600_000, "1 h"],
    [3_905_000, "1 h 5 min"],
  ];
  for (const [milliseconds, expected] of cases) {
    assert.equal(formatDuration(milliseconds), expected);
  }
});

test("count() agrees with its noun", () => {
  assert.deepEqual([0, 1, 2].map((number) => count(number, "file")), [
    "0 files",
    "1 file",
    "2 files",
  ]);
});
