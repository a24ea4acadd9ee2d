import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import type { Path } from "../../../src/core/config/toml_document.ts";
import { findPlaces } from "../../../src/core/config/places.ts";

const TEXT = `top = 1
[plain] # a table
"quoted key" = "x"
dotted.key.here = [1, { in = "side" }, [2, 3]]

[[many]]
name = 'é🦀'

[many.sub]
a = { b = { c = 1 } }
[[many]]
`;

const PLACES: readonly (readonly [string, Path, key: string, value: string])[] = [
  ["a key of the root", ["top"], "1:1", "1:7"],
  ["a table", ["plain"], "2:1", "2:1"],
  ["a quoted key", ["plain", "quoted key"], "3:1", "3:16"],
  ["the first part of a dotted key", ["plain", "dotted"], "4:1", "4:1"],
  ["a middle part of a dotted key", ["plain", "dotted", "key"], "4:8", "4:8"],
  ["the last part of a dotted key", ["plain", "dotted", "key", "here"], "4:12", "4:19"],
  ["an element of an array", ["plain", "dotted", "key", "here", 0], "4:20", "4:20"],
  ["a key of an inline table", ["plain", "dotted", "key", "here", 1, "in"], "4:25", "4:30"],
  ["an element of an array in an array", ["plain", "dotted", "key", "here", 2, 1], "4:44", "4:44"],
  ["an array of tables", ["many"], "6:1", "6:1"],
  ["a table of an array", ["many", 0], "6:1", "6:1"],
  ["a key of it", ["many", 0, "name"], "7:1", "7:8"],
  ["a table below it", ["many", 0, "sub"], "9:1", "9:1"],
  ["a value of an inline table in one", ["many", 0, "sub", "a", "b", "c"], "10:13", "10:17"],
  ["the next table of an array", ["many", 1], "11:1", "11:1"],
  ["a key that is not there: its table", ["many", 1, "name"], "11:1", "11:1"],
  ["a table that is not there: the start", ["nowhere", "x"], "1:1", "1:1"],
];

for (const [name, path, key, value] of PLACES) {
  test(`findPlaces() finds ${name}`, () => {
    const locate = findPlaces(TEXT, "x.toml");
    const at = (part: "key" | "value"): string => {
      const { file, line, column, excerpt } = locate(path, part);
      equal(file, "x.toml");
      equal(excerpt, TEXT.split("\n")[line! - 1]);
      return `${line}:${column}`;
    };
    deepEqual([at("key"), at("value")], [key, value]);
  });
}

test("findPlaces() counts columns without a byte order mark", () => {
  const { line, column, excerpt } = findPlaces("\uFEFFa = 1\n", "x.toml")(["a"], "value");
  deepEqual({ line, column, excerpt }, { line: 1, column: 5, excerpt: "a = 1" });
});
