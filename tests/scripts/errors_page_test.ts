import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { errorsPage } from "../../scripts/errors_page.ts";
import { FAILURE_CODES, FAILURE_TABLES } from "../../src/failure_codes.ts";

test("docs/errors.md is current: deno task errors writes it", async () => {
  assert.equal(await readFile("docs/errors.md", "utf8"), errorsPage());
});

test("the page has each table as a chapter, each code as a section, and a link to it", () => {
  const page = errorsPage();
  const found = (pattern: RegExp): unknown[] => [...page.matchAll(pattern)].map(([, it]) => it);
  const codes = Object.values(FAILURE_TABLES).flatMap((table) => Object.keys(table));
  assert.deepEqual(found(/^## (.+)$/gm), Object.keys(FAILURE_TABLES));
  assert.deepEqual(found(/^### (\w+)$/gm), codes);
  assert.deepEqual(found(/^- \[\w+\]\(#(\w+)\)$/gm), codes.map((code) => code.toLowerCase()));
});

test("every code is spelled alike, and says what trips it and the way out in whole sentences", () => {
  for (const [code, { exit, trips, mend }] of Object.entries(FAILURE_CODES)) {
    assert.match(code, /^PIOT(_[A-Z0-9]+)+$/);
    assert.ok([1, 2, 4].includes(exit), code);
    for (const sentence of [trips, mend]) {
      assert.match(sentence, /^\S.*\.$/, code);
      assert.doesNotMatch(sentence, /[\n|<>]/, code);
    }
  }
});
