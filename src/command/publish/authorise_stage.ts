/**
 * Stage 4: a credential for every package that has something to upload, proven as far as its registry allows. A run that
 * uploads nothing, a dry run or one of a pull request, ends with it.
 *
 * @module
 */

import { combineFailures, Failure } from "../../error.ts";
import type { Outcome, OutcomeDetail } from "../../report/outcome.ts";
import { beginStage, type Judged, type Ready, refOf, type Run, tellOutcome } from "./run.ts";

/**
 * Finds every credential, so that a missing one is known before the first upload. Throws one failure for all packages
 * without one; a pull request has no secrets, so there each becomes a warning.
 */
export async function authoriseStage(
  run: Run,
  judged: readonly Judged[],
): Promise<readonly Ready[]> {
  beginStage(run, "authorise");
  const settled = await Promise.allSettled(judged.map((release) => authorise(run, release)));
  run.host.signal.throwIfAborted();
  const failures: Failure[] = [];
  const ready = settled.map((result, index): Ready => {
    if (result.status === "fulfilled") return result.value;
    if (!(result.reason instanceof Failure)) throw result.reason;
    failures.push(result.reason);
    return { ...judged[index]!, credential: undefined };
  });
  // A token that is dead is one failure, which every package of its registry meets.
  const different = [...new Set(failures)];
  if (failures.length > 0 && run.mode !== "pull-request") throw combineFailures(different);
  for (const failure of different) {
    run.emit({
      type: "warning",
      message: failure.message,
      hint: "A pull request has no secrets: a release needs one",
    });
  }
  return ready;
}

async function authorise(run: Run, judged: Judged): Promise<Ready> {
  const { release, prepared, look, verdict } = judged;
  if (verdict.to === "refuse" || verdict.absent.length === 0) {
    return { ...judged, credential: undefined };
  }
  const { kind } = release.package;
  const credential = await run.gates[kind](() => {
    run.host.signal.throwIfAborted();
    return run.registries[kind].authorise(prepared, look);
  });
  run.emit({ type: "secret", secret: credential.secret });
  run.emit({
    type: "credential",
    release: refOf(release),
    kind: credential.kind,
    why: credential.why,
  });
  const { revoke } = credential;
  if (revoke !== undefined) run.defer(revoke);
  return { ...judged, credential };
}

/** An outcome for every release of a run that uploads nothing: it passed the checks, or did not. */
export function checkedOutcomes(run: Run, ready: readonly Ready[]): readonly Outcome[] {
  return ready.map(({ release, verdict }) => tellOutcome(run, release, detailOf(verdict)));
}

function detailOf(verdict: Ready["verdict"]): OutcomeDetail {
  return verdict.to === "refuse"
    ? { status: "failed", failure: verdict.failure }
    : { status: "checked", absent: verdict.absent.length };
}
