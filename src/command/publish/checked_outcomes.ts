/**
 * The end of a run that uploads nothing: a dry run, or a pull request.
 *
 * @module
 */

import type { Outcome, OutcomeDetail } from "../../report/outcome.ts";
import { type Ready, type Run, tellOutcome } from "./run.ts";

/** An outcome for every release that passed the checks, or did not. */
export function checkedOutcomes(run: Run, ready: readonly Ready[]): readonly Outcome[] {
  return ready.map(({ release, verdict }) => tellOutcome(run, release, detailOf(verdict)));
}

function detailOf(verdict: Ready["verdict"]): OutcomeDetail {
  return verdict.to === "refuse"
    ? { status: "failed", failure: verdict.failure }
    : { status: "checked", absent: verdict.absent.length };
}
