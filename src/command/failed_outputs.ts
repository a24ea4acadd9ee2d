/**
 * The outputs of a `publish` that ended with an error: the steps after it read the same names whatever happened.
 *
 * @module
 */

import { failedDocument } from "../report/documents.ts";
import { publishOutputs } from "../report/outputs.ts";
import type { WayOut } from "../report/ways_out.ts";
import { writeRunnerOutputs } from "./runner_outputs.ts";
import type { Session } from "./session.ts";

/**
 * Leaves what was released before the error, as far as that was told, and the error as `--json` prints it. Never throws:
 * where the runner's file is what cannot be written, the error says so already.
 */
export async function leaveFailedOutputs(
  session: Session,
  error: unknown,
  waysOut?: readonly WayOut[],
): Promise<void> {
  const { host, outcomes, wholeOf } = session;
  const failed = { ...failedDocument(error), ...(waysOut && { ways_out: waysOut }) };
  const document = host.vault.clean(wholeOf(failed));
  const outputs = { ...publishOutputs(outcomes(), document) };
  await writeRunnerOutputs(host, { outputs, summary: "" }).catch(() => {});
}
