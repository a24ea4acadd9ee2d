/**
 * What the schema of the configuration is built from: strings under rules, closed tables, and words for their readers.
 *
 * @module
 */

import * as v from "valibot";
import type { TextRule } from "./text_rule.ts";

/** A schema of a table, which can be asked for its keys. */
export type TableSchema<Output = unknown> = v.GenericSchema<unknown, Output> & {
  readonly entries: v.ObjectEntries;
};

/** A table with these keys and no others; valibot looks them up by `in`, and nothing inherited may pass for one. */
export function table<const E extends v.ObjectEntries>(
  entries: E,
): v.StrictObjectSchema<E, undefined> {
  return v.strictObject(Object.assign(Object.create(null), entries));
}

/** A schema with words for its readers, and further keywords for JSON Schema. */
export function told<const S extends v.GenericSchema>(
  schema: S,
  description: string,
  keywords: object = {},
): v.SchemaWithPipe<readonly [S, v.MetadataAction<v.InferOutput<S>, Record<string, unknown>>]> {
  return v.pipe(schema, v.metadata({ ...keywords, description }));
}

/** Whether a rule lets a value through; it carries the rule, so that an issue tells what was wrong. */
export interface Requirement {
  (value: string): boolean;
  readonly rule: TextRule;
}

/** A string under a rule. Its description is also the hint of a value that breaks the rule. */
export function text(rule: TextRule, description: string): v.GenericSchema<string> {
  // Defaults are judged like any other value, once for each package.
  let good: string | undefined;
  const accepts = (value: string): boolean => {
    if (value === good) return true;
    const accepted = rule.judge(value) === undefined;
    if (accepted) good = value;
    return accepted;
  };
  const requirement: Requirement = Object.assign(accepts, { rule });
  return told(v.pipe(v.string(), v.check(requirement)), description, rule.schema);
}
