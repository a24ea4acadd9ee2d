/**
 * What the schema finds, in the words of this program.
 *
 * @module
 */

import { didYouMean } from "../words/phrases.ts";
import type { Kind } from "../model/package.ts";
import { type Issue, type KeyInfo, kindsWith, valueAt } from "./check_table.ts";
import { isTable, type Path, type Table } from "./document.ts";
import { type Finding, listed, quote } from "./finding.ts";
import type { Requirement } from "./schema_parts.ts";
import type { Verdict } from "./text_rule.ts";

/** The table that the issues are of. */
export interface IssueScope {
  readonly table: Table;
  /** Its path in the file. */
  readonly path: Path;
  /** What messages call it: `package "a"`, or the file's name. */
  readonly label: string;
  /** What the schema knows of a path inside the table. */
  readonly info: (path: Path) => KeyInfo;
  /** The kind of a `[[package]]`, when it is a known one: other kinds have other keys. */
  readonly kind?: Kind;
}

/** The findings of one issue; a table with several unknown keys has one for each. */
export function findingsOf(issue: Issue, scope: IssueScope): Finding[] {
  return findingsAt(issue, [], scope);
}

/** The findings of an issue with a path that starts at another one. */
function findingsAt(issue: Issue, base: Path, scope: IssueScope): Finding[] {
  const path = [...base, ...(issue.path ?? []).map(({ key }) => key as string | number)];
  switch (issue.type) {
    case "strict_object":
      return ofTable(issue, path, scope);
    case "union":
      return ofUnion(issue, path, scope);
    case "string":
    case "boolean":
    case "array":
      return [wrongType(issue.type, path, scope)];
    case "literal":
    case "picklist":
      return [wrongWord(path, scope)];
    case "check":
      return [brokenRule(issue, path, scope)];
    case "non_empty":
      return [wrongValue(path, scope, { found: "it is empty" })];
    default:
      throw new Error(`unreachable: the schema found ${issue.type}`);
  }
}

/** It is no table, lacks a key, or has keys that it does not know, of which the issue names the first. */
function ofTable(issue: Issue, path: Path, scope: IssueScope): Finding[] {
  const isAboutKey = issue.path?.at(-1)?.origin === "key";
  const owner = isAboutKey ? path.slice(0, -1) : path;
  const value = valueAt(scope.table, owner);
  // An array is an object with other keys, and so is a date; each is one finding, not one for each key.
  if (!isTable(value)) {
    return issue.expected === "never" ? [] : [wrongType("object", owner, scope)];
  }
  if (issue.expected !== "never") return [missing(path, scope)];
  const { keys } = scope.info(owner);
  return Object.keys(value).filter((key) => !keys.includes(key))
    .map((key) => unknownKey(key, owner, scope));
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

function unknownKey(key: string, path: Path, scope: IssueScope): Finding {
  const { keys } = scope.info(path);
  const elsewhere = scope.kind !== undefined && path.length === 0 ? kindsWith(key) : [];
  const found = elsewhere.length > 0
    ? `it is a key of ${elsewhere.join(" and ")} packages, and this one is ${scope.kind}`
    : "there is no such key";
  return {
    code: "PIOT_CONFIG_UNKNOWN_KEY",
    path: [...scope.path, ...path, key],
    part: "key",
    message: `Cannot use key ${quote(key)} of ${ownerName(path, scope)}: ${found}`,
    hint: [...didYouMean(key, keys), `Keys here: ${keys.join(", ")}`].join(" "),
  };
}

/** What is wrong with a target: the schema says it of a string and of a table, and one of them was meant. */
function ofUnion(issue: Issue, path: Path, scope: IssueScope): Finding[] {
  const value = valueAt(scope.table, path);
  if (!isTable(value)) return [wrongValue(path, scope, { found: `it is ${typeName(value)}` })];
  return (issue.issues ?? []).filter((inner) => inner.path !== undefined)
    .flatMap((inner) => findingsAt(inner, path, scope));
}

function wrongType(expected: string, path: Path, scope: IssueScope): Finding {
  const found = `it is ${typeName(valueAt(scope.table, path))}, not ${TYPES[expected] ?? expected}`;
  return wrongValue(path, scope, { found });
}

function wrongWord(path: Path, scope: IssueScope): Finding {
  const value = valueAt(scope.table, path);
  const { allowed } = scope.info(path);
  const words = allowed.filter((word) => typeof word === "string");
  const question = typeof value === "string" ? didYouMean(value, words) : [];
  return wrongValue(path, scope, {
    found: words.length === 0
      ? `it can only be the number ${allowed.join(" or ")}`
      : `it is none of ${listed(words)}`,
    hint: [...question, `${keyName(path)}: ${describe(path, scope)}`].join(" "),
  });
}

function brokenRule(issue: Issue, path: Path, scope: IssueScope): Finding {
  const { rule } = issue.requirement as Requirement;
  return wrongValue(path, scope, rule.judge(issue.input as string)!);
}

function missing(path: Path, scope: IssueScope): Finding {
  const owner = path.slice(0, -1);
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
