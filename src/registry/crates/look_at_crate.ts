/**
 * What crates.io holds of one release.
 *
 * @module
 */

import { readTarGz } from "../../artifact/archive/tarball.ts";
import { isSameVersion } from "../../core/crates/crates_index.ts";
import { heldVersions } from "../../core/model/version.ts";
import { Failure } from "../../error.ts";
import type { Look, Presence } from "../registry.ts";
import { unknownAnswer } from "./crates_answers.ts";
import { crateDigest, type CratesPrepared } from "./crates_work.ts";
import type { HeldCrates } from "./held_crates.ts";

/** What a look needs. */
export interface LookContext {
  readonly held: HeldCrates;
  /** The digest of what was really sent, by file name: cargo packages anew when it publishes. */
  readonly sent: ReadonlyMap<string, string>;
}

/**
 * Looks into the index, and asks the API about a version that the index does not show: edges of the index's CDN were
 * seen minutes behind an upload. A yanked version is there: its number can never be used again.
 */
export async function lookAtCrate(
  { held, sent }: LookContext,
  { prepared, fresh }: { readonly prepared: CratesPrepared; readonly fresh: boolean },
): Promise<Look> {
  const { release, files: [file] } = prepared;
  const { registryName: name } = release.package;
  const entries = await held.index(name);
  const entry = entries.find(({ version }) => isSameVersion(version, release.version));
  const cksum = entry?.cksum ?? await behindTheIndex();
  const presence = await judge();
  const versions = entries.map(({ version }) => version);
  if (entry === undefined && cksum !== undefined) versions.push(release.version);
  const presences = new Map([[file!.name, presence]]);
  return { files: presences, ...heldVersions(release.version, versions) };

  async function behindTheIndex(): Promise<string | undefined> {
    const crate = fresh ? undefined : await held.crate(name);
    const isDoubtful = fresh || isSameVersion(crate?.newest ?? "", release.version);
    const found = isDoubtful ? await held.checksum(name, release.version) : undefined;
    // The API finds a name in any spelling that is the same to it, the index in this one alone.
    const isIndexed = crate?.name.toLowerCase() === name.toLowerCase();
    if (found !== undefined || !isIndexed || entries.length > 0) return found;
    throw unknownAnswer(
      `which versions of ${name} are on crates.io`,
      "the index has no such crate, and the API has",
    );
  }

  async function judge(): Promise<Presence> {
    if (cksum === undefined) return { state: "absent" };
    const digest = crateDigest(cksum);
    if (digest === (sent.get(file!.name) ?? file!.digest)) return { state: "same" };
    const version = entry?.version ?? release.version;
    const sameCommit = release.commit !== undefined &&
      release.commit === await commitOf(await held.download(name, { version, cksum }));
    return { state: "other", held: digest, sameCommit };
  }
}

const LIMITS = { entries: 100_000, entryBytes: 512 * 2 ** 20, totalBytes: 1024 * 2 ** 20 };

/**
 * The commit that a published crate was packaged at, from the `.cargo_vcs_info.json` that cargo puts into it; undefined
 * when it has none or is not to be read: nothing is proven then.
 */
async function commitOf(crate: Uint8Array): Promise<string | undefined> {
  let commit: string | undefined;
  try {
    await readTarGz(crate, LIMITS, async (entry) => {
      if (!/^[^/]+\/\.cargo_vcs_info\.json$/.test(entry.path)) return;
      const info = JSON.parse(await entry.text()) as { git?: { sha1?: unknown } };
      if (typeof info.git?.sha1 === "string") commit = info.git.sha1;
    });
  } catch (error) {
    if (!(error instanceof Failure) && !(error instanceof SyntaxError)) throw error;
    return undefined;
  }
  return commit;
}
