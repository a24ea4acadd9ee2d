import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { test } from "node:test";
import { isTable, readToml } from "../../../src/core/config/toml_document.ts";
import { Failure } from "../../../src/error.ts";

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
  const root = readToml("a = {}\nb = []\nc = 2026-01-01\nd = 'x'\n", "x.toml");
  deepEqual(Object.keys(root).filter((key) => isTable(root[key])), ["a"]);
});
