/**
 * What each kind of package has in the configuration: keys of its own, and rules between them.
 *
 * @module
 */

import * as z from "zod/mini";
import { type KindRules, type Kinds, kindsOf } from "../model/kind.ts";
import type { Kind, Package, PackageBase } from "../model/package.ts";
import type { Rule } from "./draft.ts";
import type { PackageTable } from "./package_table.ts";
import { anyPackageSchema, packageSchema } from "./schema.ts";
import { type TableReader, tableReader, type TableSchema } from "./table_schema.ts";

/** A kind as the configuration knows it. `T` is its `[[package]]` with every default filled in. */
export interface KindConfig<T extends PackageTable = PackageTable> {
  readonly rules: KindRules;
  /** The keys of its `[[package]]` beside those that every kind has, in the order in which they are listed. */
  readonly keys: TableSchema["shape"];
  /** For editors: keywords of JSON Schema about how its keys go together. */
  readonly keywords?: object;
  /** What its keys must hold to among themselves; each rule sees packages of this kind alone. */
  readonly findings: readonly Rule[];
  /** The package that a valid table declares; `base` is what every kind has of it. */
  toPackage(table: T, base: PackageBase): Package;
}

/** Every kind, ready to read a configuration with. */
export interface KnownKinds {
  readonly kinds: Kinds;
  readonly configs: ReadonlyMap<Kind, KindConfig>;
  /** `[[package]]`, by kind. */
  readonly tables: ReadonlyMap<Kind, TableReader>;
  /** `[[package]]` of a kind that is missing or unknown: what every kind has is checked all the same. */
  readonly anyKind: TableReader;
}

/** Makes the schemas of some kinds. */
export function knowKinds(list: readonly KindConfig[]): KnownKinds {
  const words = list.map(({ rules }) => rules.kind);
  const tables = list.map(({ rules: { kind }, keys, keywords = {} }) =>
    [kind, tableReader(packageSchema({ words, kind, keys, keywords }))] as const
  );
  return {
    kinds: kindsOf(list.map(({ rules }) => rules)),
    configs: new Map(list.map((config) => [config.rules.kind, config])),
    tables: new Map(tables),
    anyKind: tableReader(
      anyPackageSchema(words, list.flatMap(({ keys }) => Object.keys(keys))),
    ),
  };
}

/** Whether a value is the name of a kind. */
export function isKind(known: KnownKinds, value: unknown): value is Kind {
  return typeof value === "string" && known.tables.has(value as Kind);
}

/** The kinds that have a key. */
export function kindsWith(known: KnownKinds, key: string): readonly Kind[] {
  return [...known.tables].filter(([, { schema }]) => Object.hasOwn(schema.shape, key))
    .map(([kind]) => kind);
}

/** `[[package]]` of any kind, for JSON Schema. */
export function someKind({ tables }: KnownKinds): z.ZodMiniType {
  const schemas = [...tables.values()].map(({ schema }) => schema);
  return z.discriminatedUnion("kind", schemas as unknown as [z.ZodMiniObject]);
}
