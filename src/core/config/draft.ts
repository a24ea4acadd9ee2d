/**
 * A package as far as it can be read: what the rules between keys and packages look at.
 *
 * @module
 */

import type { KindRules } from "../model/kind.ts";
import { asTable, type TargetInput } from "../target/target.ts";
import type { Finding } from "./finding.ts";
import type { ValidValues } from "./package_table.ts";
import type { Path, Table } from "./toml_document.ts";

/** A `[[package]]` of the file, with the values that are right by themselves. */
export interface Draft {
  /** Its path in the file. */
  readonly path: Path;
  /** What messages call it: `package "a"`. */
  readonly label: string;
  /** As the file has it. */
  readonly table: Table;
  /** What is known of its kind; undefined when that is missing or unknown. */
  readonly rules: KindRules | undefined;
  readonly values: ValidValues;
}

/** A rule between keys or between packages: it finds what is wrong, in the order of the file. */
export type Rule = (drafts: readonly Draft[]) => readonly Finding[];

/** A rule that looks at one package at a time. */
export function perPackage(rule: (draft: Draft) => readonly Finding[]): Rule {
  return (drafts) => drafts.flatMap(rule);
}

/** An element of an array that is right by itself. */
export interface Element<T> {
  readonly path: Path;
  readonly value: T;
}

function elements<T>(
  draft: Draft,
  key: string,
  values: readonly (T | undefined)[] | undefined,
): Element<T>[] {
  return (values ?? []).flatMap((value, index) =>
    value === undefined ? [] : [{ path: [...draft.path, key, index], value }]
  );
}

/** The names that a package depends on. */
export function dependenciesOf(draft: Draft): Element<string>[] {
  return elements(draft, "depends_on", draft.values.depends_on);
}

/** The targets of a package. */
export function targetsOf(draft: Draft): Element<Exclude<TargetInput, string>>[] {
  return elements<TargetInput>(draft, "targets", draft.values.targets).map(({ path, value }) => ({
    path,
    value: asTable(value),
  }));
}

/** The triples of a package. */
export function triplesOf(draft: Draft): Element<string>[] {
  return targetsOf(draft).map(({ path, value }) => ({ path, value: value.triple }));
}

/** A package's name on its registry, and the key that it comes from; undefined when it cannot be told. */
export function registryNameOf(draft: Draft): Element<string> | undefined {
  if (draft.rules === undefined) return undefined;
  const { key } = draft.rules.names;
  const from = Object.hasOwn(draft.table, key) ? key : "name";
  const value = draft.values[from];
  return typeof value === "string" ? { path: [...draft.path, from], value } : undefined;
}
