/**
 * Asks the registries which commits their records name for versions that no tag stands for, and judges what that proves.
 *
 * @module
 */

import { rulesOf } from "../../core/model/kind.ts";
import { renderTag } from "../../core/release/tag.ts";
import { type PackageStatus, untagged } from "../../core/status/judge_status.ts";
import { judgeTag, type TagVerdict, type UntaggedVersion } from "../../core/status/judge_tag.ts";
import type { VersionRecords } from "../../core/status/registry_state.ts";
import { Failure } from "../../error.ts";
import { readAncestry } from "../../host/git_facts/ancestry.ts";
import type { Host } from "../../host/host.ts";
import type { ReadStatuses } from "../read_statuses.ts";

/** A version that no tag stands for, and what follows. */
export interface JudgedTag extends UntaggedVersion {
  readonly verdict: TagVerdict;
}

/** Versions of one package whose records are asked for: each costs requests, and plans count from the highest. */
const AT_MOST = 20;

/** Judges every version that no tag stands for, the highest of a package first. */
export async function judgeTags(
  host: Pick<Host, "signal">,
  { statuses, gathered, workspace, readerOf }: ReadStatuses,
): Promise<readonly JudgedTag[]> {
  const { head, config } = gathered.facts;
  const recorded: { version: UntaggedVersion; records: VersionRecords | Failure }[] = [];
  for (const status of statuses) {
    const reader = readerOf(status.package);
    if (status.shown instanceof Failure || reader === undefined) continue;
    for (const held of [...untagged(status, status.shown)].reverse().slice(0, AT_MOST)) {
      host.signal.throwIfAborted();
      const version = untaggedVersion(
        status,
        held,
        rulesOf(config.kinds, status.package).semver(held),
      );
      const records = await reader.records(status.package, held).catch(asFailure);
      recorded.push({ version, records });
    }
  }
  const commits = recorded.flatMap(({ records }) =>
    records instanceof Failure ? [] : [...records.commits.values()].map(({ commit }) => commit)
  );
  const { lies } = await readAncestry(workspace.git, { head: head.id, commits });
  return recorded.map(({ version, records }) => ({
    ...version,
    verdict: records instanceof Failure
      ? { to: "leave", why: records.message }
      : judgeTag(version, records, (commit) => lies.get(commit) ?? "unknown"),
  }));
}

function untaggedVersion(
  { package: pkg }: PackageStatus,
  held: string,
  version: string | undefined,
): UntaggedVersion {
  const tag = version === undefined ? undefined : renderTag(pkg, version);
  return { name: pkg.name, held, version, tag };
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure && error.code !== "PIOT_INTERRUPTED") return error;
  throw error;
}
