/**
 * A table held against its schema at once, defaults filled in.
 *
 * @module
 */

import * as v from "valibot";
import type { Table } from "./document.ts";
import { table as tableOf, type TableSchema } from "./schema_parts.ts";

/** What valibot gives: the table with its defaults, or what is wrong with it. */
export type ParsedTable = v.SafeParseResult<TableSchema>;

/**
 * Holds a table against a schema. Valibot would judge every default again for each table that lacks the key, a tenth of
 * the time that a file of a thousand packages takes; they are right by themselves, so they come in afterwards.
 */
export function parseTable(schema: TableSchema, table: Table): ParsedTable {
  const known = SPLIT.get(schema) ?? split(schema);
  SPLIT.set(schema, known);
  const result = v.safeParse(known.bare, table);
  return result.success
    ? { ...result, output: { ...known.defaults, ...Object(result.output) } }
    : result;
}

/** A schema in which no key has a default, and the defaults. */
interface Split {
  readonly bare: TableSchema;
  readonly defaults: Readonly<Record<string, unknown>>;
}

const SPLIT = new WeakMap<TableSchema, Split>();

function split({ entries }: TableSchema): Split {
  const types = Object.entries(entries) as [string, v.GenericSchema][];
  const defaults = types.map(([key, type]) => [key, v.getDefault(type)] as const);
  return {
    bare: tableOf(Object.fromEntries(types.map(([key, type]) => [key, withoutDefault(type)]))),
    defaults: Object.fromEntries(defaults.filter(([, value]) => value !== undefined)),
  };
}

function withoutDefault(type: v.GenericSchema): v.GenericSchema {
  const { wrapped } = type as { readonly wrapped?: v.GenericSchema };
  return wrapped === undefined ? type : v.optional(wrapped);
}
