/**
 * Which commit a crate on crates.io was packaged at: cargo writes it into the `.crate` itself.
 *
 * @module
 */

import { join } from "node:path";
import { type ArchiveSource, readTarGz } from "../../artifact/archive/tarball.ts";
import { type CommitRecord, readCommitId, type Records } from "../../core/release/commit_record.ts";
import { Failure } from "../../error.ts";
import { kindOfPath } from "../../host/files.ts";
import { crateDigest, type CratesPrepared } from "./crates_work.ts";
import type { HeldCrates } from "./held_crates.ts";
import type { CratesLook } from "./look_at_crate.ts";

/** Reads the record of a release. The file is downloaded for it when crates.io has other bytes than were packaged here. */
export async function crateRecords(
  held: Pick<HeldCrates, "download">,
  { release: { package: { registryName } }, way, files: [file] }: CratesPrepared,
  look: CratesLook,
): Promise<Records> {
  if (look.held === undefined) return { commits: new Map(), notes: [] };
  const { name, digest } = file!;
  const own = way.by === "ready" ? way.ready.path : join(way.cargo.targetFolder, "package", name);
  const isHere = digest === crateDigest(look.held.cksum) && await kindOfPath(own) === "file";
  const { found, flaw } = await readVcsInfo(
    isHere ? own : await held.download(registryName, look.held),
  );
  return {
    commits: new Map(found === undefined ? [] : [[name, found]]),
    notes: flaw === undefined ? [] : [`The vcs information in ${name} on crates.io ${flaw}`],
  };
}

const LIMITS = { entries: 100_000, entryBytes: 512 * 2 ** 20, totalBytes: 1024 * 2 ** 20 };

/** What a crate says of where it was packaged. */
export interface VcsInfo {
  readonly found?: CommitRecord;
  /** What is wrong with it, as a clause. */
  readonly flaw?: string;
}

/**
 * `.cargo_vcs_info.json`, `{"git":{"sha1":…,"dirty":true},"path_in_vcs":…}`: cargo leaves it out where there is no git,
 * or where Cargo.toml is ignored. What cannot be read proves nothing.
 */
export async function readVcsInfo(crate: ArchiveSource): Promise<VcsInfo> {
  let info: VcsInfo = {};
  try {
    await readTarGz(crate, LIMITS, async (entry) => {
      if (!/^[^/]+\/\.cargo_vcs_info\.json$/.test(entry.path)) return;
      info = judge(JSON.parse(await entry.text()));
    });
  } catch (error) {
    if (!(error instanceof Failure) && !(error instanceof SyntaxError)) throw error;
    return { flaw: "cannot be read: it names no commit" };
  }
  return info;
}

function judge(document: unknown): VcsInfo {
  const { git } = (document ?? {}) as { git?: { sha1?: unknown } | null };
  const sha1 = git?.sha1;
  const commit = readCommitId(sha1);
  if (commit !== undefined) return { found: { commit, source: "its vcs information" } };
  return {
    flaw: `has ${JSON.stringify(sha1) ?? "nothing"} for a commit, which is no full object id`,
  };
}
