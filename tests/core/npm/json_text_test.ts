import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "../../support/property.ts";
import { editJson, findJsonValue, setJsonMember } from "../../../src/core/npm/json_text.ts";

test("findJsonValue finds every value of any document, however it is laid out", () => {
  const layout = fc.constantFrom(undefined, 1, 2, "\t");
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), layout, (document, indent) => {
    const text = JSON.stringify(document, null, indent);
    for (const [key, value] of Object.entries(JSON.parse(text) as Record<string, unknown>)) {
      const span = findJsonValue(text, [key]);
      assert.ok(span !== undefined);
      assert.deepEqual(JSON.parse(text.slice(span.start, span.end)), value);
    }
  }));
});

test("editJson changes the named value of any document and nothing else", () => {
  const document = fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()));
  fc.assert(fc.property(document, fc.string(), (any, value) => {
    const before = JSON.parse(JSON.stringify(any)) as Record<string, Record<string, unknown>>;
    for (const [outer, table] of Object.entries(before)) {
      for (const inner of Object.keys(table)) {
        const edited = editJson(JSON.stringify(before), [{ path: [outer, inner], value }]);
        const expected = structuredClone(before);
        Object.defineProperty(expected[outer], inner, {
          value,
          enumerable: true,
          configurable: true,
          writable: true,
        });
        assert.deepEqual(JSON.parse(edited), JSON.parse(JSON.stringify(expected)));
      }
    }
  }));
});

test("editJson makes several edits in one go, in any order", () => {
  const text = '{"a":{"x":"1","y":"2"},"b":{"x":"3"}}';
  const edited = editJson(text, [
    { path: ["b", "x"], value: "^3.0.0" },
    { path: ["a", "x"], value: "^1.0.0" },
    { path: ["a", "y"], value: '"quoted"' },
  ]);
  assert.equal(edited, '{"a":{"x":"^1.0.0","y":"\\"quoted\\""},"b":{"x":"^3.0.0"}}');
});

test("findJsonValue knows when there is no such value", () => {
  const text = '{"a":[{"b":1}],"c":{"d":2}}';
  for (const path of [["b"], ["a", "b"], ["c", "d", "e"], ["a", "0"]]) {
    assert.equal(findJsonValue(text, path), undefined);
  }
});

const SETS: readonly (readonly [string, string, unknown, string])[] = [
  ["behind the last member of one line", '{"a": 1}', { x: 1 }, '{"a": 1, "b": {"x":1}}'],
  [
    "behind the last member, on lines of its own",
    '{\n    "a": 1\n}\n',
    { x: 1 },
    '{\n    "a": 1,\n    "b": {\n        "x": 1\n    }\n}\n',
  ],
  [
    "in place of what is there",
    '{\n  "b": [1, 2],\n  "a": 1\n}',
    {},
    '{\n  "b": {},\n  "a": 1\n}',
  ],
  [
    "in place of the last of several",
    '{"b": 1, "b": 2}',
    3,
    '{"b": 1, "b": 3}',
  ],
  [
    "with the line ends and the mark of the text",
    '\uFEFF{\r\n\t"a": 1}',
    { x: 1 },
    '\uFEFF{\r\n\t"a": 1,\r\n\t"b": {\r\n\t\t"x": 1\r\n\t}}',
  ],
];

for (const [name, text, value, expected] of SETS) {
  test(`setJsonMember() puts a value ${name}`, () => {
    assert.equal(setJsonMember(text, { key: "b", value }), expected);
  });
}
