/**
 * A plan for a folder without history: exactly the versions that somebody spelled out.
 *
 * @module
 */

import { combineFailures, Failure } from "../../error.ts";
import { makeGraph } from "../model/graph.ts";
import { matrixRows } from "./matrix.ts";
import type { Config, Package } from "../model/package.ts";
import type { Plan, PlannedPackage } from "../model/plan.ts";
import { planPackage, versionFailures } from "./plan_package.ts";
import { leftBehind } from "./plan_warnings.ts";
import type { ReleaseRequest } from "../model/facts.ts";
import { judgeRequests } from "./requests.ts";

/**
 * Plans outside a git work tree, where nothing tells what was released before: `head` and every `previous` are null.
 * Throws `PIOT_NOT_A_REPOSITORY` when nothing was asked for by name, or something without its version, and whatever is
 * wrong with the requests.
 */
export function planWithoutGit(config: Config, requests?: readonly ReleaseRequest[]): Plan {
  if (requests === undefined) throw needsGit("a release");
  const { byName, failures } = judgeRequests({ config, tags: [], requests });
  const named = config.packages.filter(({ name }) => byName.has(name));
  const versions = new Map(named.map(({ name }) => [name, byName.get(name)!.version]));
  const problems = [
    ...failures,
    ...named.flatMap((one) => problemsOf(one, versions.get(one.name))),
  ];
  if (problems.length > 0) throw combineFailures(problems);
  const packages = named.map((one) => planNamed(one, versions.get(one.name)!));
  const rows = named.flatMap((one, at) => matrixRows(one, packages[at]!));
  const rest = config.packages.filter(({ name }) => !byName.has(name));
  const graph = makeGraph(config.packages);
  return {
    schema: 1,
    head: null,
    packages,
    left_out: rest.map(({ name }) => ({ name, previous: null, reason: "not-requested" })),
    warnings: named.flatMap(({ name }) => leftBehind(graph, name, (one) => !byName.has(one))),
    matrix: rows,
  };
}

function problemsOf(one: Package, version: string | undefined): readonly Failure[] {
  return version === undefined ? [needsGit(one.name)] : versionFailures(one, version);
}

function planNamed(one: Package, version: string): PlannedPackage {
  return planPackage(one, { version, bump: null, previous: null, reason: "requested" });
}

function needsGit(what: string): Failure {
  return new Failure(
    "PIOT_NOT_A_REPOSITORY",
    `Cannot plan ${what}: outside a git work tree there are no tags to count from`,
    { hint: "Run it in a clone, or publish with `--release NAME@VERSION` or `--plan FILE`" },
  );
}
