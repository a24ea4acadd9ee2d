import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { test } from "node:test";
import { isTable, type Path, readToml } from "../../../src/core/config/document.ts";
import { Failure } from "../../../src/error.ts";

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
  test(`locate() finds ${name}`, () => {
    const document = readToml(TEXT, "x.toml");
    const at = (part: "key" | "value"): string => {
      const { file, line, column, excerpt } = document.locate(path, part);
      equal(file, "x.toml");
      equal(excerpt, TEXT.split("\n")[line! - 1]);
      return `${line}:${column}`;
    };
    deepEqual([at("key"), at("value")], [key, value]);
  });
}

const BROKEN: readonly (readonly [string, string, string, why: string])[] = [
  ["no value", "a = 1\nb =\n", "2:4", "Cannot read x.toml as TOML: "],
  ["a table twice", "[a]\n[a]\n", "2:2", "Cannot read x.toml as TOML: trying to redefine"],
  ["an open array at the end", "a = [1,\n", "2:1", "Cannot read x.toml as TOML: "],
  ["a number that is too large", "a = 99999999999999999999", "1:5", "Cannot read x.toml as TOML: "],
];

for (const [name, text, at, start] of BROKEN) {
  test(`readToml() says where it broke: ${name}`, () => {
    throws(() => readToml(text, "x.toml"), (error: unknown) => {
      ok(error instanceof Failure);
      equal(error.code, "PIOT_CONFIG_SYNTAX");
      ok(error.message.startsWith(start), error.message);
      ok(!error.message.includes("\n"));
      equal(`${error.location?.line}:${error.location?.column}`, at);
      equal(error.location?.excerpt, text.split("\n")[error.location!.line! - 1]);
      return true;
    });
  });
}

test("isTable() tells tables from arrays and dates", () => {
  const { root } = readToml("a = {}\nb = []\nc = 2026-01-01\nd = 'x'\n", "x.toml");
  deepEqual(Object.keys(root).filter((key) => isTable(root[key])), ["a"]);
});
