import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod/mini";
import { parseTable } from "../../../src/core/config/check_table.ts";
import { HEADER_SCHEMA } from "../../../src/core/config/schema.ts";
import type { Kind } from "../../../src/core/model/package.ts";
import { KNOWN_KINDS } from "../../support/parse_config.ts";
import { tableReader, type TableSchema } from "../../../src/core/config/table_schema.ts";

const { anyKind: { schema: ANY_KIND_SCHEMA }, tables } = KNOWN_KINDS;
const PACKAGE_SCHEMAS = Object.fromEntries(
  [...tables].map(([kind, { schema }]) => [kind, schema]),
) as Record<Kind, TableSchema>;
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
  test(`parseTable() gives what zod gives: ${name}`, () => {
    const result = parseTable(tableReader(schema), table);
    equal(result.success, true);
    deepEqual(result.data, z.parse(schema, table));
  });
}

const WRONG: readonly (readonly [string, Record<string, unknown>])[] = [
  ["values, a key and an empty array", { kind: "npm", access: "secret", oops: 1, paths: [] }],
  ["a key that is missing", { kind: "npm", name: undefined }],
  ["a key that every object inherits", { kind: "npm", toString: 1 }],
  ["the key of a prototype", { kind: "npm", ["__proto__"]: 1 }],
];

for (const [name, keys] of WRONG) {
  test(`parseTable() reports what zod reports: ${name}`, () => {
    const table = { ...LEAST, ...keys };
    const issues = parseTable(tableReader(PACKAGE_SCHEMAS.npm), table).error?.issues ?? [];
    equal(issues.length > 0, true);
    deepEqual(issues, z.safeParse(PACKAGE_SCHEMAS.npm, table).error?.issues);
  });
}

for (const [kind, { shape }] of Object.entries({ ...PACKAGE_SCHEMAS, header: HEADER_SCHEMA })) {
  test(`the defaults of ${kind} are right by the rules of their own keys`, () => {
    const defaults = Object.entries(shape).flatMap(([key, type]) =>
      type instanceof z.ZodMiniDefault
        ? [[key, type.def.innerType, type.def.defaultValue] as const]
        : []
    );
    equal(defaults.length > 0, true);
    deepEqual(defaults.filter(([, type, value]) => !z.safeParse(type, value).success), []);
  });
}
