/**
 * `reconcile`: writes the tags that are missing and can be proven to belong to a commit, and the GitHub Releases that are
 * missing for tags. Never moves or deletes a tag.
 *
 * @module
 */

import type { ReconcileDocument } from "../core/status/reconcile_document.ts";
import type { Host } from "../host/host.ts";
import type { Event } from "../report/report.ts";
import { judgeTags } from "./reconcile/judge_tags.ts";
import { reconcileReleases } from "./reconcile/reconcile_releases.ts";
import { writeTags } from "./reconcile/write_tags.ts";
import { readStatuses, type StatusQuestion } from "./read_statuses.ts";
import { runSealed } from "./sealed.ts";

/** What can be asked of `reconcile`. */
export interface ReconcileOptions extends StatusQuestion {
  /** Says what would be written, and writes nothing. */
  readonly dryRun?: boolean;
  /** Hears of everything that happens, as it happens. */
  readonly onEvent?: (event: Event) => void;
}

/**
 * Reads what the registries' records name, and writes what they prove. Throws what `status()` throws, and what the remote
 * says when it cannot be read; what is wrong with one tag is that tag's own.
 */
export async function reconcile(
  host: Host,
  { dryRun = false, onEvent, ...question }: ReconcileOptions = {},
): Promise<ReconcileDocument> {
  return await runSealed(host, onEvent, async (host, emit) => {
    const read = await readStatuses(host, { ...question, emit });
    const judged = await judgeTags(host, read);
    const tags = await writeTags(judged, { host, git: read.workspace.git, dryRun });
    const releases = await reconcileReleases(tags, { host, read, emit, dryRun });
    const notes = read.statuses.filter(({ state }) => state === "unreachable")
      .map(({ package: { name }, notes: [why] }) => `Nobody knows about ${name}: ${why}`);
    const { id: head } = read.gathered.facts.head;
    return host.vault.clean({ schema: 1, head, dry_run: dryRun, tags, releases, notes });
  });
}
