/**
 * Tables of the configuration held against the schema: what is right by itself, and what is not.
 *
 * @module
 */

import * as z from "zod";
import type { Kind } from "../package.ts";
import { isTable, type Path, type Table } from "./document.ts";
import { ANY_KIND_SCHEMA, HEADER_SCHEMA, PACKAGE_SCHEMAS } from "./schema.ts";
import type { HeaderTable, PackageTable, ValidValues } from "./tables.ts";

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

/** What the schema knows of one key. */
export interface KeyInfo {
  readonly description: string | undefined;
  /** The keys of the table that it holds, when it holds one. */
  readonly keys: readonly string[];
}

/** Whether a value is the name of a kind. */
export function isKind(value: unknown): value is Kind {
  return typeof value === "string" && Object.hasOwn(PACKAGE_SCHEMAS, value);
}

/** The kinds that have a key. */
export function kindsWith(key: string): Kind[] {
  return Object.keys(PACKAGE_SCHEMAS).filter(isKind).filter((kind) =>
    Object.hasOwn(PACKAGE_SCHEMAS[kind].shape, key)
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

function schemaOf(table: Table): z.ZodObject {
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

function keyInfo(root: z.ZodObject, path: Path): KeyInfo {
  let schema: z.core.$ZodType = root;
  for (const step of path) {
    const next = inner(schema, step);
    if (next === undefined) return { description: undefined, keys: [] };
    schema = next;
  }
  const bare = unwrap(schema);
  const description = z.globalRegistry.get(schema)?.description ??
    z.globalRegistry.get(bare)?.description;
  return { description, keys: bare instanceof z.ZodObject ? Object.keys(bare.shape) : [] };
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    return unwrap(schema.def.innerType);
  }
  // A target is a string or a table; only the table has anything inside.
  if (schema instanceof z.ZodUnion) {
    return schema.options.find((option) => option instanceof z.ZodObject) ?? schema;
  }
  return schema;
}

function inner(schema: z.core.$ZodType, step: string | number): z.core.$ZodType | undefined {
  const bare = unwrap(schema);
  if (bare instanceof z.ZodArray) return bare.element;
  if (bare instanceof z.ZodObject && Object.hasOwn(bare.shape, step)) return bare.shape[step];
  return undefined;
}

function check(schema: z.ZodObject, table: Table): CheckedTable {
  const result = schema.safeParse(table);
  if (result.success) return { whole: result.data, valid: result.data, issues: [] };
  const entries = Object.entries(schema.shape).map(([key, type]) => [
    key,
    validPart(type, table[key]),
  ]);
  const valid = entries.filter(([, value]) => value !== undefined);
  return { whole: undefined, valid: Object.fromEntries(valid), issues: result.error.issues };
}

function validPart(schema: z.core.$ZodType, value: unknown): unknown {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const bare = unwrap(schema);
  if (!Array.isArray(value) || !(bare instanceof z.ZodArray)) return undefined;
  return value.map((element) => z.safeParse(bare.element, element).data);
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
