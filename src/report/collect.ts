/**
 * A reporter that says nothing and remembers: for `--json`, whose one document is the command's to
 * make, and for callers of the library.
 *
 * @module
 */

import { type FailureDocument, failureDocument } from "./failure_document.ts";
import { type Outcome, type OutcomeDocument, outcomeDocument } from "./outcome.ts";
import type { Event, EventOf, Reporter } from "./report.ts";

/** A reporter with a memory. */
export interface Collector extends Reporter {
  /** Everything so far, in order, but the secrets. */
  readonly events: readonly Exclude<Event, EventOf<"secret">>[];
  /** What became of each package so far. */
  readonly outcomes: () => readonly Outcome[];
  /** The messages of all warnings so far. */
  readonly warnings: () => readonly string[];
}

/** Makes a reporter that remembers. */
export function createCollector(): Collector {
  const events: Exclude<Event, EventOf<"secret">>[] = [];
  return {
    events,
    outcomes: () => events.flatMap((event) => event.type === "outcome" ? [event.outcome] : []),
    warnings: () => events.flatMap((event) => event.type === "warning" ? [event.message] : []),
    emit: (event) => {
      if (event.type !== "secret") events.push(event);
    },
    close: () => {},
  };
}

/** An event as JSON holds it: outcomes and failures become documents. */
export type EventDocument =
  | Exclude<Event, EventOf<"secret" | "outcome" | "finished" | "failure">>
  | { readonly type: "outcome"; readonly outcome: OutcomeDocument }
  | {
    readonly type: "finished";
    readonly outcomes: readonly OutcomeDocument[];
    readonly mode: string;
  }
  | { readonly type: "failure"; readonly failure: FailureDocument };

/** Turns a remembered event into plain JSON. */
export function eventDocument(event: Exclude<Event, EventOf<"secret">>): EventDocument {
  switch (event.type) {
    case "outcome":
      return { ...event, outcome: outcomeDocument(event.outcome) };
    case "finished":
      return { ...event, outcomes: event.outcomes.map(outcomeDocument) };
    case "failure":
      return { ...event, failure: failureDocument(event.failure) };
    default:
      return event;
  }
}
