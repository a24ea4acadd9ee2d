/**
 * What the schema finds, in the words of this program.
 *
 * @module
 */

import type { FailureCode } from "../../failure_codes.ts";
import { didYouMean } from "../suggest.ts";
import type { Kind } from "../package.ts";
import { type Issue, type KeyInfo, kindsWith, valueAt } from "./check_table.ts";
import { isTable, type Path, type Table } from "./document.ts";
import { type Finding, listed, quote } from "./finding.ts";

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
  const path = issue.path.map((step) => typeof step === "symbol" ? String(step) : step);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path, scope));
    case "invalid_union":
      return ofUnion(issue, path, scope);
    case "invalid_type":
      return [wrongType(issue.expected, path, scope)];
    case "invalid_value":
      return [wrongWord(issue.values, path, scope)];
    case "custom":
      return [wrongValue(path, scope, { found: issue.message, ...issue.params })];
    case "too_small":
      return [wrongValue(path, scope, { found: "it is empty" })];
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

function ofUnion(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: Path,
  scope: IssueScope,
): Finding[] {
  const value = valueAt(scope.table, path);
  if (typeof value !== "string" && !isTable(value)) {
    return [wrongValue(path, scope, { found: `it is ${typeName(value)}` })];
  }
  const branch = issue.errors[typeof value === "string" ? 0 : 1] ?? [];
  return branch.flatMap((inner) =>
    findingsOf({ ...inner, path: [...path, ...inner.path] } as Issue, scope)
  );
}

function wrongType(expected: string, path: Path, scope: IssueScope): Finding {
  const value = valueAt(scope.table, path);
  if (value === undefined) return missing(path, scope);
  return wrongValue(path, scope, {
    found: `it is ${typeName(value)}, not ${TYPES[expected] ?? expected}`,
  });
}

function wrongWord(allowed: readonly unknown[], path: Path, scope: IssueScope): Finding {
  const value = valueAt(scope.table, path);
  if (value === undefined) return missing(path, scope);
  const words = allowed.filter((word) => typeof word === "string");
  const question = typeof value === "string" ? didYouMean(value, words) : [];
  return wrongValue(path, scope, {
    found: words.length === 0
      ? `it can only be the number ${allowed.join(" or ")}`
      : `it is none of ${listed(words)}`,
    hint: [...question, `${keyName(path)}: ${describe(path, scope)}`].join(" "),
  });
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
  { found, hint, code }: { found: string; hint?: string; code?: FailureCode },
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
