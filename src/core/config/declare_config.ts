/**
 * What `putitoutthere.toml` declares, table by table, and whether its packages go together.
 *
 * @module
 */

import type { Failure } from "../../error.ts";
import type { Config } from "../model/config.ts";
import type { Kind, Package } from "../model/package.ts";
import { didYouMean } from "../words/phrases.ts";
import { checkHeader, checkPackage, headerInfo, packageInfo } from "./check_table.ts";
import type { Draft, Rule } from "./draft.ts";
import { type Finding, toFailure } from "./finding.ts";
import { findingsOf } from "./issues.ts";
import { forgive, packageLabel } from "./mistakes.ts";
import { nonGoalOf, SHARED_TAG_FORMAT } from "./non_goals.ts";
import { type HeaderTable, type PackageTable, toBase } from "./package_table.ts";
import { isKind, kindsWith, type KnownKinds } from "./kind_config.ts";
import type { FindPlaces, Locate } from "./places.ts";
import * as graph from "./rules/graph_rules.ts";
import * as name from "./rules/name_rules.ts";
import * as registry from "./rules/registry_rules.ts";
import * as tag from "./rules/tag_rules.ts";
import { ROOT_KEYS } from "./schema.ts";
import { targetsAreUnique } from "./targets.ts";
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
  targetsAreUnique,
  registry.firstVersionsMap,
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

/** What a configuration is read with. */
export interface ConfigSource {
  /** Its path relative to the repository's root, for messages. */
  readonly file: string;
  /** The kinds that packages may have. */
  readonly known: KnownKinds;
  /** Finds the places of what failures name; without it they name the file alone. */
  readonly find?: FindPlaces;
}

/**
 * Reads a configuration in two steps, for whoever has something to start in between; the first throws when a table is
 * wrong by itself, with whatever else is, and the second what `parseConfig()` throws.
 */
export function declareConfig(
  source: string | Uint8Array,
  { file, known, find = nowhere }: ConfigSource,
): DeclaredConfig {
  const text = typeof source === "string" ? source : decodeConfig(source, file);
  const { root, findings: mistakes, original } = forgive(readToml(text, file), {
    name: file,
    kinds: [...known.kinds.keys()],
  });
  const header = readHeader(root, file);
  const packages = readPackages(root, { file, known });
  const ofTables = [
    ...readRootKeys(root, { file, known }),
    ...header.findings,
    ...packages.findings,
  ];
  const ofRules = (): readonly Finding[] => findingsAmong(packages.drafts, known);
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
      packages: packages.whole!.map((table) => toPackage(table, known)),
      kinds: known.kinds,
    },
    check: () => {
      const findings = ofRules();
      if (findings.length > 0) throw failureOf(findings);
    },
  };
}

/** What every package must hold to, and then what those of one kind must. */
function findingsAmong(drafts: readonly Draft[], { configs }: KnownKinds): readonly Finding[] {
  const ofKinds = [...configs].flatMap(([kind, { findings }]) => {
    const ofKind = drafts.filter(({ rules }) => rules?.kind === kind);
    return findings.flatMap((rule) => rule(ofKind));
  });
  return [...RULES.flatMap((rule) => rule(drafts)), ...ofKinds];
}

/** The package that a valid `[[package]]` declares. */
function toPackage(table: PackageTable, { configs }: KnownKinds): Package {
  const config = configs.get(table.kind)!;
  const named = table[config.rules.names.key];
  return config.toPackage(table, toBase(table, typeof named === "string" ? named : table.name));
}

function nowhere(_text: string, file: string): Locate {
  return () => ({ file });
}

function readRootKeys(
  root: Table,
  { file, known }: Pick<ConfigSource, "file" | "known">,
): Finding[] {
  return Object.keys(root).filter((key) => !ROOT_KEYS.includes(key)).map((key) => {
    const wish = key === "tag_format" ? SHARED_TAG_FORMAT : nonGoalOf(key);
    const message = wish === undefined
      ? `Cannot use key ${JSON.stringify(key)} of ${file}: there is no such key`
      : `Cannot use ${key} of ${file}: ${wish.found}`;
    const hint = wish?.hint ?? [
      ...whereItBelongs(key, { value: root[key], known }),
      "The file holds [putitoutthere] and [[package]] tables",
    ].join(" ");
    return { code: "PIOT_CONFIG_UNKNOWN_KEY", path: [key], part: "key", message, hint };
  });
}

/** A key of a table that was written outside of it, or a slip of the fingers. */
function whereItBelongs(
  key: string,
  { value, known }: { readonly value: unknown; readonly known: KnownKinds },
): readonly string[] {
  if (headerInfo([]).keys.includes(key)) return ["Write it below [putitoutthere]."];
  if (kindsWith(known, key).length === 0) return didYouMean(key, ROOT_KEYS);
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
  { file, known }: Pick<ConfigSource, "file" | "known">,
): Read<readonly PackageTable[]> & { readonly drafts: readonly Draft[] } {
  const tables = root.package;
  if (!Array.isArray(tables) || tables.length === 0) {
    const message = `Cannot use ${file}: it declares no package`;
    const hint = "Write a [[package]] table for each package that is to be released";
    return { whole: undefined, findings: [{ path: ["package"], message, hint }], drafts: [] };
  }
  const read = tables.map((table, index) => readPackage(table, { index, known }));
  return {
    whole: read.flatMap(({ whole }) => whole ?? []),
    findings: read.flatMap(({ findings }) => findings),
    drafts: read.flatMap(({ draft }) => draft ?? []),
  };
}

function readPackage(
  table: unknown,
  { index, known }: { readonly index: number; readonly known: KnownKinds },
): Read<PackageTable> & { draft?: Draft } {
  const path = ["package", index];
  if (!isTable(table)) {
    const message = `Cannot use package ${index + 1}: it is not a table`;
    const hint = "Write a [[package]] table for each package";
    return { whole: undefined, findings: [{ path, message, hint }] };
  }
  const rules = isKind(known, table.kind) ? known.kinds.get(table.kind) : undefined;
  const owners = (key: string): readonly Kind[] => kindsWith(known, key);
  const label = packageLabel(table, index);
  const { whole, valid, issues } = checkPackage(known, table);
  const kind = rules === undefined ? {} : { kind: { name: rules.kind, owners } };
  const scope = { table, path, label, info: packageInfo(known, table), ...kind };
  return {
    whole,
    findings: findingsOf(issues, scope),
    draft: { path, label, table, rules, values: valid },
  };
}
