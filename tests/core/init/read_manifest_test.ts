import { equal } from "node:assert/strict";
import { test } from "node:test";
import { jsonMistake } from "../../../src/core/init/read_manifest.ts";
import fc from "../../support/property.ts";

for (
  const { name, text, at } of [
    { name: "an empty text", text: "", at: 0 },
    { name: "a comma before the end", text: '{"a": 1,}', at: 8 },
    { name: "a comment", text: '{\n  // no\n  "a": 1}', at: 4 },
    { name: "a string that is left open", text: '{"a": "b}', at: 6 },
    { name: "a line break in a string", text: '["a\n"]', at: 1 },
    { name: "something behind the end", text: "{} {}", at: 3 },
    { name: "an end that is missing", text: '{"a": [1, 2]', at: 12 },
    { name: "an end of another sort", text: "[1}", at: 2 },
    { name: "a number with a zero in front", text: "[01]", at: 2 },
    { name: "a key without quotes", text: "{a: 1}", at: 1 },
    { name: "a key without a value", text: '{"a"}', at: 4 },
    { name: "nothing between commas", text: "[1,,2]", at: 3 },
    {
      name: "no mistake",
      text: ' {"a": [1, -2.5e3, "\\u00e9\\"", true, null, {}, []]} ',
      at: undefined,
    },
  ]
) {
  test(`jsonMistake() finds ${name}`, () => equal(jsonMistake(text), at));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("jsonMistake() finds a mistake in exactly what JSON.parse refuses", () => {
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    '"a"',
    '"\\n"',
    "1",
    "-0.5",
    "true",
    "null",
    " ",
    "\n",
    "x",
  ];
  const broken = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join(""));
  const whole = fc.json().chain((text) =>
    fc.tuple(fc.nat(text.length), fc.constantFrom("", ...pieces)).map(([at, piece]) =>
      text.slice(0, at) + piece + text.slice(at)
    )
  );
  fc.assert(
    fc.property(fc.oneof(broken, whole), (text) => {
      equal(jsonMistake(text) === undefined, isJson(text));
    }),
    { numRuns: 2_000 },
  );
});
