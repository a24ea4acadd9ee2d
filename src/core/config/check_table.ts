/**
 * Tables of the configuration held against the schema: what is right by itself, and what is not.
 *
 * @module
 */

import * as v from "valibot";
import type { Kind } from "../model/package.ts";
import { isTable, type Path, type Table } from "./document.ts";
import { parseTable } from "./parse_table.ts";
import { ANY_KIND_SCHEMA, HEADER_SCHEMA, PACKAGE_SCHEMAS } from "./schema.ts";
import type { TableSchema } from "./schema_parts.ts";
import type { HeaderTable, PackageTable, ValidValues } from "./tables.ts";

/** What valibot says of one value. */
export type Issue = v.BaseIssue<unknown>;

/** A table held against its schema. */
export interface CheckedTable<Whole = unknown, Valid = unknown> {
  /** The whole table with its defaults, when nothing is wrong with it. */
  readonly whole: Whole | undefined;
  /** The values that are right by themselves; an element of an array that is not leaves a hole. */
  readonly valid: Valid;
  readonly issues: readonly Issue[];
}

/** What the schema knows of one key. */
export interface KeyInfo {
  readonly description: string | undefined;
  /** The keys of the table that it holds, when it holds one. */
  readonly keys: readonly string[];
  /** The values that it can have, where they are listed. */
  readonly allowed: readonly unknown[];
}

/** Whether a value is the name of a kind. */
export function isKind(value: unknown): value is Kind {
  return typeof value === "string" && Object.hasOwn(PACKAGE_SCHEMAS, value);
}

/** The kinds that have a key. */
export function kindsWith(key: string): Kind[] {
  return Object.keys(PACKAGE_SCHEMAS).filter(isKind).filter((kind) =>
    Object.hasOwn(PACKAGE_SCHEMAS[kind].entries, key)
  );
}

/** Checks `[putitoutthere]`. */
export function checkHeader(table: Table): CheckedTable<HeaderTable, Partial<HeaderTable>> {
  return check(HEADER_SCHEMA, table) as CheckedTable<HeaderTable, Partial<HeaderTable>>;
}

/** Checks a `[[package]]`. When its kind is missing or unknown, what every kind has is checked. */
export function checkPackage(table: Table): CheckedTable<PackageTable, ValidValues> {
  return check(schemaOf(table), table) as CheckedTable<PackageTable, ValidValues>;
}

function schemaOf(table: Table): TableSchema {
  return isKind(table.kind) ? PACKAGE_SCHEMAS[table.kind] : ANY_KIND_SCHEMA;
}

/** What the schema knows of a path inside `[putitoutthere]`. */
export function headerInfo(path: Path): KeyInfo {
  return keyInfo(HEADER_SCHEMA, path);
}

/** What the schema knows of a path inside a `[[package]]`. */
export function packageInfo(table: Table, path: Path): KeyInfo {
  return keyInfo(schemaOf(table), path);
}

/** What schemas hold: `optional`, `array`, `strictObject`, `union` or `picklist`, and `literal`, in this order. */
interface Parts {
  readonly wrapped?: v.GenericSchema;
  readonly item?: v.GenericSchema;
  readonly entries?: v.ObjectEntries;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
}

function partsOf(schema: v.GenericSchema): Parts {
  return schema as v.GenericSchema & Parts;
}

function keyInfo(root: TableSchema, path: Path): KeyInfo {
  let schema: v.GenericSchema | undefined = root;
  for (const step of path) {
    if (schema !== undefined) schema = inner(schema, step);
  }
  if (schema === undefined) return { description: undefined, keys: [], allowed: [] };
  const { description } = v.getMetadata(schema) as { readonly description?: string };
  const { literal, options = [literal] } = partsOf(schema);
  return { description, keys: Object.keys(tableOf(schema)), allowed: options };
}

function inner(schema: v.GenericSchema, step: string | number): v.GenericSchema | undefined {
  const { item } = partsOf(schema);
  const found = item ?? tableOf(schema)[step] as v.GenericSchema | undefined;
  return found === undefined ? undefined : present(found);
}

/** What may be left out is described by the schema of what may stand there. */
function present(schema: v.GenericSchema): v.GenericSchema {
  const { wrapped } = partsOf(schema);
  return wrapped === undefined ? schema : present(wrapped);
}

/** The entries of a table. A target is a string or a table; only the table has anything inside. */
function tableOf(schema: v.GenericSchema): v.ObjectEntries {
  const { entries, options = [] } = partsOf(schema);
  if (entries !== undefined) return entries;
  // The options of a picklist are words.
  const tables = options.map((option) => partsOf(Object(option)).entries);
  return tables.find((one) => one !== undefined) ?? {};
}

function check(schema: TableSchema, table: Table): CheckedTable {
  const result = parseTable(schema, table);
  if (result.success) return { whole: result.output, valid: result.output, issues: [] };
  const entries = Object.entries(schema.entries).map(([key, type]) => [
    key,
    validPart(type as v.GenericSchema, table[key]),
  ]);
  const valid = entries.filter(([, value]) => value !== undefined);
  return { whole: undefined, valid: Object.fromEntries(valid), issues: result.issues };
}

function validPart(schema: v.GenericSchema, value: unknown): unknown {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const { item } = partsOf(present(schema));
  if (!Array.isArray(value) || item === undefined) return undefined;
  return value.map((element) => {
    const { success, output } = v.safeParse(item, element);
    return success ? output : undefined;
  });
}

/** The value at a path, as the file has it. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isTable(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}
