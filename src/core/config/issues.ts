/**
 * What the schema finds, in the words of this program.
 *
 * @module
 */

import type * as z from "zod/mini";
import type { Kind } from "../model/package.ts";
import { didYouMean } from "../words/phrases.ts";
import { type Issue, valueAt } from "./check_table.ts";
import { type Finding, listed, quote } from "./finding.ts";
import { type NonGoal, nonGoalOf, ONE_BUILD, SHARED_TAG_FORMAT } from "./non_goals.ts";
import type { KeyInfo } from "./table_schema.ts";
import type { TextRule, Verdict } from "./text_rules.ts";
import { isTable, type Path, type Table } from "./toml_document.ts";

/** The table that the issues are of. */
export interface IssueScope {
  readonly table: Table;
  /** Its path in the file. */
  readonly path: Path;
  /** What messages call it: `package "a"`, or the file's name. */
  readonly label: string;
  /** What the schema knows of a path inside the table. */
  readonly info: (path: Path) => KeyInfo;
  /** The kind of a `[[package]]`, when it is a known one, and which kinds have a key: other kinds have other keys. */
  readonly kind?: { readonly name: Kind; readonly owners: (key: string) => readonly Kind[] };
}

/** The findings of a table's issues. */
export function findingsOf(issues: readonly Issue[], scope: IssueScope): readonly Finding[] {
  const findings = issues.flatMap((issue) => findingsAt(issue, [], scope));
  // An array lacks every key of a table, and so does a date: one finding, not one for each key.
  const identity = ({ path, message }: Finding): string => JSON.stringify([path, message]);
  return [...new Map(findings.map((finding) => [identity(finding), finding])).values()];
}

/** The findings of an issue with a path that starts at another one. */
function findingsAt(issue: Issue, base: Path, scope: IssueScope): Finding[] {
  const path = [...base, ...issue.path as Path];
  // No value of TOML is undefined.
  const value = valueAt(scope.table, path);
  if (value === undefined) return [missing(path, scope)];
  switch (issue.code) {
    case "unrecognized_keys":
      return unknownKeys(issue.keys, path, scope);
    case "invalid_union":
      return ofUnion(issue.errors, path, scope);
    case "invalid_type":
      return [wrongType(issue.expected, path, scope)];
    case "invalid_value":
      return [wrongWord(issue.values, path, scope)];
    case "custom":
      return [brokenRule(issue, path, scope)];
    case "too_small":
      // zod measures strings as well, where an array should be.
      return Array.isArray(value) ? [wrongValue(path, scope, { found: "it is empty" })] : [];
    default:
      throw new Error(`unreachable: the schema found ${issue.code}`);
  }
}

/** `targets.triple` for ["targets", 0, "triple"]. */
function keyName(path: Path): string {
  return path.filter((step) => typeof step === "string").join(".");
}

/** The table at a path inside the scope: `trust_policy of package "a"`. */
function ownerName(path: Path, scope: IssueScope): string {
  const name = keyName(path);
  return name === "" ? scope.label : `${name} of ${scope.label}`;
}

function describe(path: Path, scope: IssueScope): string {
  return (scope.info(path).description ?? "").replace(/\.$/, "");
}

function unknownKeys(keys: readonly string[], path: Path, scope: IssueScope): Finding[] {
  return isTable(valueAt(scope.table, path))
    ? keys.map((key) => unknownKey(key, path, scope))
    : [wrongType("object", path, scope)];
}

function unknownKey(key: string, path: Path, scope: IssueScope): Finding {
  const wish = nonGoalOf(key) ?? sharedTagOf(key, path, scope);
  if (wish !== undefined) {
    return {
      code: "PIOT_CONFIG_UNKNOWN_KEY",
      path: [...scope.path, ...path, key],
      part: "key",
      message: `Cannot use ${key} of ${ownerName(path, scope)}: ${wish.found}`,
      hint: wish.hint,
    };
  }
  const { keys } = scope.info(path);
  const elsewhere = path.length === 0 ? scope.kind?.owners(key) ?? [] : [];
  const found = elsewhere.length > 0
    ? `it is a key of ${elsewhere.join(" and ")} packages, and this one is ${scope.kind?.name}`
    : "there is no such key";
  return {
    code: "PIOT_CONFIG_UNKNOWN_KEY",
    path: [...scope.path, ...path, key],
    part: "key",
    message: `Cannot use key ${quote(key)} of ${ownerName(path, scope)}: ${found}`,
    hint: [...didYouMean(key, keys), `Keys here: ${keys.join(", ")}`].join(" "),
  };
}

/** Only packages have tags of their own. */
function sharedTagOf(
  key: string,
  path: Path,
  { kind, path: base }: IssueScope,
): NonGoal | undefined {
  const isHeader = kind === undefined && base[0] === "putitoutthere" && path.length === 0;
  return isHeader && key === "tag_format" ? SHARED_TAG_FORMAT : undefined;
}

/** What is wrong with a target: the schema says it of a string and of a table, and one of them was meant. */
function ofUnion(errors: readonly (readonly Issue[])[], path: Path, scope: IssueScope): Finding[] {
  const value = valueAt(scope.table, path);
  if (!isTable(value)) return [wrongValue(path, scope, { found: `it is ${typeName(value)}` })];
  return errors.flat().filter(({ code, path: inside }) =>
    code !== "invalid_type" || inside.length > 0
  ).flatMap((inner) => findingsAt(inner, path, scope));
}

function wrongType(expected: string, path: Path, scope: IssueScope): Finding {
  const found = `it is ${typeName(valueAt(scope.table, path))}, not ${TYPES[expected] ?? expected}`;
  return wrongValue(path, scope, { found });
}

function wrongWord(allowed: readonly unknown[], path: Path, scope: IssueScope): Finding {
  const value = valueAt(scope.table, path);
  if (keyName(path) === "build" && Array.isArray(value)) return wrongValue(path, scope, ONE_BUILD);
  const words = allowed.filter((word) => typeof word === "string");
  const question = typeof value === "string" ? didYouMean(value, words) : [];
  return wrongValue(path, scope, {
    found: words.length === 0
      ? `it can only be the number ${allowed.join(" or ")}`
      : `it is none of ${listed(words)}`,
    hint: [...question, `${keyName(path)}: ${describe(path, scope)}`].join(" "),
  });
}

function brokenRule({ params }: z.core.$ZodIssueCustom, path: Path, scope: IssueScope): Finding {
  const { judge } = params!.rule as TextRule;
  return wrongValue(path, scope, judge(valueAt(scope.table, path) as string)!);
}

function missing(path: Path, scope: IssueScope): Finding {
  const owner = path.slice(0, -1);
  if (!isTable(valueAt(scope.table, owner))) return wrongType("object", owner, scope);
  const key = keyName(path.slice(-1));
  return {
    path: [...scope.path, ...owner],
    part: "key",
    message: `Cannot use ${ownerName(owner, scope)}: it has no ${key}`,
    hint: `Add ${key}: ${describe(path, scope)}`,
  };
}

function wrongValue(
  path: Path,
  scope: IssueScope,
  { found, hint, code }: Verdict,
): Finding {
  const value = valueAt(scope.table, path);
  const shown = typeof value === "object" ? "" : ` ${quote(value)}`;
  return {
    ...(code === undefined ? {} : { code }),
    path: [...scope.path, ...path],
    message: `Cannot use ${keyName(path)}${shown} of ${scope.label}: ${found}`,
    hint: hint ?? `${keyName(path)}: ${describe(path, scope)}`,
  };
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  boolean: "a boolean",
  array: "an array",
  object: "a table",
};

/** What TOML calls a value's type. */
function typeName(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (value instanceof Date) return "a date";
  if (typeof value === "number" || typeof value === "bigint") return "a number";
  return TYPES[typeof value] ?? typeof value;
}
