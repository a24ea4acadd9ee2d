/**
 * Which packages ship, and why: everything of a plan but the versions.
 *
 * @module
 */

import type { Failure } from "../../error.ts";
import { type Touches, touchesByCommit } from "./changes.ts";
import type { ReleaseRequest, Standing } from "../model/facts.ts";
import { dependencyOrder, type Graph, makeGraph, reach } from "../model/graph.ts";
import { judgeHead } from "./head_trailer.ts";
import { releaseHistories, type ReleaseHistory } from "./last_release.ts";
import type { Package } from "../model/package.ts";
import type { LeftOut, Reason } from "../model/plan.ts";
import { judgeRequests } from "./requests.ts";
import type { Trailer } from "../request/trailer.ts";

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
  /** HEAD's. */
  readonly trailer: Trailer | undefined;
  /** By name; undefined when no release was asked for. */
  readonly requests: ReadonlyMap<string, ReleaseRequest> | undefined;
  /** What makes a plan impossible. */
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
}

const decided = new WeakMap<Standing, Decisions>();

/**
 * Decides, once for each object: what is read of history depends on it, and then the plan does. Failures are handed back
 * rather than thrown, so that all of them can be reported together.
 */
export function decide(standing: Standing): Decisions {
  const known = decided.get(standing) ?? decideAnew(standing);
  decided.set(standing, known);
  return known;
}

function decideAnew(standing: Standing): Decisions {
  const { packages } = standing.config;
  const head = judgeHead(standing.head, packages.map(({ name }) => name));
  const asked = judgeRequests(standing);
  const scene: Scene = {
    standing,
    releases: releaseHistories(standing),
    touches: touchesByCommit(standing),
    graph: makeGraph(packages),
    trailer: head.trailer,
    requests: standing.requests === undefined ? undefined : asked.byName,
  };
  return {
    ...scene,
    byName: decideAll(scene),
    failures: [...head.failures, ...asked.failures],
    warnings: head.warnings,
  };
}

type Scene = Pick<Decisions, "releases" | "touches" | "graph" | "trailer" | "requests"> & {
  readonly standing: Standing;
};

function decideAll(scene: Scene): ReadonlyMap<string, Decision> {
  const { packages } = scene.standing.config;
  const affected = affectedByCommit(scene);
  const decisions = new Map<string, Decision>();
  // Packages whose release at this commit ships what depends on them, directly or through others.
  const pulling = new Set<string>();
  for (const one of dependencyOrder(packages)) {
    const pulled = one.dependsOn.some((name) => pulling.has(name));
    const decision = scene.requests === undefined
      ? decideOne(one, scene, (commit) => pulled || affected.get(commit)?.has(one.name) === true)
      : decideRequested(one, scene);
    decisions.set(one.name, decision);
    // A dependency that this commit released already pulls like one that it still releases: when the run stopped
    // between the two, running it again has to ship the dependent too, even where no file changed.
    if (pulled || decision.ships || decision.reason === "released") pulling.add(one.name);
  }
  return new Map(packages.map(({ name }) => [name, decisions.get(name)!]));
}

/** By the commit of a last release, whom the changes since then reach over `depends_on`. */
function affectedByCommit(scene: Scene): ReadonlyMap<string, ReadonlyMap<string, unknown>> {
  const skipped = skippedNames(scene.trailer);
  return new Map([...scene.touches].map(([commit, touches]) => {
    const starts = [...touches.keys()].filter((name) => !skipped.has(name));
    return [commit, reach(scene.graph.dependents, starts)];
  }));
}

function skippedNames(trailer: Trailer | undefined): ReadonlySet<string> {
  return new Set(trailer?.word === "skip" ? trailer.names : []);
}

function ships(reason: Reason): Decision {
  return { ships: true, reason };
}

function stays(reason: LeftOut["reason"]): Decision {
  return { ships: false, reason };
}

function decideOne(
  one: Package,
  scene: Scene,
  isReached: (commit: string) => boolean,
): Decision {
  const { trailer } = scene;
  const last = scene.releases.get(one.name)!.last?.tag.commit;
  const isNamed = trailer?.names?.includes(one.name) === true;
  if (last === scene.standing.head.id) return stays("released");
  if (trailer?.word === "skip" && (trailer.names === undefined || isNamed)) return stays("skipped");
  if (isNamed) return ships("trailer");
  if (last === undefined) return ships("first-release");
  if (scene.touches.get(last)?.has(one.name) === true) return ships("changed");
  return isReached(last) ? ships("dependency") : stays("unchanged");
}

function decideRequested(one: Package, scene: Scene): Decision {
  const request = scene.requests!.get(one.name);
  if (request === undefined) return stays("not-requested");
  // A version that is spelled out ships even where its tag stands on this very commit: other tools tag before anything is
  // published, and publishing what is there already is no work.
  const isReleased = request.version === undefined &&
    scene.releases.get(one.name)!.last?.tag.commit === scene.standing.head.id;
  return isReleased ? stays("released") : ships("requested");
}
