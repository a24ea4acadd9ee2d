import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeText, readJson } from "../../src/host/json_answer.ts";
import fc from "../support/property.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("readJson() reads what JSON.parse() reads, whatever stands in its texts", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
    const text = JSON.stringify(value, null, indent);
    assert.deepEqual(readJson(bytes(text)).json, JSON.parse(text));
  }));
  const brackets = { ['a"[\\']: "\\", b: ["]", "[[[{{{\\"] };
  assert.deepEqual(readJson(bytes(JSON.stringify(brackets))).json, brackets);
});

const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

const FLAWS: readonly {
  readonly name: string;
  readonly given: Uint8Array;
  readonly flaw: string;
}[] = [
  { name: "nothing", given: bytes(""), flaw: "is no JSON" },
  { name: "a page", given: bytes("<html>"), flaw: "is no JSON" },
  { name: "half a document", given: bytes('{"a":["b'), flaw: "is no JSON" },
  { name: "two documents", given: bytes("{}{}"), flaw: "is no JSON" },
  { name: "Latin-1", given: new Uint8Array([0x22, 0xe9, 0x22]), flaw: "is no UTF-8" },
  { name: "half a character", given: new Uint8Array([0x22, 0xc3]), flaw: "is no UTF-8" },
  { name: "501 levels", given: bytes(nested(501)), flaw: "nests more than 500 levels" },
  { name: "a million levels", given: bytes("[".repeat(1e6)), flaw: "nests more than 500 levels" },
  {
    name: "five million lists",
    given: bytes(`[${"[],".repeat(2_500_000)}[]]`),
    flaw: "holds more than 5000000 values",
  },
];
for (const { name, given, flaw } of FLAWS) {
  test(`readJson() of ${name} says that it ${flaw}`, () => {
    assert.deepEqual(readJson(given), { flaw });
  });
}

test("readJson() takes 500 levels, and a byte order mark before them", () => {
  assert.equal(readJson(bytes(nested(500))).flaw, undefined);
  assert.deepEqual(readJson(bytes("\ufeff[1]")), { json: [1] });
});

test("decodeText() gives UTF-8, and nothing for anything else", () => {
  assert.equal(decodeText(bytes("é𝄞")), "é𝄞");
  assert.equal(decodeText(new Uint8Array([0xff])), undefined);
});
