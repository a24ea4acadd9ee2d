/**
 * Stage 5, the only one that writes: in dependency order, independent packages side by side. What is absent of a release
 * is sent, then it is tagged and announced. A failure blocks what depends on it; everything else goes on.
 *
 * @module
 */

import { makeGraph, reach } from "../../core/model/graph.ts";
import { Failure } from "../../error.ts";
import type { Outcome } from "../../report/outcome.ts";
import { openAnnouncing } from "./announce.ts";
import { type Conclusion, type Ending, releasePackage } from "./release_package.ts";
import { type Ready, type Run, tellOutcome } from "./run.ts";
import type { TagRelease } from "./tag_releases.ts";

/** How one release ended, told. */
type Turn = Pick<Ending, "isAvailable"> & { readonly outcome: Outcome };

/** Uploads, tags and announces; gives an outcome for every release, in the plan's order. Throws only for our bugs. */
export async function uploadStage(
  run: Run,
  ready: readonly Ready[],
  tag: TagRelease | undefined,
): Promise<readonly Outcome[]> {
  run.emit({ type: "stage", stage: "upload" });
  const conclusion = { tag, announce: run.repository && openAnnouncing(run, run.repository) };
  const waitsFor = dependenciesAmong(run, ready);
  const turns = new Map<string, Promise<Turn>>();
  const byName = new Map(ready.map((entry) => [entry.release.package.name, entry]));

  // Each release awaits the turns of those it depends on; the graph has no cycle, so this ends.
  function turnOf(name: string): Promise<Turn> {
    const turn = turns.get(name) ?? takeTurn(byName.get(name)!, waitsFor.get(name) ?? []);
    turns.set(name, turn);
    return turn;
  }

  async function takeTurn(entry: Ready, names: readonly string[]): Promise<Turn> {
    const before = await Promise.all(names.map(turnOf));
    const by = names.filter((_, index) => !before[index]!.isAvailable);
    const gate = run.gates[entry.release.package.kind];
    const { detail, isAvailable, readBack, githubRelease }: Ending = by.length > 0
      ? { detail: { status: "blocked", by }, isAvailable: false }
      : await gate(() => endOf(run, entry, conclusion));
    const { authorisation, next } = entry;
    const isThere = ["published", "healed", "skipped"].includes(detail.status);
    const more = isThere && next !== undefined ? { next } : {};
    const proof = { ...(authorisation && { authorisation }), ...(readBack && { readBack }) };
    const announced = githubRelease && { githubRelease };
    const outcome = tellOutcome(run, entry.release, { ...detail, ...proof, ...more, ...announced });
    return { outcome, isAvailable };
  }

  // A bug of ours in one turn does not leave the others in mid-air.
  const all = await Promise.allSettled([...byName.keys()].map(turnOf));
  return all.map((turn) => {
    if (turn.status === "rejected") throw turn.reason;
    return turn.value.outcome;
  });
}

/** Per release the others of this run that it depends on, directly or not. */
function dependenciesAmong(
  run: Run,
  ready: readonly Ready[],
): ReadonlyMap<string, readonly string[]> {
  const { dependencies } = makeGraph(run.packages);
  const names = new Set(ready.map(({ release }) => release.package.name));
  return new Map([...names].map((name) => {
    const reached = reach(dependencies, [name]);
    return [name, [...reached.keys()].filter((other) => other !== name && names.has(other))];
  }));
}

/** Releases one package. A `Failure` is its ending. Throws only for our bugs. */
async function endOf(run: Run, ready: Ready, conclusion: Conclusion): Promise<Ending> {
  try {
    return await releasePackage(run, ready, conclusion);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { detail: { status: "failed", failure: error }, isAvailable: false };
  }
}
