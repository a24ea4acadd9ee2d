/**
 * The plan, corrected by what the registries told: a release that belongs to an earlier commit is no release of this one.
 * What has changed since then is due at its next version, and what would go out beside the wrong one waits for that.
 *
 * @module
 */

import { makeGraph, reach } from "../../core/model/graph.ts";
import type { Plan } from "../../core/model/plan.ts";
import { someOf } from "../../core/words/phrases.ts";
import { Failure } from "../../error.ts";
import { type Judged, refOf, type Run } from "./run.ts";

/** Plans again as if the tags at earlier commits stood, and goes by that. Asks nothing where there is none. */
export async function correctPlan(
  run: Run,
  judged: readonly Judged[],
): Promise<readonly Judged[]> {
  const older = judged.filter(({ verdict, release }) =>
    verdict.to === "send" && release.commit !== undefined && release.commit !== run.plan.head
  );
  if (older.length === 0) return judged;
  const tagged = new Map(older.map(({ release: { tag, commit } }) => [tag, commit!]));
  const plan = await run.replan({ tagged }).catch((error: unknown) => {
    if (error instanceof Failure) return error;
    throw error;
  });
  const corrected = plan instanceof Failure
    ? refuse(judged, { older, failure: plan })
    : correct(run, judged, { older, plan });
  for (const { release, next } of corrected) {
    if (next === undefined) continue;
    const { name } = release.package;
    const message =
      `${name} has changed since ${release.commit}, which ${name} ${release.version} was made from: ` +
      `that ships as ${next.version} in the next run`;
    run.emit({ type: "warning", message, release: refOf(release) });
  }
  return corrected;
}

interface Correction {
  /** The releases that belong to earlier commits. */
  readonly older: readonly Judged[];
  /** The plan that is left once they are tagged there. */
  readonly plan: Plan;
}

/** Without a plan nobody can tell what else has changed: a tag at an earlier commit would be half of the truth. */
function refuse(
  judged: readonly Judged[],
  { older, failure }: Pick<Correction, "older"> & { readonly failure: Failure },
): readonly Judged[] {
  return judged.map((one) =>
    older.includes(one) ? { ...one, verdict: { to: "refuse", failure } } : one
  );
}

function correct(
  run: Run,
  judged: readonly Judged[],
  { older, plan }: Correction,
): readonly Judged[] {
  const due = new Map(plan.packages.map((planned) => [planned.name, planned]));
  const { dependencies } = makeGraph(run.packages);
  const olderNames = older.map(({ release }) => release.package.name);
  const pending = olderNames.filter((name) => due.has(name));
  return judged.map((one): Judged => {
    const { package: { name }, version } = one.release;
    const planned = due.get(name);
    if (older.includes(one)) {
      if (planned === undefined) return one;
      return { ...one, next: { version: planned.version, reason: planned.reason } };
    }
    // What is out at this commit, if only in part, is completed: it cannot be taken back.
    if (one.verdict.to !== "send" || one.verdict.absent.length < one.prepared.files.length) {
      return one;
    }
    const needed = pending.filter((other) => reach(dependencies, [name]).has(other));
    const isAsked = run.plan.packages.some((own) =>
      own.name === name && own.reason === "requested"
    );
    const isWrong = !isAsked && planned?.version !== version;
    const by = needed.length > 0 ? needed : isWrong ? olderNames : [];
    if (by.length === 0) return one;
    tellWait(run, one, { by, isWrong: needed.length === 0 });
    return { ...one, verdict: { to: "wait", by } };
  });
}

function tellWait(
  run: Run,
  { release }: Judged,
  { by, isWrong }: { readonly by: readonly string[]; readonly isWrong: boolean },
): void {
  const names = someOf(by, 5);
  const { package: { name }, version } = release;
  const message = isWrong
    ? `${name} ${version} is not sent: with ${names} tagged at an earlier commit, the plan of this one is another`
    : `${name} ${version} is not sent: it needs ${names}, and what has changed there ships in the next run`;
  run.emit({ type: "warning", message, release: refOf(release) });
}
