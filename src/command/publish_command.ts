/**
 * `putitoutthere publish`: publishes, tells what happens, and says at the end what became of every package.
 *
 * @module
 */

import { Failure } from "../error.ts";
import { publishDocument } from "../report/documents.ts";
import { isGood } from "../report/outcome.ts";
import { createCollector } from "../report/report.ts";
import { publishSummary } from "../report/job_summary.ts";
import { publishOutputs } from "../report/outputs.ts";
import { waysOutOf } from "../report/ways_out.ts";
import { leaveFailedOutputs } from "./failed_outputs.ts";
import { publish } from "./publish.ts";
import { writeRunnerOutputs } from "./runner_outputs.ts";
import { type CommandLineOptions, type Session, tellFailure } from "./session.ts";

/** The flags of `publish`. */
export interface PublishCommandOptions extends CommandLineOptions {
  readonly artifacts?: string;
  readonly plan?: string;
  readonly release?: readonly string[];
  readonly dryRun?: boolean;
  readonly requireWork?: boolean;
  readonly oidcOnly?: boolean;
  readonly allowDowngrade?: readonly string[];
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
    const waysOut = waysOutOf(error);
    await leaveFailedOutputs(session, error, waysOut);
    return tellFailure(session, error, waysOut);
  }
}

async function publishAndTell(session: Session, options: PublishCommandOptions): Promise<number> {
  const memory = createCollector();
  const result = await publish(session.host, {
    ...options,
    onEvent: (event) => {
      session.emit(event);
      memory.emit(event);
    },
  });
  const document = publishDocument(result, memory.warnings());
  // Before anything is printed: where that fails, the failure is the one thing to print.
  await writeRunnerOutputs(session.host, {
    outputs: { ...publishOutputs(result.outcomes, document) },
    summary: publishSummary(result.outcomes, result.mode),
  });
  session.printJson(document);
  if (session.host.signal.aborted) return 130;
  return result.outcomes.every(isGood) ? 0 : 1;
}
