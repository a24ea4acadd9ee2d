import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { errorsPage } from "../../scripts/errors_page.ts";
import { FAILURE_CODES } from "../../src/failure_codes.ts";

test("docs/errors.md is current: deno task errors writes it", async () => {
  assert.equal(await readFile("docs/errors.md", "utf8"), errorsPage());
});

test("the page has a section for each code, in alphabetical order", () => {
  const codes = [...errorsPage().matchAll(/^## (\w+)$/gm)].map(([, code]) => code);
  assert.deepEqual(codes, Object.keys(FAILURE_CODES).sort());
});

test("every code is spelled alike, and says what trips it and the way out in whole sentences", () => {
  for (const [code, { exit, trips, mend }] of Object.entries(FAILURE_CODES)) {
    assert.match(code, /^PIOT(_[A-Z0-9]+)+$/);
    assert.ok(exit === 1 || exit === 2, code);
    for (const sentence of [trips, mend]) {
      assert.match(sentence, /^\S.*\.$/, code);
      assert.doesNotMatch(sentence, /[\n|<>]/, code);
    }
  }
});
