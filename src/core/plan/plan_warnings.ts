/**
 * What is odd about a plan without stopping it.
 *
 * @module
 */

import type { CountedTrailers } from "./bump.ts";
import type { Decisions } from "./decide.ts";
import type { Facts } from "../model/facts.ts";
import { type Graph, reach } from "../model/graph.ts";
import type { PlannedPackage } from "../model/plan.ts";
import { quote } from "../words/phrases.ts";
import { compareVersions, isPrerelease, nextPrerelease } from "../model/version.ts";

/** What the plan came to so far. */
export interface PlanDraft {
  readonly decisions: Decisions;
  readonly packages: readonly PlannedPackage[];
  readonly counted: CountedTrailers;
}

/** Every warning once, about the run first, then by package in the configuration's order. */
export function planWarnings(facts: Facts, draft: PlanDraft): readonly string[] {
  const planned = new Map(draft.packages.map((pkg) => [pkg.name, pkg]));
  const warnings = [
    ...skipWarnings(draft.decisions),
    ...draft.decisions.warnings,
    ...draft.counted.warnings,
    ...facts.config.packages.flatMap((pkg) => [
      ...astrayWarnings(pkg.name, draft.decisions),
      ...pkg.paths.filter((glob) => facts.emptyGlobs.has(glob)).map((glob) =>
        `The glob ${quote(glob)} of ${pkg.name} matches no file`
      ),
      ...requestWarnings(pkg.name, draft.decisions, planned.get(pkg.name)),
      ...stableWarnings(pkg.name, draft, planned.get(pkg.name)),
    ]),
  ];
  return [...new Set(warnings)];
}

function skipWarnings({ trailer, requests }: Decisions): readonly string[] {
  if (trailer?.word !== "skip") return [];
  if (requests !== undefined) {
    return [`HEAD's trailer ${quote(trailer.line)} is outweighed by --release`];
  }
  return trailer.names === undefined
    ? [`HEAD's trailer ${quote(trailer.line)} leaves every package out of this run`]
    : [];
}

function astrayWarnings(name: string, { releases }: Decisions): readonly string[] {
  const { last, astray } = releases.get(name)!;
  const [highest] = astray;
  if (highest === undefined) return [];
  const version = last === undefined ? "none" : last.version;
  const tag = quote(highest.tag.name);
  return [
    `The tag ${tag} does not belong to the history of this commit, so the last release of ${name} is ${version}`,
  ];
}

/** A stable version that follows from a pre-release alone: nobody said that it is finished. */
function stableWarnings(
  name: string,
  { decisions, counted }: PlanDraft,
  planned: PlannedPackage | undefined,
): readonly string[] {
  const request = decisions.requests?.get(name);
  if (planned === undefined || request?.bump !== undefined || request?.version !== undefined) {
    return [];
  }
  const { previous, version } = planned;
  if (previous === null || !isPrerelease(previous) || isPrerelease(version)) return [];
  if (counted.byName.has(name)) return [];
  return [
    `${name} ships at ${version}, the release that ${previous} led up to, although no trailer and no ` +
    `--release asks for it: to go on with pre-releases, run with --release ${name}@${
      nextPrerelease(previous)
    }`,
  ];
}

function requestWarnings(
  name: string,
  decisions: Decisions,
  planned: PlannedPackage | undefined,
): readonly string[] {
  const request = decisions.requests?.get(name);
  if (request === undefined || planned === undefined) return [];
  const { previous } = planned;
  return [
    ...leftBehind(decisions.graph, name, (dependent) => !decisions.requests!.has(dependent)),
    ...(previous === null && request.bump !== undefined ? [newAt(planned, decisions)] : []),
    ...belowLast(planned),
  ];
}

/** There was nothing that the wished bump could raise. */
function newAt(
  { name, version }: PlannedPackage,
  { companions, releases }: Decisions,
): string {
  const others = (companions.get(name) ?? []).filter((other) =>
    releases.get(other)?.last !== undefined
  );
  return `${name} was never released, so it ships at ${
    others.length === 0
      ? `its first version, ${version}`
      : `${version}, with what it is in lockstep with: ${others.join(", ")}`
  }`;
}

/** A warning when a package ships below its last release. */
export function belowLast(
  { name, version, previous }: Pick<PlannedPackage, "name" | "version" | "previous">,
): readonly string[] {
  if (previous === null || compareVersions(version, previous) >= 0) return [];
  return [`${name} ships at ${version}, below its last release, ${previous}`];
}

/** A warning when a package ships without packages that depend on it, directly or not. */
export function leftBehind(
  graph: Graph,
  name: string,
  isLeft: (name: string) => boolean,
): readonly string[] {
  const left = [...reach(graph.dependents, [name]).keys()].filter(isLeft);
  return left.length === 0 ? [] : [`${name} ships without what depends on it: ${left.join(", ")}`];
}
