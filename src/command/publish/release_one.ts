/**
 * One release, once its turn has come: what is absent is sent, then it is tagged and announced.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { OutcomeDetail } from "../../report/outcome.ts";
import { conclude, type Concluding } from "./conclude.ts";
import { type Ready, refOf, type Run } from "./run.ts";
import { awaitArrival, sendFiles } from "./send_files.ts";

/** How one release ended, and whether those that depend on it may go out. */
export interface Ending {
  readonly detail: OutcomeDetail;
  readonly isAvailable: boolean;
}

/** Releases one package. A `Failure` is its ending; an interrupted run begins no other. Throws only for our bugs. */
export async function releaseOne(run: Run, ready: Ready, concluding: Concluding): Promise<Ending> {
  if (run.host.signal.aborted) return { detail: { status: "blocked", by: [] }, isAvailable: false };
  try {
    return await release(run, ready, concluding);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { detail: { status: "failed", failure: error }, isAvailable: false };
  }
}

async function release(run: Run, ready: Ready, concluding: Concluding): Promise<Ending> {
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
  const made = await conclude(run, ready.release, concluding);
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
