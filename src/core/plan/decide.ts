/**
 * Which packages ship, and why: everything of a plan but the versions.
 *
 * @module
 */

import type { Failure } from "../../error.ts";
import {
  releaseHistories,
  type ReleaseHistory,
  type Touches,
  touchesByCommit,
} from "./last_release.ts";
import type { ReleaseRequest, Standing } from "../model/facts.ts";
import { dependencyOrder, type Graph, makeGraph, reach } from "../model/graph.ts";
import { type Companions, companionsOf, withCompanions } from "./lockstep.ts";
import { judgeHead } from "../request/head_trailer.ts";
import type { Trailer } from "../request/trailer.ts";
import type { Package } from "../model/package.ts";
import type { LeftOut, Reason } from "../model/plan.ts";
import { quote } from "../words/phrases.ts";
import { judgeRequests } from "../request/resolve_requests.ts";

/** What becomes of one package. */
export type Decision =
  | { readonly ships: true; readonly reason: Reason }
  | { readonly ships: false; readonly reason: LeftOut["reason"] };

/** What becomes of every package, and what it was decided from. */
export interface Decisions {
  /** By name, in the configuration's order. */
  readonly byName: ReadonlyMap<string, Decision>;
  readonly releases: ReadonlyMap<string, ReleaseHistory>;
  /** By the commit of a last release: what changed since then. */
  readonly touches: ReadonlyMap<string, Touches>;
  readonly graph: Graph;
  /** Who is in lockstep with whom. */
  readonly companions: Companions;
  /** HEAD's. What it skips by name is skipped with everybody in lockstep. */
  readonly trailer: Trailer | undefined;
  /** By name; undefined when no release was asked for. */
  readonly requests: ReadonlyMap<string, ReleaseRequest> | undefined;
  /** What makes a plan impossible. */
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
}

/**
 * Decides; `releases` is what {@link releaseHistories} tells of these facts. Failures are handed back rather than thrown,
 * so that all of them can be reported together.
 */
export function decide(
  standing: Standing,
  releases: ReadonlyMap<string, ReleaseHistory> = releaseHistories(standing),
): Decisions {
  const { config: { packages }, head: { id: head } } = standing;
  const said = judgeHead(standing.head, packages.map(({ name }) => name));
  const asked = judgeRequests(standing);
  const companions = companionsOf(packages);
  const skipped = skipTogether(said.trailer, companions);
  const grounds: Grounds = {
    releases,
    touches: touchesByCommit(standing),
    graph: makeGraph(packages),
    trailer: skipped.trailer,
    companions,
    requests: standing.requests === undefined ? undefined : asked.byName,
  };
  return {
    ...grounds,
    byName: decideAll(packages, { ...grounds, head }),
    failures: [...said.failures, ...asked.failures],
    // What is asked for by name outweighs it, and then nobody is left out.
    warnings: [...said.warnings, ...standing.requests === undefined ? skipped.warnings : []],
  };
}

/** What is known before anything is decided. */
type Grounds = Pick<
  Decisions,
  "releases" | "touches" | "graph" | "trailer" | "requests" | "companions"
>;

/** The same, with HEAD's object id. */
type GroundsAtHead = Grounds & { readonly head: string };

/** A trailer that skips a package skips the group that it is in lockstep with, or they would end at two versions. */
function skipTogether(
  trailer: Trailer | undefined,
  companions: Companions,
): Pick<Decisions, "trailer" | "warnings"> {
  if (trailer?.word !== "skip" || trailer.names === undefined) return { trailer, warnings: [] };
  const names = [...withCompanions(trailer.names, companions)];
  const others = names.filter((name) => !trailer.names!.includes(name));
  if (others.length === 0) return { trailer, warnings: [] };
  return {
    trailer: { ...trailer, names },
    warnings: [
      `HEAD's trailer ${quote(trailer.line)} leaves out what is in lockstep with them too: ${
        others.join(", ")
      }`,
    ],
  };
}

/** Decides until nobody more is drawn in by lockstep, who may draw in dependents, and those others in lockstep. */
function decideAll(
  packages: readonly Package[],
  known: GroundsAtHead,
): ReadonlyMap<string, Decision> {
  const skipped = skippedNames(known.trailer);
  const affected = affectedByCommit(known, skipped);
  const drawn = new Set<string>();
  for (;;) {
    const decisions = decideOnce(packages, { ...known, skipped, affected, drawn });
    const before = drawn.size;
    for (const [name, decision] of decisions) {
      if (!pulls(decision, { name, skipped })) continue;
      for (const other of known.companions.get(name)!) drawn.add(other);
    }
    if (drawn.size === before) return decisions;
  }
}

/** What one pass over the packages needs besides. */
interface Pass extends GroundsAtHead {
  readonly skipped: ReadonlySet<string>;
  readonly affected: ReturnType<typeof affectedByCommit>;
  /** Who is in lockstep with a package that ships, or shipped at this commit. */
  readonly drawn: ReadonlySet<string>;
}

function decideOnce(
  packages: readonly Package[],
  { skipped, affected, drawn, ...known }: Pass,
): ReadonlyMap<string, Decision> {
  const decisions = new Map<string, Decision>();
  // Packages whose release at this commit ships what depends on them, directly or through others.
  const pulling = new Set<string>();
  for (const pkg of dependencyOrder(packages)) {
    const { name, dependsOn } = pkg;
    const pulled = dependsOn.some((dependency) => pulling.has(dependency));
    const changed = (): Decision =>
      decideChanged(name, known, (commit) => pulled || affected.get(commit)?.has(name) === true);
    const alone = known.requests === undefined ? changed() : decideRequested(name, known);
    const decision = alone.reason === "unchanged" && drawn.has(name) ? ships("lockstep") : alone;
    decisions.set(name, decision);
    if (pulled || pulls(decision, { name, skipped })) pulling.add(name);
  }
  return new Map(packages.map(({ name }) => [name, decisions.get(name)!]));
}

/**
 * Whether a package's release at this commit ships what depends on it. One that this commit released already does like
 * one that it still releases: when the run stopped between the two, running it again has to ship the dependent too, even
 * where no file changed. What HEAD's trailer skips pulls nobody.
 */
export function pulls(
  decision: Decision,
  { name, skipped }: { readonly name: string; readonly skipped: ReadonlySet<string> },
): boolean {
  return decision.ships || (decision.reason === "released" && !skipped.has(name));
}

/** By the commit of a last release, whom the changes since then reach over `depends_on`. */
function affectedByCommit(
  { touches, graph }: Grounds,
  skipped: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlyMap<string, unknown>> {
  return new Map([...touches].map(([commit, touched]) => {
    const starts = [...touched.keys()].filter((name) => !skipped.has(name));
    return [commit, reach(graph.dependents, starts)];
  }));
}

/** The packages that HEAD's trailer skips by name. */
export function skippedNames(trailer: Trailer | undefined): ReadonlySet<string> {
  return new Set(trailer?.word === "skip" ? trailer.names : []);
}

function ships(reason: Reason): Decision {
  return { ships: true, reason };
}

function stays(reason: LeftOut["reason"]): Decision {
  return { ships: false, reason };
}

function decideChanged(
  name: string,
  { releases, touches, trailer, head }: GroundsAtHead,
  isReached: (commit: string) => boolean,
): Decision {
  const last = releases.get(name)!.last?.tag.commit;
  const isNamed = trailer?.names?.includes(name) === true;
  if (last === head) return stays("released");
  if (trailer?.word === "skip" && (trailer.names === undefined || isNamed)) return stays("skipped");
  if (isNamed) return ships("trailer");
  if (last === undefined) return ships("first-release");
  if (touches.get(last)?.has(name) === true) return ships("changed");
  return isReached(last) ? ships("dependency") : stays("unchanged");
}

function decideRequested(name: string, { releases, requests, head }: GroundsAtHead): Decision {
  const request = requests!.get(name);
  if (request === undefined) return stays("not-requested");
  // A version that is spelled out ships even where its tag stands on this very commit: other tools tag before anything is
  // published, and publishing what is there already is no work.
  const isReleased = request.version === undefined &&
    releases.get(name)!.last?.tag.commit === head;
  return isReleased ? stays("released") : ships("requested");
}
