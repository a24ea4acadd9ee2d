/**
 * Stage 5, the only one that writes: in dependency order, independent packages side by side. A failure blocks what
 * depends on it; everything else goes on.
 *
 * @module
 */

import pLimit from "p-limit";
import { makeGraph, reach } from "../../core/graph.ts";
import type { Kind } from "../../core/package.ts";
import { Failure } from "../../error.ts";
import type { Outcome, OutcomeDetail } from "../../report/outcome.ts";
import { SIDE_BY_SIDE } from "../create_registries.ts";
import { conclude, type Concluding } from "./conclude.ts";
import { type Ready, refOf, type Run } from "./run.ts";
import { awaitArrival, sendFiles } from "./send_files.ts";

/** How one release ended, and whether those that depend on it may go out. */
interface Ending {
  readonly detail: OutcomeDetail;
  readonly isAvailable: boolean;
}

/** What the stage needs besides the run. */
export interface UploadOptions extends Concluding, OutcomeParts {}

/** What an outcome tells besides what became of the release. */
export interface OutcomeParts extends Pick<Concluding, "tagging"> {
  readonly pageOf: (ready: Ready) => string;
}

/** Uploads, tags and announces; gives an outcome for every release, in the plan's order. Throws only for our bugs. */
export async function uploadStage(
  run: Run,
  ready: readonly Ready[],
  options: UploadOptions,
): Promise<readonly Outcome[]> {
  run.emit({ type: "stage", stage: "upload" });
  const gates: Record<Kind, ReturnType<typeof pLimit>> = {
    crates: pLimit(SIDE_BY_SIDE.crates),
    pypi: pLimit(SIDE_BY_SIDE.pypi),
    npm: pLimit(SIDE_BY_SIDE.npm),
  };
  const waitsFor = dependenciesAmong(run, ready);
  const byName = new Map(ready.map((one) => [one.release.package.name, one]));
  const endings = new Map<string, Promise<Ending>>();

  // Each release awaits the endings of those it depends on; the graph has no cycle, so this ends.
  function endingOf(name: string): Promise<Ending> {
    const known = endings.get(name);
    if (known !== undefined) return known;
    const ending = begin(name);
    endings.set(name, ending);
    return ending;
  }

  async function begin(name: string): Promise<Ending> {
    const one = byName.get(name)!;
    const names = waitsFor.get(name) ?? [];
    const before = await Promise.all(names.map(endingOf));
    const by = names.filter((_, index) => !before[index]!.isAvailable);
    const ending = by.length > 0
      ? { detail: { status: "blocked", by }, isAvailable: false } as const
      : await gates[one.release.package.kind](() => finish(run, one, options));
    run.emit({ type: "outcome", outcome: outcomeOf(one, { detail: ending.detail, options }) });
    return ending;
  }

  const all = await Promise.all(ready.map((one) => endingOf(one.release.package.name)));
  return ready.map((one, index) => outcomeOf(one, { detail: all[index]!.detail, options }));
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

/** An outcome of one release. */
export function outcomeOf(
  one: Ready,
  { detail, options }: { readonly detail: OutcomeDetail; readonly options: OutcomeParts },
): Outcome {
  const tag = options.tagging === undefined ? null : one.release.tag;
  return { ...refOf(one.release), tag, registryUrl: options.pageOf(one), ...detail };
}

async function finish(run: Run, ready: Ready, options: UploadOptions): Promise<Ending> {
  if (run.host.signal.aborted) return { detail: { status: "blocked", by: [] }, isAvailable: false };
  try {
    return await release(run, ready, options);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { detail: { status: "failed", failure: error }, isAvailable: false };
  }
}

async function release(run: Run, ready: Ready, options: UploadOptions): Promise<Ending> {
  const { verdict, credential } = ready;
  if (verdict.to === "refuse") throw verdict.failure;
  const { absent } = verdict;
  if (absent.length > 0) {
    if (credential === undefined) {
      throw new Error("unreachable: something to upload and no credential");
    }
    const staged = await sendFiles(run, ready, { absent, credential });
    // Not tagged before it is approved: the run that finds it published does that.
    if (staged.length > 0) {
      return { detail: { status: "staged", approval: staged.join("; ") }, isAvailable: false };
    }
  }
  const isAvailable = absent.length === 0 || await awaitArrival(run, ready, absent);
  if (!isAvailable) {
    run.emit({ type: "warning", release: refOf(ready.release), message: unseen(ready) });
  }
  const made = await conclude(run, ready.release, options);
  return { detail: detailOf(absent.length > 0, made), isAvailable };
}

/** Accepted is published: what a registry shows late is no failure, but nothing that needs it may go out. */
function unseen({ release }: Ready): string {
  return `${release.package.name} ${release.version} was accepted, and the registry does not show it yet; ` +
    "packages that depend on it wait for another run";
}

function detailOf(hasUploaded: boolean, made: readonly string[]): OutcomeDetail {
  if (hasUploaded) return { status: "published" };
  return made.length > 0 ? { status: "healed", made } : { status: "skipped" };
}
