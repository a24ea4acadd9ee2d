/**
 * Whether what a registry shows is this release's own: the bytes that were sent, or what the registry had before and was
 * judged already. Whatever else turns up while a run is at work has to be of its very commit.
 *
 * @module
 */

import type { Failure } from "../../error.ts";
import type { Look, Presence, ReleaseFile } from "../../registry/registry.ts";
import { versionTaken } from "./judge_refusals.ts";
import type { Judged, Run } from "./run.ts";

/** Whether a registry has a file as it was seen when the release was judged. */
function isAsJudged({ look }: Judged, { name }: ReleaseFile, presence: Presence): boolean {
  const before = look.files.get(name);
  return before?.state === presence.state &&
    (presence.state !== "other" || (before.state === "other" && before.held === presence.held));
}

/** What a fresh look shows, and what is to be found out about it. */
export interface Found {
  readonly look: Look;
  readonly files: readonly ReleaseFile[];
  /** By file name, refusals that say that the registry has the file: then its bytes may be somebody else's upload. */
  readonly claims: ReadonlyMap<string, Failure>;
}

/**
 * Throws `PIOT_VERSION_TAKEN` for the first file that is there and is not this release's own. The registry's records are
 * asked only for what is doubtful: other bytes that were not there before, and the same bytes after a refusal.
 */
export async function requireOwn(run: Run, judged: Judged, found: Found): Promise<void> {
  const { release, prepared } = judged;
  const { look, files, claims } = found;
  const doubtful = files.filter((file) => {
    const presence = look.files.get(file.name);
    if (presence === undefined || presence.state === "absent") return false;
    const isSent = presence.state === "same" && !claims.has(file.name);
    return !isSent && !isAsJudged(judged, file, presence);
  });
  if (doubtful.length === 0) return;
  const { commits } = release.commit === undefined
    ? { commits: new Map<string, never>() }
    : await run.registries[release.package.kind].records(prepared, look);
  for (const file of doubtful) {
    const presence = look.files.get(file.name)!;
    const record = commits.get(file.name);
    const isSilent = record === undefined;
    if (isSilent ? presence.state === "same" : record.commit === release.commit) continue;
    const held = presence.state === "other" ? presence.held : undefined;
    throw versionTaken(release, { file, held, record, cause: claims.get(file.name) });
  }
}

/** Whether a look shows a file; whose it is says {@link requireOwn}. */
export function isShown(look: Look | undefined, { name }: ReleaseFile): boolean {
  const state = look?.files.get(name)?.state;
  return state === "same" || state === "other";
}
