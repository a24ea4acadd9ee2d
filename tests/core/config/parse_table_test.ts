import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { parseTable } from "../../../src/core/config/parse_table.ts";
import {
  ANY_KIND_SCHEMA,
  HEADER_SCHEMA,
  PACKAGE_SCHEMAS,
} from "../../../src/core/config/schema.ts";
import type { TableSchema } from "../../../src/core/config/schema_parts.ts";

const LEAST = { name: "a", path: "a", paths: ["a/**"] };

const TABLES: readonly (readonly [string, TableSchema, Record<string, unknown>])[] = [
  ["a header", HEADER_SCHEMA, { version: 1 }],
  ["a crate with the least there is", PACKAGE_SCHEMAS.crates, { ...LEAST, kind: "crates" }],
  ["a Python project", PACKAGE_SCHEMAS.pypi, {
    ...LEAST,
    kind: "pypi",
    build: "maturin",
    targets: ["x86_64-apple-darwin"],
    bundle_cli: { bin: "a", stage_to: "a/bin" },
  }],
  ["an npm package", PACKAGE_SCHEMAS.npm, { ...LEAST, kind: "npm", tag: "next" }],
  ["a package of any kind", ANY_KIND_SCHEMA, { ...LEAST, kind: "npm", depends_on: ["b"] }],
];

for (const [name, schema, table] of TABLES) {
  test(`parseTable() gives what valibot gives: ${name}`, () => {
    const { success, output } = parseTable(schema, table);
    equal(success, true);
    deepEqual(output, v.parse(schema, table));
  });
}

test("parseTable() reports what valibot reports", () => {
  const wrong = { ...LEAST, kind: "npm", access: "secret", oops: 1, paths: [] };
  const told = (result: v.SafeParseResult<TableSchema>): unknown =>
    result.issues?.map((issue) => [issue.type, v.getDotPath(issue), issue.received]);
  deepEqual(
    told(parseTable(PACKAGE_SCHEMAS.npm, wrong)),
    told(v.safeParse(PACKAGE_SCHEMAS.npm, wrong)),
  );
});

for (const [kind, { entries }] of Object.entries({ ...PACKAGE_SCHEMAS, header: HEADER_SCHEMA })) {
  test(`the defaults of ${kind} are right by the rules of their own keys`, () => {
    const defaults = Object.entries(entries).map(([key, type]) =>
      [key, type as v.GenericSchema, v.getDefault(type as v.GenericSchema)] as const
    ).filter(([, , value]) => value !== undefined);
    equal(defaults.length > 0, true);
    deepEqual(defaults.filter(([, type, value]) => !v.is(type, value)), []);
  });
}
