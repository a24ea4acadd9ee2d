/**
 * The schema of a table: what it is built from, strings under rules and words for their readers, and what it can be asked.
 *
 * @module
 */

import * as z from "zod/mini";
import type { TextRule } from "./text_rules.ts";
import type { Path } from "./toml_document.ts";

/** A schema of a table, which can be asked for its keys. */
export type TableSchema<Output = unknown> = z.ZodMiniType<Output> & {
  readonly shape: Readonly<Record<string, z.ZodMiniType>>;
};

/** What is said of a schema beside its type: keywords of JSON Schema, `description` among them. */
export const KEYWORDS: z.core.$ZodRegistry<Readonly<Record<string, unknown>>> = z.registry();

/** A schema with keywords of JSON Schema beside those of its type. */
export function keyworded<S extends z.ZodMiniType>(schema: S, keywords: object): S {
  KEYWORDS.add(schema, { ...keywords });
  return schema;
}

/** A schema with words for its readers, and further keywords. */
export function described<S extends z.ZodMiniType>(
  schema: S,
  description: string,
  keywords: object = {},
): S {
  return keyworded(schema, { ...keywords, description });
}

/** A string under a rule. Its description is also the hint of a value that breaks the rule. */
export function text(rule: TextRule, description: string): z.ZodMiniType<string> {
  const accepts = z.refine<string>((value) => rule.judge(value) === undefined, {
    // An issue carries it, so that it can tell what was wrong.
    params: { rule },
  });
  return described(z.string().check(accepts), description, rule.schema);
}

/** The keys of a table: what may stand at each, which must be there, and what stands for the others. */
export interface TableKeys {
  readonly types: ReadonlyMap<string, z.ZodMiniType>;
  readonly required: readonly string[];
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** A table as it is read: its schema, and what that says of its keys. */
export interface TableReader {
  readonly schema: TableSchema;
  readonly keys: TableKeys;
}

/** Gets ready to read tables of a schema. */
export function tableReader(schema: TableSchema): TableReader {
  return { schema, keys: tableKeys(schema) };
}

function tableKeys({ shape }: TableSchema): TableKeys {
  const entries = Object.entries(shape);
  const defaults = entries.flatMap(([key, type]) =>
    type instanceof z.ZodMiniDefault ? [[key, type.def.defaultValue] as const] : []
  );
  return {
    types: new Map(entries.map(([key, type]) => [key, present(type)])),
    required: entries.filter(([, type]) => present(type) === type).map(([key]) => key),
    defaults: Object.fromEntries(defaults),
  };
}

/** What the schema knows of one key. */
export interface KeyInfo {
  readonly description: string | undefined;
  /** The keys of the table that it holds, when it holds one. */
  readonly keys: readonly string[];
}

/** What a schema knows of a path inside its table. */
export function keyInfo(root: TableSchema, path: Path): KeyInfo {
  let schema: z.ZodMiniType | undefined = root;
  for (const step of path) {
    if (schema !== undefined) schema = inner(schema, step);
  }
  if (schema === undefined) return { description: undefined, keys: [] };
  const { description } = KEYWORDS.get(schema) ?? {};
  return {
    description: description as string | undefined,
    keys: Object.keys(shapeOf(schema)),
  };
}

function inner(schema: z.ZodMiniType, step: string | number): z.ZodMiniType | undefined {
  const found = elementOf(schema) ?? shapeOf(schema)[step];
  return found === undefined ? undefined : present(found);
}

/** What may be left out is described by the schema of what may stand there. */
function present(schema: z.ZodMiniType): z.ZodMiniType {
  return schema instanceof z.ZodMiniOptional || schema instanceof z.ZodMiniDefault
    ? present(schema.def.innerType as z.ZodMiniType)
    : schema;
}

/** The schema of an array's elements; undefined for anything but an array. */
export function elementOf(schema: z.ZodMiniType): z.ZodMiniType | undefined {
  const type = present(schema);
  return type instanceof z.ZodMiniArray ? type.def.element as z.ZodMiniType : undefined;
}

/** The keys of a table. A target is a string or a table; only the table has anything inside. */
function shapeOf(schema: z.ZodMiniType): TableSchema["shape"] {
  if (schema instanceof z.ZodMiniObject) return schema.shape as TableSchema["shape"];
  if (!(schema instanceof z.ZodMiniUnion)) return {};
  return Object.assign({}, ...schema.def.options.map((option) => shapeOf(option as z.ZodMiniType)));
}
