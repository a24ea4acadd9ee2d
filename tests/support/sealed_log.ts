/** What a reporter writes of events to a sealed host, as a command has it do that. */

import { cleanEvent } from "../../src/command/sealed.ts";
import type { Env } from "../../src/host/host.ts";
import { type SealedHost, sealHost } from "../../src/host/seal_host.ts";
import type { Event, Reporter } from "../../src/report/report.ts";
import { testHost } from "./test_host.ts";

export interface SealedLog {
  readonly reporter: Reporter;
  /** Everything so far, the runner's masks included where the environment is that of GitHub Actions. */
  readonly text: () => string;
}

/** Tells events to a reporter. */
export function sealedLog(
  events: readonly Event[],
  { make, env = {} }: {
    readonly make: (write: SealedHost["stderr"]) => Reporter;
    readonly env?: Env;
  },
): SealedLog {
  const host = testHost({ env });
  const sealed = sealHost(host);
  const reporter = make(sealed.stderr);
  for (const event of events) reporter.emit(cleanEvent(sealed.vault, event));
  return {
    reporter,
    text: () => {
      sealed.flush();
      return host.written.stderr;
    },
  };
}
