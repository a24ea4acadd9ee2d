/**
 * `status`: where every package stands, by its tags and by what its registry shows. Nothing is written.
 *
 * @module
 */

import { type StatusDocument, statusDocument } from "../core/status/status_document.ts";
import type { Host } from "../host/host.ts";
import type { Event } from "../report/report.ts";
import { readStatuses, type StatusQuestion } from "./read_statuses.ts";
import { runSealed } from "./sealed.ts";

/** What can be asked of `status`. */
export interface StatusOptions extends StatusQuestion {
  /** Hears of everything that happens, as it happens. */
  readonly onEvent?: (event: Event) => void;
}

/**
 * Asks every registry about its packages, side by side. Throws what is wrong with the configuration and the clone, and
 * `PIOT_USAGE` for a name that no package has; a registry without a definite answer is a package's state.
 */
export async function status(host: Host, options: StatusOptions = {}): Promise<StatusDocument> {
  return await runSealed(host, options.onEvent, async (host, emit) => {
    const { statuses, notes, gathered } = await readStatuses(host, { ...options, emit });
    const { head, config: { kinds } } = gathered.facts;
    return host.vault.clean(statusDocument(statuses, { head: head.id, notes, kinds }));
  });
}
