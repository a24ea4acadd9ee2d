/**
 * What `putitoutthere.toml` declares, table by table, and whether its packages go together.
 *
 * @module
 */

import type { Failure } from "../../error.ts";
import type { Config } from "../model/config.ts";
import { didYouMean } from "../words/phrases.ts";
import { BUILT_IN } from "./built_in.ts";
import {
  checkHeader,
  checkPackage,
  headerInfo,
  isKind,
  kindsWith,
  packageInfo,
} from "./check_table.ts";
import type { Draft, Rule } from "./draft.ts";
import { type Finding, toFailure } from "./finding.ts";
import { findingsOf } from "./issues.ts";
import { forgive, packageLabel } from "./mistakes.ts";
import { type HeaderTable, type PackageTable, toPackage } from "./package_table.ts";
import type { FindPlaces, Locate } from "./places.ts";
import * as graph from "./rules/graph_rules.ts";
import * as kind from "./rules/kind_rules.ts";
import * as name from "./rules/name_rules.ts";
import * as registry from "./rules/registry_rules.ts";
import * as tag from "./rules/tag_rules.ts";
import { ROOT_KEYS } from "./schema.ts";
import { decodeConfig, isTable, readToml, type Table } from "./toml_document.ts";

/** A part of the file that was read: what it says when nothing is wrong with it, and what is wrong. */
interface Read<T> {
  readonly whole: T | undefined;
  readonly findings: readonly Finding[];
}

/**
 * The rules that hold between keys and between packages: each sees what is right by itself, and all are asked. A new one
 * is a function and a line here.
 */
const RULES: readonly Rule[] = [
  name.namesAreUnique,
  name.artifactsAreUnique,
  graph.dependenciesExist,
  graph.dependenciesAreOthers,
  graph.graphIsAcyclic,
  tag.tagsAreValid,
  tag.tagsBelongToOne,
  kind.pypiVersionsMap,
  kind.targetsAreThere,
  kind.targetsMeanSomething,
  kind.targetsAreUnique,
  kind.bundlesHaveTargets,
  kind.restrictedIsScoped,
  registry.namesFitRegistries,
  registry.registryNamesAreUnique,
  registry.platformNamesFit,
];

/** A configuration of which every table is right by itself. */
export interface DeclaredConfig {
  /** What the file says. Whether its packages go together is another question. */
  readonly config: Config;
  /** Answers it: holds the packages against each other, and throws what `parseConfig()` throws. */
  readonly check: () => void;
}

/**
 * Reads a configuration in two steps, for whoever has something to start in between; the first throws when a table is
 * wrong by itself, with whatever else is, and the second what `parseConfig()` throws. Failures name the file alone
 * unless there is somebody to find the places in it.
 */
export function declareConfig(
  source: string | Uint8Array,
  file: string,
  find: FindPlaces = nowhere,
): DeclaredConfig {
  const text = typeof source === "string" ? source : decodeConfig(source, file);
  const { root, findings: mistakes, original } = forgive(readToml(text, file), file);
  const header = readHeader(root, file);
  const packages = readPackages(root, file);
  const ofTables = [...readRootKeys(root, file), ...header.findings, ...packages.findings];
  const ofRules = (): Finding[] => RULES.flatMap((rule) => rule(packages.drafts));
  const failureOf = (findings: readonly Finding[]): Failure => {
    const inFile = findings.map((finding) => ({ ...finding, path: original(finding.path) }));
    return toFailure([...mistakes, ...inFile], { file, locate: find(text, file) });
  };
  if (mistakes.length + ofTables.length > 0 || header.whole === undefined) {
    throw failureOf([...ofTables, ...ofRules()]);
  }
  return {
    config: {
      cadence: header.whole.cadence,
      packages: packages.whole!.map(toPackage),
      kinds: BUILT_IN,
    },
    check: () => {
      const findings = ofRules();
      if (findings.length > 0) throw failureOf(findings);
    },
  };
}

function nowhere(_text: string, file: string): Locate {
  return () => ({ file });
}

function readRootKeys(root: Table, file: string): Finding[] {
  return Object.keys(root).filter((key) => !ROOT_KEYS.includes(key)).map((key) => ({
    code: "PIOT_CONFIG_UNKNOWN_KEY",
    path: [key],
    part: "key",
    message: `Cannot use key ${JSON.stringify(key)} of ${file}: there is no such key`,
    hint: [
      ...whereItBelongs(key, root[key]),
      "The file holds [putitoutthere] and [[package]] tables",
    ].join(" "),
  }));
}

/** A key of a table that was written outside of it, or a slip of the fingers. */
function whereItBelongs(key: string, value: unknown): readonly string[] {
  if (headerInfo([]).keys.includes(key)) return ["Write it below [putitoutthere]."];
  if (kindsWith(key).length === 0) return didYouMean(key, ROOT_KEYS);
  return [
    isTable(value)
      ? `Write [package.${key}], below the [[package]] that it is about.`
      : "Write it below the [[package]] that it is about.",
  ];
}

function readHeader(root: Table, file: string): Read<HeaderTable> {
  const table = root.putitoutthere;
  if (!isTable(table)) {
    const message = `Cannot use ${file}: it has no table [putitoutthere]`;
    const hint = "Write [putitoutthere] at its top, and version = 1 below that";
    return { whole: undefined, findings: [{ path: ["putitoutthere"], message, hint }] };
  }
  const { whole, issues } = checkHeader(table);
  const scope = { table, path: ["putitoutthere"], label: "[putitoutthere]", info: headerInfo };
  return { whole, findings: findingsOf(issues, scope) };
}

function readPackages(
  root: Table,
  file: string,
): Read<readonly PackageTable[]> & { readonly drafts: readonly Draft[] } {
  const tables = root.package;
  if (!Array.isArray(tables) || tables.length === 0) {
    const message = `Cannot use ${file}: it declares no package`;
    const hint = "Write a [[package]] table for each package that is to be released";
    return { whole: undefined, findings: [{ path: ["package"], message, hint }], drafts: [] };
  }
  const read = tables.map(readPackage);
  return {
    whole: read.flatMap(({ whole }) => whole ?? []),
    findings: read.flatMap(({ findings }) => findings),
    drafts: read.flatMap(({ draft }) => draft ?? []),
  };
}

function readPackage(table: unknown, index: number): Read<PackageTable> & { draft?: Draft } {
  const path = ["package", index];
  if (!isTable(table)) {
    const message = `Cannot use package ${index + 1}: it is not a table`;
    const hint = "Write a [[package]] table for each package";
    return { whole: undefined, findings: [{ path, message, hint }] };
  }
  const kind = isKind(table.kind) ? table.kind : undefined;
  const label = packageLabel(table, index);
  const { whole, valid, issues } = checkPackage(table);
  const info = packageInfo.bind(undefined, table);
  const scope = { table, path, label, info, ...(kind === undefined ? {} : { kind }) };
  return {
    whole,
    findings: findingsOf(issues, scope),
    draft: { path, label, table, kind, values: valid },
  };
}
