/**
 * A plan for a folder without history: exactly the versions that somebody spelled out.
 *
 * @module
 */

import { combineFailures, Failure } from "../../error.ts";
import { rulesOf } from "../model/kind.ts";
import { makeGraph } from "../model/graph.ts";
import { type Declared, matrixRows, planPackage, versionFailures } from "./planned_package.ts";
import type { Config } from "../model/config.ts";
import type { Plan, PlannedPackage } from "../model/plan.ts";
import { leftBehind } from "./plan_warnings.ts";
import type { ReleaseRequest } from "../model/facts.ts";
import { judgeRequests } from "../request/resolve_requests.ts";

/**
 * Plans outside a git work tree, where nothing tells what was released before: `head` and every `previous` are null.
 * Throws `PIOT_NOT_A_REPOSITORY` when nothing was asked for by name, or something without its version, and whatever is
 * wrong with the requests.
 */
export function planWithoutGit(config: Config, requests?: readonly ReleaseRequest[]): Plan {
  if (requests === undefined) throw needsGit("a release");
  const { byName, failures } = judgeRequests({ config, tags: [], requests });
  const named = config.packages.filter(({ name }) => byName.has(name))
    .map((pkg) => ({ pkg, rules: rulesOf(config.kinds, pkg) }));
  const versions = new Map(named.map(({ pkg: { name } }) => [name, byName.get(name)!.version]));
  const problems = [
    ...failures,
    ...named.flatMap((declared) => problemsOf(declared, versions.get(declared.pkg.name))),
  ];
  if (problems.length > 0) throw combineFailures(problems);
  const packages = named.map((declared) => planNamed(declared, versions.get(declared.pkg.name)!));
  const rows = named.flatMap((declared, at) => matrixRows(declared, packages[at]!));
  const rest = config.packages.filter(({ name }) => !byName.has(name));
  const graph = makeGraph(config.packages);
  return {
    schema: 1,
    head: null,
    packages,
    left_out: rest.map(({ name }) => ({ name, previous: null, reason: "not-requested" })),
    warnings: named.flatMap(({ pkg: { name } }) =>
      leftBehind(graph, name, (dependent) => !byName.has(dependent))
    ),
    matrix: rows,
  };
}

function problemsOf(declared: Declared, version: string | undefined): readonly Failure[] {
  return version === undefined ? [needsGit(declared.pkg.name)] : versionFailures(declared, version);
}

function planNamed(declared: Declared, version: string): PlannedPackage {
  return planPackage(declared, { version, bump: null, previous: null, reason: "requested" });
}

function needsGit(what: string): Failure {
  return new Failure(
    "PIOT_NOT_A_REPOSITORY",
    `Cannot plan ${what}: outside a git work tree there are no tags to count from`,
    { hint: "Run it in a clone, or publish with `--release NAME@VERSION` or `--plan FILE`" },
  );
}
