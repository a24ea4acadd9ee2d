/**
 * `putitoutthere publish`: publishes, tells what happens, and says at the end what became of every package.
 *
 * @module
 */

import { Failure } from "../error.ts";
import { askedFor } from "../report/asked.ts";
import { publishDocument } from "../report/documents.ts";
import { isGood } from "../report/outcome.ts";
import { createCollector, type Event } from "../report/report.ts";
import { publishSummary } from "../report/job_summary.ts";
import { publishOutputs } from "../report/outputs.ts";
import { waysOutOf } from "../report/ways_out.ts";
import { leaveFailedOutputs } from "./failed_outputs.ts";
import { headOf } from "./given_plan.ts";
import { publish } from "./publish.ts";
import { readRecoveredRun, recoveredWords, requireCheckedOut } from "./recovered_run.ts";
import { writeRunnerOutputs } from "./runner_outputs.ts";
import { type CommandLineOptions, type Session, tellFailure } from "./session.ts";
import { openWorkspace } from "./workspace.ts";

/** The flags of `publish`. */
export interface PublishCommandOptions extends CommandLineOptions {
  readonly artifacts?: string;
  readonly plan?: string;
  readonly release?: readonly string[];
  readonly dryRun?: boolean;
  readonly requireWork?: boolean;
  readonly oidcOnly?: boolean;
  readonly allowDowngrade?: readonly string[];
  /** The number of the run that built what is published. */
  readonly recover?: string;
}

/** Publishes and tells. Gives the exit status. */
export async function runPublish(
  session: Session,
  options: PublishCommandOptions,
): Promise<number> {
  try {
    return await publishAndTell(session, options);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const waysOut = waysOutOf(error, askedFor(options));
    await leaveFailedOutputs(session, error, waysOut);
    return tellFailure(session, error, waysOut);
  }
}

async function publishAndTell(session: Session, options: PublishCommandOptions): Promise<number> {
  const memory = createCollector();
  const onEvent = (event: Event): void => {
    session.emit(event);
    memory.emit(event);
  };
  const note = await recoveredNote(session.host, options);
  if (note !== undefined) onEvent({ type: "warning", message: note });
  const result = await publish(session.host, { ...options, onEvent });
  const document = publishDocument(result, memory.warnings());
  // Before anything is printed: where that fails, the failure is the one thing to print.
  await writeRunnerOutputs(session.host, {
    outputs: { ...publishOutputs(result.outcomes, document) },
    summary: publishSummary(result, note === undefined ? [] : [note]),
  });
  session.printJson(document);
  if (session.host.signal.aborted) return 130;
  return result.outcomes.every(isGood) ? 0 : 1;
}

/** What is to be known of a release that another run built; it has to be of the commit that is checked out. */
async function recoveredNote(
  host: Session["host"],
  { recover, config }: PublishCommandOptions,
): Promise<string | undefined> {
  if (recover === undefined) return undefined;
  const run = await readRecoveredRun(host, recover);
  const workspace = openWorkspace(host, config === undefined ? {} : { config });
  requireCheckedOut(run, await headOf(workspace));
  return recoveredWords(run, host.env);
}
