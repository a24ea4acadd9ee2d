/**
 * A reporter that says nothing and remembers: for `--json`, whose one document is the command's to
 * make, and for callers of the library.
 *
 * @module
 */

import type { Event, EventOf, Reporter } from "./report.ts";

/** A reporter with a memory. */
export interface Collector extends Reporter {
  /** Everything so far, in order, but the secrets. */
  readonly events: readonly Exclude<Event, EventOf<"secret">>[];
  /** The messages of all warnings so far. */
  readonly warnings: () => readonly string[];
}

/** Makes a reporter that remembers. */
export function createCollector(): Collector {
  const events: Exclude<Event, EventOf<"secret">>[] = [];
  return {
    events,
    warnings: () => events.flatMap((event) => event.type === "warning" ? [event.message] : []),
    emit: (event) => {
      if (event.type !== "secret") events.push(event);
    },
    close: () => {},
  };
}
