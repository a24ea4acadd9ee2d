import assert from "node:assert/strict";
import { test } from "node:test";
import { gapWarnings } from "../../../src/core/npm/platform_warnings.ts";

const warned = (use: "addon" | "program", ...triples: readonly string[]): readonly string[] =>
  gapWarnings({ name: "demo", triples, use });

test("gapWarnings is content where glibc, or any C library, is served beside musl", () => {
  assert.deepEqual(warned("program", "linux-x64-musl", "x86_64-unknown-linux-gnu"), []);
  assert.deepEqual(warned("program", "linux-x64-musl", "linux-x64"), []);
  assert.deepEqual(warned("program", "linux-x64-gnu", "darwin-arm64"), []);
});

test("gapWarnings offers a target for any C library to programs, since no addon is static", () => {
  const start =
    '"demo" has "linux-x64-musl", and nothing for linux x64 with glibc, which most distributions have: add "linux-x64-gnu"';
  assert.deepEqual(warned("addon", "linux-x64-musl", "linux-arm64-gnu"), [start]);
  assert.deepEqual(warned("program", "linux-x64-musl", "linux-arm64-gnu"), [
    `${start}, or name the target "linux-x64" when one static program runs on both`,
  ]);
});

test("gapWarnings knows processors without a name for any C library", () => {
  assert.deepEqual(warned("program", "mips-unknown-linux-musl"), [
    '"demo" has "mips-unknown-linux-musl", and nothing for linux mips with glibc, which most distributions have: add "mips-unknown-linux-gnu"',
  ]);
});
