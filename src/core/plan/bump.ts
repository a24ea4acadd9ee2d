/**
 * How far each version is raised: by HEAD's trailer, and by those of earlier commits that no release has taken up yet.
 *
 * @module
 */

import { attribution } from "./last_release.ts";
import type { Decisions } from "./decide.ts";
import type { Facts, HistoryFact } from "../model/facts.ts";
import { reach } from "../model/graph.ts";
import { oddLineWarning, unknownNames } from "../request/head_trailer.ts";
import { readCommit, type Trailer } from "../request/trailer.ts";
import type { Bump } from "../model/plan.ts";
import { quote } from "../words/phrases.ts";
import { largerBump } from "../model/version.ts";

/** A trailer that a package's version follows. */
export interface CountedTrailer {
  /** The commit's full object id. */
  readonly commit: string;
  /** The trailer's line. */
  readonly line: string;
  readonly bump: Bump;
  /** `named`: it names the package. `head`: it is HEAD's and for all. `touched`: its commit touches the package or one below it. */
  readonly because: "named" | "head" | "touched";
}

/** By package, the trailers that count for it, newest first; and sentences about those that could not be followed. */
export interface CountedTrailers {
  readonly byName: ReadonlyMap<string, readonly CountedTrailer[]>;
  readonly warnings: readonly string[];
}

/**
 * The packages whose version follows trailers, by the commit of their last release: those that ship at a version which
 * is neither their first nor spelled out.
 */
export function followers(decisions: Decisions): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const [name, decision] of decisions.byName) {
    const commit = decisions.releases.get(name)!.last?.tag.commit;
    const request = decisions.requests?.get(name);
    if (!decision.ships || commit === undefined) continue;
    if (request?.version !== undefined || request?.bump !== undefined) continue;
    const known = names.get(commit);
    if (known === undefined) names.set(commit, [name]);
    else known.push(name);
  }
  return names;
}

/** Finds the trailers that count. */
export function countTrailers(facts: Facts, decisions: Decisions): CountedTrailers {
  const windows = windowsOf(facts, decisions);
  const deepest = [...windows.values()].reduce((a, b) => Math.max(a, b), 0);
  const known = new Set(decisions.byName.keys());
  const readings = facts.history.filter(({ depth }) => depth > 0 && depth < deepest)
    .sort((a, b) => a.depth - b.depth)
    .map((commit) => readEarlier(commit, known));
  const touched = touchReach(facts, decisions);
  const byName = new Map<string, CountedTrailer[]>();
  for (const { commit, trailer } of [headReading(facts, decisions), ...readings]) {
    if (trailer === undefined || trailer.word === "skip") continue;
    const because = trailer.names !== undefined ? "named" : commit.depth === 0 ? "head" : "touched";
    const names = because === "head" ? windows.keys() : trailer.names ?? touched(commit);
    const counted = { commit: commit.id, line: trailer.line, bump: trailer.word, because } as const;
    for (const name of names) {
      if ((windows.get(name) ?? 0) <= commit.depth) continue;
      byName.set(name, [...byName.get(name) ?? [], counted]);
    }
  }
  return { byName, warnings: readings.flatMap(({ warnings }) => warnings) };
}

/** By package, how many first-parent commits came after its last release. */
function windowsOf(facts: Facts, decisions: Decisions): ReadonlyMap<string, number> {
  return new Map([...followers(decisions)].flatMap(([commit, names]) => {
    const since = facts.since.get(commit);
    if (since === undefined) throw new Error(`unreachable: no facts about what follows ${commit}`);
    return names.map((name) => [name, since] as const);
  }));
}

interface Reading {
  readonly commit: HistoryFact;
  readonly trailer: Trailer | undefined;
  readonly warnings: readonly string[];
}

function headReading(facts: Facts, decisions: Decisions): Reading {
  const commit = { ...facts.head, depth: 0, files: [] };
  return { commit, trailer: decisions.trailer, warnings: [] };
}

function readEarlier(commit: HistoryFact, known: ReadonlySet<string>): Reading {
  const { trailer, odd } = readCommit(commit);
  const where = commit.id.slice(0, 12);
  const strangers = unknownNames(trailer, known);
  const warnings = [
    ...odd.map((line) => oddLineWarning(where, line)),
    ...strangers.map((name) =>
      `The trailer ${quote(trailer!.line)} of ${where} names ${quote(name)}, which is not declared`
    ),
  ];
  return { commit, trailer, warnings };
}

/** Finds the packages that a commit touches, and those that depend on them. */
function touchReach(facts: Facts, decisions: Decisions): (commit: HistoryFact) => string[] {
  const attribute = attribution(facts.config);
  return ({ files }) => [...reach(decisions.graph.dependents, attribute(files).keys()).keys()];
}

/** The largest of some trailers' bumps; a patch when there is none. */
export function largestBump(trailers: readonly Pick<CountedTrailer, "bump">[]): Bump {
  return trailers.reduce<Bump>((largest, { bump }) => largerBump(largest, bump), "patch");
}
