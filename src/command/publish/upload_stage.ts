/**
 * Stage 5, the only one that writes: in dependency order, independent packages side by side. A failure blocks what
 * depends on it; everything else goes on.
 *
 * @module
 */

import { makeGraph, reach } from "../../core/model/graph.ts";
import type { Tagging } from "../../host/git_tags.ts";
import type { Outcome } from "../../report/outcome.ts";
import { openAnnouncing } from "./announce.ts";
import type { Concluding } from "./conclude.ts";
import { openGates } from "./gates.ts";
import { type Ending, releaseOne } from "./release_one.ts";
import { type Ready, type Run, tellOutcome } from "./run.ts";

/** What became of one release, and whether those that depend on it may go out. */
type Told = Pick<Ending, "isAvailable"> & { readonly outcome: Outcome };

/** Uploads, tags and announces; gives an outcome for every release, in the plan's order. Throws only for our bugs. */
export async function uploadStage(
  run: Run,
  ready: readonly Ready[],
  tagging: Tagging | undefined,
): Promise<readonly Outcome[]> {
  run.emit({ type: "stage", stage: "upload" });
  const gates = openGates();
  const announce = run.repository && openAnnouncing(run, run.repository);
  const concluding: Concluding = { tagging, announce };
  const waitsFor = dependenciesAmong(run, ready);
  const byName = new Map(ready.map((one) => [one.release.package.name, one]));
  const turns = new Map<string, Promise<Told>>();

  // Each release awaits the turns of those it depends on; the graph has no cycle, so this ends.
  function turnOf(name: string): Promise<Told> {
    const turn = turns.get(name) ?? takeTurn(byName.get(name)!, waitsFor.get(name) ?? []);
    turns.set(name, turn);
    return turn;
  }

  async function takeTurn(one: Ready, names: readonly string[]): Promise<Told> {
    const before = await Promise.all(names.map(turnOf));
    const by = names.filter((_, index) => !before[index]!.isAvailable);
    const { detail, isAvailable }: Ending = by.length > 0
      ? { detail: { status: "blocked", by }, isAvailable: false }
      : await gates[one.release.package.kind](() => releaseOne(run, one, concluding));
    return { outcome: tellOutcome(run, one.release, detail), isAvailable };
  }

  const all = await Promise.all(ready.map((one) => turnOf(one.release.package.name)));
  return all.map(({ outcome }) => outcome);
}

/** Per release the others of this run that it depends on, directly or not. */
function dependenciesAmong(
  run: Run,
  ready: readonly Ready[],
): ReadonlyMap<string, readonly string[]> {
  const { dependencies } = makeGraph(run.packages);
  const names = new Set(ready.map((one) => one.release.package.name));
  return new Map([...names].map((name) => {
    const reached = reach(dependencies, [name]);
    return [name, [...reached.keys()].filter((other) => other !== name && names.has(other))];
  }));
}
