/**
 * `putitoutthere status`: prints where every package stands.
 *
 * @module
 */

import type { CommandLineOptions, Session } from "./session.ts";
import { status } from "./status.ts";

/** The flags and words of `status`. */
export interface StatusCommandOptions extends CommandLineOptions {
  /** Names of packages; all when empty. */
  readonly names: readonly string[];
  /** Ends with 1 where tags and registries contradict each other. */
  readonly check?: boolean;
}

/** Asks and tells. Gives the exit status. */
export async function runStatus(session: Session, options: StatusCommandOptions): Promise<number> {
  const { config, names, check = false } = options;
  const document = await status(session.host, {
    names,
    ...(config === undefined ? {} : { config }),
    onEvent: session.emit,
  });
  session.printJson(document);
  if (options.json !== true) session.emit({ type: "status", document });
  return check && document.drift ? 1 : 0;
}
