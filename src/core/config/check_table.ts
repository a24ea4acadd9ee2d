/**
 * Tables of the configuration held against the schema: what is right by itself, and what is not.
 *
 * @module
 */

import * as z from "zod/mini";
import type { Kind } from "../model/package.ts";
import type { HeaderTable, PackageTable, ValidValues } from "./package_table.ts";
import type { KnownKinds } from "./kind_config.ts";
import { HEADER_SCHEMA } from "./schema.ts";
import {
  elementOf,
  type KeyInfo,
  keyInfo,
  type TableKeys,
  type TableReader,
  tableReader,
} from "./table_schema.ts";
import { isTable, type Path, type Table } from "./toml_document.ts";

/** What zod says of one value. */
export type Issue = z.core.$ZodIssue;

/** A table held against its schema. */
export interface CheckedTable<Whole = unknown, Valid = unknown> {
  /** The whole table with its defaults, when nothing is wrong with it. */
  readonly whole: Whole | undefined;
  /** The values that are right by themselves; an element of an array that is not leaves a hole. */
  readonly valid: Valid;
  readonly issues: readonly Issue[];
}

const HEADER = tableReader(HEADER_SCHEMA);

/** Checks `[putitoutthere]`. */
export function checkHeader(table: Table): CheckedTable<HeaderTable, Partial<HeaderTable>> {
  return check(HEADER, table) as CheckedTable<HeaderTable, Partial<HeaderTable>>;
}

/** Checks a `[[package]]`. When its kind is missing or unknown, what every kind has is checked. */
export function checkPackage(
  known: KnownKinds,
  table: Table,
): CheckedTable<PackageTable, ValidValues> {
  return check(readerOf(known, table), table) as CheckedTable<PackageTable, ValidValues>;
}

function readerOf({ tables, anyKind }: KnownKinds, { kind }: Table): TableReader {
  return tables.get(kind as Kind) ?? anyKind;
}

/** What the schema knows of a path inside `[putitoutthere]`. */
export function headerInfo(path: Path): KeyInfo {
  return keyInfo(HEADER.schema, path);
}

/** What the schema knows of the paths inside a `[[package]]`. */
export function packageInfo(known: KnownKinds, table: Table): (path: Path) => KeyInfo {
  const { schema } = readerOf(known, table);
  return (path) => keyInfo(schema, path);
}

function check(reader: TableReader, table: Table): CheckedTable {
  const result = parseTable(reader, table);
  if (result.success) return { whole: result.data, valid: result.data, issues: [] };
  const entries = Object.entries(reader.schema.shape).map(([key, type]) => [
    key,
    validValue(type, table[key]),
  ]);
  const valid = entries.filter(([, value]) => value !== undefined);
  return { whole: undefined, valid: Object.fromEntries(valid), issues: result.error.issues };
}

/**
 * Holds a table against a schema. Where nothing is wrong, the keys that the table has are judged and no others: zod asks
 * each key that it could have, which took a third of the time that a file of a thousand packages takes.
 */
export function parseTable(
  { schema, keys }: TableReader,
  table: Table,
): z.core.util.SafeParseResult<unknown> {
  const data = readAtOnce(keys, table);
  return data === undefined ? z.safeParse(schema, table) : { success: true, data };
}

function readAtOnce({ types, required, defaults }: TableKeys, table: Table): Table | undefined {
  if (!required.every((key) => Object.hasOwn(table, key))) return undefined;
  const data: Record<string, unknown> = { ...defaults };
  for (const key of Object.keys(table)) {
    const type = types.get(key);
    const result = type === undefined ? undefined : z.safeParse(type, table[key]);
    if (result?.success !== true) return undefined;
    data[key] = result.data;
  }
  return data;
}

function validValue(schema: z.ZodMiniType, value: unknown): unknown {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const element = elementOf(schema);
  if (!Array.isArray(value) || element === undefined) return undefined;
  return value.map((item) => z.safeParse(element, item).data);
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
