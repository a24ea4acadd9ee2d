import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "../../support/property.ts";
import {
  editJson,
  findJsonValue,
  insertAfter,
  jsonMistake,
  setJsonMember,
} from "../../../src/core/npm/json_text.ts";

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

/** Texts of objects whose keys are all different, with blanks wherever JSON takes them. */
const laidOut = (() => {
  const blank = fc.constantFrom("", " ", "\t", "\n  ", "\r\n");
  // JSON.parse of V8 15 takes the key `"` for `\` when an object of the same shape with that key was parsed before.
  const keys = fc.string().filter((key) => !/^[\\"]+$/.test(key));
  const member = fc.tuple(blank, keys, blank, blank, fc.jsonValue(), blank);
  const members = fc.uniqueArray(member, { maxLength: 6, selector: ([, key]) => key });
  return fc.tuple(fc.constantFrom("", "\uFEFF"), blank, members, blank).map(
    ([mark, before, list, after]) => {
      const texts = list.map(([front, key, a, b, value, end]) =>
        `${front}${JSON.stringify(key)}${a}:${b}${JSON.stringify(value)}${end}`
      );
      return {
        text: `${mark}${before}{${texts.join(",")}}${after}`,
        keys: list.map((one) => one[1]),
      };
    },
  );
})();

/** The members of an object's text, with a byte order mark or without. */
function entriesOf(text: string): readonly (readonly [string, unknown])[] {
  return Object.entries(JSON.parse(text.replace(/^\uFEFF/, "")) as Record<string, unknown>);
}

test("edits of any layout change what they are for and keep every other byte", () => {
  fc.assert(fc.property(laidOut, fc.string(), ({ text, keys }, value) => {
    for (const key of keys) {
      const { start, end } = findJsonValue(text, [key])!;
      const replaced = text.slice(0, start) + JSON.stringify(value) + text.slice(end);
      assert.equal(editJson(text, [{ path: [key], value }]), replaced);
      assert.equal(setJsonMember(text, { key, value }), replaced);
      const others = entriesOf(text).filter(([other]) => other !== key);
      assert.deepEqual(new Map(entriesOf(replaced)), new Map([...others, [key, value]]));
    }
  }));
});

test("a member that is put into any layout stands behind another one, and nothing else changes", () => {
  fc.assert(fc.property(laidOut, fc.string(), ({ text, keys }, value) => {
    const key = "zz".repeat(8);
    const all = new Map([...entriesOf(text), [key, value]]);
    const added = [
      setJsonMember(text, { key, value }),
      ...keys.map((other) => insertAfter(text, other, { key, value })),
    ];
    for (const edited of added) {
      assert.deepEqual(new Map(entriesOf(edited)), all);
      const start = [...text].findIndex((_, at) => text[at] !== edited[at]);
      const length = edited.length - text.length;
      assert.equal(edited.slice(0, start) + edited.slice(start + length), text);
    }
  }));
});

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
  test(`jsonMistake() finds ${name}`, () => assert.equal(jsonMistake(text), at));
}

test("jsonMistake() tells that a text is wrong which is nested deeper than it follows", () => {
  assert.notEqual(jsonMistake("[".repeat(100_000)), undefined);
  assert.equal(jsonMistake("[".repeat(100_000) + "]".repeat(100_000)), undefined);
});

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
      assert.equal(jsonMistake(text) === undefined, isJson(text));
    }),
    { numRuns: 2_000 },
  );
});
