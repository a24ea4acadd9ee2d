/**
 * Why one package ships, or why it does not: the whole chain, from a file to its glob to the packages in between, and the
 * same in words.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { type CountedTrailer, countTrailers } from "../plan/bump.ts";
import { type Decision, type Decisions, pulls, skippedNames } from "../plan/decide.ts";
import { type ExplainedLockstep, explainLockstep } from "./explain_lockstep.ts";
import type { Facts } from "../model/facts.ts";
import { reach } from "../model/graph.ts";
import type { Bump, LeftOut, Plan, PlannedPackage, Reason } from "../model/plan.ts";
import { didYouMean, quote } from "../words/phrases.ts";
import { trailerLines } from "./version_lines.ts";
import { LEFT_OUT_CLAUSES, REASON_CLAUSES } from "./why.ts";

/** What a package ships for, when it is not a trailer, a request or its first release. */
export type Cause =
  | {
    readonly kind: "file";
    /** A file that changed since a last release; of all that matter, the first by its name. */
    readonly file: string;
    /** The package since whose last release it changed: this one, or one on the path that pulls it in. */
    readonly since: string;
    /** The glob that it matches. */
    readonly glob: string;
    /** From the package to the glob's owner along `depends_on`; the package alone when the glob is its own. */
    readonly path: readonly string[];
  }
  | {
    readonly kind: "package";
    /** Why the last package of the path ships, or that this commit has released it already. */
    readonly reason: Exclude<Reason, "dependency"> | "released";
    /** From the package to the one that pulls it along `depends_on`. */
    readonly path: readonly string[];
  };

/** The whole answer. */
export interface Explanation {
  readonly name: string;
  readonly reason: Reason | LeftOut["reason"];
  /** Its entry in the plan; null when it does not ship. */
  readonly planned:
    | Pick<PlannedPackage, "version" | "previous" | "bump" | "tag">
    | null;
  /** The last release before this commit, or at it; null when there is none. */
  readonly last: { readonly version: string; readonly tag: string; readonly commit: string } | null;
  /** HEAD's trailer, when there is one; null otherwise. */
  readonly trailer: string | null;
  readonly cause: Cause | null;
  /** The group that it is in lockstep with; null for a package that stands alone. */
  readonly lockstep: ExplainedLockstep | null;
  /** What `--release` asks to raise, whatever the trailers say; null otherwise. */
  readonly asked: Bump | null;
  /** The trailers that its version follows, newest first. */
  readonly trailers: readonly CountedTrailer[];
}

/** A plan, and what it was made of. */
export interface ExplainedPlan {
  readonly plan: Plan;
  readonly facts: Facts;
  readonly decisions: Decisions;
}

/** Explains one package of a plan. Throws `PIOT_USAGE` for a name that is not declared. */
export function explainPackage(
  name: string,
  { plan, facts, decisions }: ExplainedPlan,
): Explanation {
  const decision = decisions.byName.get(name);
  if (decision === undefined) throw unknownName(name, [...decisions.byName.keys()]);
  const planned = plan.packages.find((pkg) => pkg.name === name);
  const { last } = decisions.releases.get(name)!;
  return {
    name,
    reason: decision.reason,
    planned: planned === undefined ? null : {
      version: planned.version,
      previous: planned.previous,
      bump: planned.bump,
      tag: planned.tag,
    },
    last: last === undefined
      ? null
      : { version: last.version, tag: last.tag.name, commit: last.tag.commit },
    trailer: decisions.trailer?.line ?? null,
    cause: causeOf(name, decision, decisions),
    lockstep: explainLockstep(name, { facts, decisions }),
    asked: decisions.requests?.get(name)?.bump ?? null,
    trailers: countTrailers(facts, decisions).byName.get(name) ?? [],
  };
}

function unknownName(name: string, known: readonly string[]): Failure {
  return new Failure(
    "PIOT_USAGE",
    `Cannot explain ${JSON.stringify(name)}: no such package is declared`,
    { hint: [...didYouMean(name, known), `Declared packages: ${known.join(", ")}`].join(" ") },
  );
}

function causeOf(name: string, decision: Decision, decisions: Decisions): Cause | null {
  if (decision.reason !== "changed" && decision.reason !== "dependency") return null;
  const below = reach(decisions.graph.dependencies, [name]);
  const names = decision.reason === "changed" ? [name] : [...below.keys()].slice(1);
  const pathTo = (end: string): readonly string[] => wayBack(below, end);
  return fileCause(name, names, { decisions, pathTo }) ??
    packageCause(names, { decisions, pathTo });
}

interface Way {
  readonly decisions: Decisions;
  readonly pathTo: (end: string) => readonly string[];
}

/** The nearest package with a file that changed. One that HEAD's trailer skips pulls nobody in. */
function fileCause(name: string, names: readonly string[], way: Way): Cause | null {
  const { trailer, releases, touches } = way.decisions;
  const skipped = skippedNames(trailer);
  const changed = touches.get(releases.get(name)!.last!.tag.commit);
  for (const owner of names) {
    const touch = changed?.get(owner);
    if (touch === undefined || skipped.has(owner)) continue;
    return { kind: "file", since: name, ...touch, path: way.pathTo(owner) };
  }
  return null;
}

/** The nearest package that ships, or shipped at this commit; when that one is pulled in itself, by what pulls it. */
function packageCause(names: readonly string[], way: Way): Cause | null {
  const skipped = skippedNames(way.decisions.trailer);
  for (const owner of names) {
    const decision = way.decisions.byName.get(owner)!;
    const reason = pullReason(decision, { name: owner, skipped });
    if (reason === undefined) continue;
    const path = way.pathTo(owner);
    if (reason !== "dependency") return { kind: "package", reason, path };
    const cause = causeOf(owner, decision, way.decisions);
    return cause === null ? null : { ...cause, path: [...path, ...cause.path.slice(1)] };
  }
  return null;
}

/** Why a package pulls others in; undefined when it does not. */
function pullReason(
  decision: Decision,
  owner: Parameters<typeof pulls>[1],
): Reason | "released" | undefined {
  if (!pulls(decision, owner)) return undefined;
  return decision.ships ? decision.reason : "released";
}

function wayBack(from: ReadonlyMap<string, string | undefined>, end: string): readonly string[] {
  const path: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = from.get(at)) path.unshift(at);
  return path;
}

const PULLS: Readonly<Record<(Cause & { kind: "package" })["reason"], string>> = {
  "requested": "which --release names",
  "trailer": "which HEAD's trailer names",
  "first-release": "which was never released",
  "changed": "which has changed",
  "released": "which this commit has released already",
  "lockstep": "which is in lockstep with a package that ships",
};

/** Writes an explanation, a line for each step; ends with a newline. */
export function explanationText(explanation: Explanation): string {
  const lines = [
    headline(explanation),
    ...reasonLines(explanation),
    lastLine(explanation),
    ...trailerLines(explanation),
  ];
  return `${lines.join("\n")}\n`;
}

function headline({ name, planned }: Explanation): string {
  if (planned === null) return `${name} does not ship`;
  const from = planned.previous === null ? "" : `, after ${planned.previous}`;
  return `${name} ships at ${planned.version}${from} (tag ${planned.tag})`;
}

function reasonLines({ reason, cause, trailer, lockstep }: Explanation): readonly string[] {
  if (reason === "lockstep") {
    const { word, drawnBy } = lockstep!;
    return [`  because it is in lockstep ${quote(word)} with ${drawnBy.join(", ")}`];
  }
  if (cause?.kind === "file") {
    const owner = cause.path.at(-1)!;
    const whose = cause.since === cause.path[0]
      ? "its last release"
      : `the last release of ${cause.since}`;
    return [
      `  because ${quote(cause.file)} changed since ${whose}`,
      `  and matches the glob ${quote(cause.glob)} of ${owner}`,
      ...pathLines(cause.path),
    ];
  }
  if (cause?.kind === "package") {
    return [`  because of ${cause.path.at(-1)!}, ${PULLS[cause.reason]}`, ...pathLines(cause.path)];
  }
  const words: Readonly<Record<string, string>> = { ...REASON_CLAUSES, ...LEFT_OUT_CLAUSES };
  const quoted = reason === "trailer" || reason === "skipped" ? `: ${quote(trailer ?? "")}` : "";
  return [`  because ${words[reason]}${quoted}`];
}

function pathLines(path: readonly string[]): readonly string[] {
  return path.length === 1 ? [] : [`  which it depends on: ${path.join(" → ")}`];
}

function lastLine({ last }: Explanation): string {
  return last === null
    ? "  last release: none"
    : `  last release: ${last.version} (tag ${last.tag}, commit ${last.commit.slice(0, 12)})`;
}
