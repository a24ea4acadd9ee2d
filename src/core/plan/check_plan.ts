/**
 * A plan that came as a file, held against the configuration of this commit: whoever could write that file could make it
 * name any tag, folder or version. All that the configuration decides is made again, and has to be the same.
 *
 * @module
 */

import type { Failure } from "../../error.ts";
import type { Config } from "../model/config.ts";
import { makeGraph } from "../model/graph.ts";
import { rulesOf } from "../model/kind.ts";
import type { LeftOut, MatrixRow, Plan, PlannedPackage } from "../model/plan.ts";
import { checkGroups, groupIn, rulingInGroup } from "./check_groups.ts";
import type { GroupVersion } from "./lockstep.ts";
import { called, invalid } from "./plan_refusal.ts";
import { bumpVersion, isVersion } from "../model/version.ts";
import { tagProblem } from "../release/tag.ts";
import { quote } from "../words/phrases.ts";
import { type Difference, differenceOf } from "./difference.ts";
import { belowLast, leftBehind } from "./plan_warnings.ts";
import {
  type Declared,
  matrixRows,
  planPackage,
  type Ruling,
  versionFailures,
} from "./planned_package.ts";

/** What a given plan is held against. */
export interface PlanGrounds {
  readonly config: Config;
  /**
   * By package, the versions that may have been its last release when the plan was made, null for none; undefined where
   * the tags of this clone cannot tell.
   */
  readonly last: ReadonlyMap<string, readonly (string | null)[]> | undefined;
}

/**
 * Gives the plan, with the warnings that it must have whatever it says. Throws `PIOT_PLAN_INVALID` at the first thing that
 * it has and that a plan of this commit cannot have.
 */
export function checkPlan(plan: Plan, { config, last }: PlanGrounds): Plan {
  const declared = new Map<string, Declared>(
    config.packages.map((pkg) => [pkg.name, { pkg, rules: rulesOf(config.kinds, pkg) }]),
  );
  checkNames(plan, [...declared.keys()]);
  const entries = [...plan.packages, ...plan.left_out];
  const isAsked = entries.some(({ reason }) =>
    reason === "requested" || reason === "not-requested"
  );
  checkGroups(plan, config);
  for (const planned of plan.packages) {
    const known = {
      declared: declared.get(planned.name)!,
      isAsked,
      group: groupIn(plan, config, planned),
    };
    checkPackage(planned, known);
  }
  for (const left of plan.left_out) checkLeftOut(left, isAsked);
  for (const { name, previous } of entries) {
    const known = last?.get(name);
    if (known === undefined || known.includes(previous)) continue;
    throw differs(name, { path: "previous", given: previous, expected: known[0] });
  }
  const rows = plan.packages.flatMap((planned) => matrixRows(declared.get(planned.name)!, planned))
    .map((row, at) => asOldAs(row, plan.matrix[at]));
  const difference = differenceOf(plan.matrix, rows, "matrix");
  if (difference !== undefined) {
    const at = Number(/\d+/.exec(difference.path)![0]);
    throw differs((rows[at] ?? plan.matrix[at])!.name, difference);
  }
  return { ...plan, warnings: [...new Set([...plan.warnings, ...warningsOf(plan, config)])] };
}

/** A plan of an earlier release of this program lacks fields that rows have by now; what it was built by stays the same. */
function asOldAs(row: MatrixRow, given: MatrixRow | undefined): MatrixRow {
  if (given === undefined || given.version_env !== undefined) return row;
  const { version_env: _, ...rest } = row;
  return rest;
}

/** Every declared package is there once, planned or left out, in the configuration's order, and nothing else is. */
function checkNames({ packages, left_out }: Plan, declared: readonly string[]): void {
  const lists = [packages, left_out].map((list) => list.map(({ name }) => name));
  const seen = new Set<string>();
  for (const name of lists.flat()) {
    if (!declared.includes(name)) throw invalid(`${called(name)} is not declared`);
    if (seen.has(name)) throw invalid(`${called(name)} is there twice`);
    seen.add(name);
  }
  const missing = declared.find((name) => !seen.has(name));
  if (missing !== undefined) throw invalid(`${called(missing)} is neither planned nor left out`);
  for (const given of lists) {
    const names = new Set(given);
    const ordered = declared.filter((name) => names.has(name));
    const at = given.findIndex((name, index) => name !== ordered[index]);
    if (at !== -1) throw invalid(`${called(given[at]!)} stands in the place of ${ordered[at]!}`);
  }
}

interface Known {
  readonly declared: Declared;
  readonly isAsked: boolean;
  readonly group: GroupVersion | undefined;
}

function checkPackage(planned: PlannedPackage, { declared, isAsked, group }: Known): void {
  const { name, version, previous } = planned;
  requireVersion(name, { key: "version", version });
  if (version.includes("+")) {
    throw invalid(`version ${quote(version)} of ${called(name)} has build metadata`);
  }
  if (previous !== null) requireVersion(name, { key: "previous", version: previous });
  const expected = planPackage(declared, rulingOf(planned, { declared, isAsked, group }));
  const difference = differenceOf(planned, expected);
  if (difference !== undefined) throw differs(name, difference);
  const problem = tagProblem(expected.tag);
  if (problem !== undefined) {
    throw invalid(
      `git does not take the tag ${quote(expected.tag)} of ${called(name)}: ${problem}`,
    );
  }
  const [failure] = versionFailures(declared, version);
  if (failure !== undefined) throw invalid(failure.message);
}

/** What the package must say of its version, as far as its own words and the configuration tell. */
function rulingOf(
  planned: PlannedPackage,
  { declared, isAsked, group }: Known,
): Ruling {
  const isFirst = planned.reason === "first-release" || planned.previous === null;
  const previous = isFirst ? null : planned.previous;
  if (group !== undefined) return rulingInGroup(planned, { isAsked, group, previous });
  const raised = isAsked ? planned.bump : planned.bump ?? "patch";
  const bump = previous === null ? null : raised;
  const given = isAsked ? planned.version : declared.pkg.firstVersion;
  const isKnownFirst = isFirst && (planned.reason === "changed" || planned.reason === "dependency");
  return {
    version: previous === null || bump === null ? given : bumpVersion(previous, bump),
    bump,
    previous,
    reason: isAsked ? "requested" : isKnownFirst ? "first-release" : planned.reason,
  };
}

function checkLeftOut({ name, previous, reason }: LeftOut, isAsked: boolean): void {
  if (previous !== null) requireVersion(name, { key: "previous", version: previous });
  const fitting: readonly LeftOut["reason"][] = [
    ...(previous === null ? [] : ["released"] as const),
    ...(isAsked ? ["not-requested"] as const : ["skipped"] as const),
    ...(isAsked || previous === null ? [] : ["unchanged"] as const),
  ];
  if (fitting.includes(reason)) return;
  throw invalid(
    `${called(name)} cannot be left out as ${quote(reason)} there, only as ${fitting.join(" or ")}`,
  );
}

function requireVersion(
  name: string,
  { key, version }: { readonly key: string; readonly version: string },
): void {
  if (isVersion(version)) return;
  throw invalid(`${key} ${quote(version)} of ${called(name)} is no semantic version`);
}

/** What the plan has to say, whether its file still says it or not. */
function warningsOf({ packages, left_out }: Plan, config: Config): readonly string[] {
  const graph = makeGraph(config.packages);
  const left = new Map(left_out.map(({ name, reason }) => [name, reason]));
  return packages.flatMap((planned) => [
    ...leftBehind(graph, planned.name, (name) => left.get(name) === "not-requested"),
    ...belowLast(planned),
  ]);
}

function differs(name: string, { path, given, expected }: Difference): Failure {
  return invalid(`${path} of ${called(name)} is ${shown(given)}, and has to be ${shown(expected)}`);
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
