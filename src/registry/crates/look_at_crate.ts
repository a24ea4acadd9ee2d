/**
 * What crates.io holds of one release.
 *
 * @module
 */

import { isSameVersion } from "../../core/crates/crates_index.ts";
import { heldVersions } from "../../core/model/version.ts";
import type { Look, Presence } from "../registry.ts";
import { unknownAnswer } from "./crates_answers.ts";
import { crateDigest, type CratesPrepared } from "./crates_work.ts";
import type { HeldCrates } from "./held_crates.ts";

function yankedNote(name: string, version: string): string {
  return `${name} ${version} is on crates.io and yanked: cargo gives it to nobody who has not locked it, so that crates which need this very version cannot be built`;
}

/** What a look finds. */
export interface CratesLook extends Look {
  /** The version that is there, as crates.io spells it, and its sha256 in hex; undefined when it has none. */
  readonly held: { readonly version: string; readonly cksum: string } | undefined;
}

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
): Promise<CratesLook> {
  const { release, files: [file] } = prepared;
  const { registryName: name } = release.package;
  const entries = await held.index(name);
  const entry = entries.find(({ version }) => isSameVersion(version, release.version));
  const cksum = entry?.cksum ?? await behindTheIndex();
  const presence = judge();
  const versions = entries.map(({ version }) => version);
  if (entry === undefined && cksum !== undefined) versions.push(release.version);
  const presences = new Map([[file!.name, presence]]);
  return {
    files: presences,
    ...heldVersions(release.version, versions),
    ...(entry?.yanked === true ? { notes: [yankedNote(name, entry.version)] } : {}),
    held: cksum === undefined ? undefined : { version: entry?.version ?? release.version, cksum },
  };

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

  function judge(): Presence {
    if (cksum === undefined) return { state: "absent" };
    const digest = crateDigest(cksum);
    if (digest === (sent.get(file!.name) ?? file!.digest)) return { state: "same" };
    return { state: "other", held: digest };
  }
}
