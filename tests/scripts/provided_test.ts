import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { maySkip } from "../support/provided.ts";

const WHY = "no cargo on PATH";
const ALLOWED = [
  { name: "on a machine of one's own", env: { PIOT_TEST_PROVIDED: "git cargo" } },
  { name: "in CI without the program", env: { CI: "true", PIOT_TEST_PROVIDED: "git npm" } },
  { name: "in CI that says nothing", env: { CI: "true" } },
  {
    name: "in CI with a program of a longer name",
    env: { CI: "true", PIOT_TEST_PROVIDED: "cargo-x" },
  },
];
for (const { name, env } of ALLOWED) {
  test(`a test may be skipped ${name}`, () => assert.equal(maySkip("cargo", WHY, env), WHY));
}

test("a test may not be skipped in CI for a program that is provided there", () => {
  const env = { CI: "true", PIOT_TEST_PROVIDED: "git cargo" };
  assert.throws(() => maySkip("cargo", WHY, env), /no cargo on PATH.*provides cargo/);
});

test("every program that tests are skipped for is one that .ci/run provides", async () => {
  const script = await readFile(".ci/run", "utf8");
  for (const program of ["cargo", "git", "node", "npm", "pip", "verdaccio"]) {
    assert.match(
      script,
      new RegExp(`^(?:provide ${program} |npm view .*provided.*${program}"$)`, "m"),
      program,
    );
  }
});
