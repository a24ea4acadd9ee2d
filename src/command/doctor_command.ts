/**
 * `putitoutthere doctor`: says what would keep a release from going well.
 *
 * @module
 */

import { doctor } from "./doctor.ts";
import type { CommandLineOptions, Session } from "./session.ts";

/** The flags of `doctor`. */
export interface DoctorCommandOptions extends CommandLineOptions {
  readonly online?: boolean;
  /** True where no folder is named. */
  readonly artifacts?: string | true;
}

/** Looks and tells. Gives the exit status. */
export async function runDoctor(session: Session, options: DoctorCommandOptions): Promise<number> {
  const { config, online = false, artifacts } = options;
  const document = await doctor(session.host, {
    ...(config === undefined ? {} : { config }),
    ...(artifacts === undefined ? {} : { artifacts: artifacts === true ? "artifacts" : artifacts }),
    online,
    onEvent: session.emit,
  });
  session.printJson(document);
  session.emit({ type: "doctor", document });
  return document.passed ? 0 : 1;
}
