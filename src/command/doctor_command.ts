/**
 * `putitoutthere doctor`: says what would keep a release from going well.
 *
 * @module
 */

import { doctor } from "./doctor.ts";
import type { CommandLineOptions, Session } from "./session.ts";

/** The flags of `doctor`. */
export type DoctorCommandOptions = CommandLineOptions;

/** Looks and tells. Gives the exit status. */
export async function runDoctor(session: Session, options: DoctorCommandOptions): Promise<number> {
  const { config } = options;
  const document = await doctor(session.host, {
    ...(config === undefined ? {} : { config }),
    onEvent: session.emit,
  });
  session.printJson(document);
  session.emit({ type: "doctor", document });
  return document.passed ? 0 : 1;
}
