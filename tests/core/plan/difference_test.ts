import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { differenceOf } from "../../../src/core/plan/difference.ts";
import fc from "../../support/property.ts";

const DIFFERENCES:
  readonly (readonly [name: string, given: unknown, expected: unknown, path: string])[] = [
    ["a value", 1, 2, ""],
    ["a value of another type", "1", 1, ""],
    ["nothing and null", undefined, null, ""],
    ["a list and an object", [], {}, ""],
    ["a key", { a: 1, b: 2 }, { a: 1, b: 3 }, "b"],
    ["a key that is missing", {}, { a: 1 }, "a"],
    ["a key that is too many", { a: 1 }, {}, "a"],
    ["an element", [1, 2], [1, 3], "[1]"],
    ["an element that is missing", [1], [1, 2], "[1]"],
    [
      "something deep inside",
      { a: [{ b: { c: [1] } }] },
      { a: [{ b: { c: [2] } }] },
      "a[0].b.c[0]",
    ],
  ];

for (const [name, given, expected, path] of DIFFERENCES) {
  test(`differenceOf() finds ${name}`, () => {
    equal(differenceOf(given, expected)?.path, path);
  });
}

test("differenceOf() finds the first one in the order of the expected keys", () => {
  deepEqual(differenceOf({ b: 1, a: 1 }, { a: 2, b: 2 }), { path: "a", given: 1, expected: 2 });
});

test("differenceOf() finds none between a document and its copy, and one where texts differ", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
    equal(differenceOf(a, structuredClone(a)), undefined);
    const sorted = (value: unknown): string =>
      JSON.stringify(
        value,
        (_, inner) =>
          typeof inner === "object" && inner !== null && !Array.isArray(inner)
            ? Object.fromEntries(Object.entries(inner).toSorted())
            : Object.is(inner, -0)
            ? 0
            : inner,
      );
    equal(differenceOf(a, b) === undefined, sorted(a) === sorted(b));
  }));
});
