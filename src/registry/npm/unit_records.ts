/**
 * Which commit npm's records name for what it holds of a release: the provenance, which npm has verified, before the
 * `gitHead`, which is the publisher's word alone.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { PublishedVersion } from "../../core/npm/packument.ts";
import { type CommitRecord, readCommitId, type Records } from "../../core/release/commit_record.ts";
import { Failure } from "../../error.ts";
import type { Env } from "../../host/host.ts";
import { saysNotFound } from "../absence.ts";
import { type AttestedSource, isOfJobAlone, OF_JOB_ALONE } from "../attestation.ts";
import type { NpmLook } from "./look.ts";
import { attestationsUrl } from "./npm_urls.ts";
import type { PackumentContext } from "./packuments.ts";
import { fileOf, type NpmPrepared, type NpmUnit } from "./publish_unit.ts";
import { readReply, tellReply } from "../reply.ts";

/** Where is asked, and what this very job says of itself. */
export interface RecordsContext extends Pick<PackumentContext, "http" | "registry"> {
  readonly env: Env;
}

/**
 * Reads the records of every unit that npm holds. The attestations are asked for only where the packument says that there
 * is provenance.
 */
export async function unitRecords(
  { release, units }: NpmPrepared,
  { packuments }: NpmLook,
  context: RecordsContext,
): Promise<Records> {
  const held = units.flatMap((unit) => {
    const published = packuments.get(unit.name)?.versions.get(unit.version);
    return published === undefined ? [] : [{ unit, published, head: release.commit }];
  });
  const found = await Promise.all(held.map((one) => readUnitRecord(one, context)));
  const entries = held.flatMap(({ unit }, at): readonly (readonly [string, CommitRecord])[] => {
    const record = found[at]!.record;
    return record === undefined ? [] : [[fileOf(unit).name, record]];
  });
  return { commits: new Map(entries), notes: found.flatMap(({ notes }) => notes) };
}

/** A version that npm holds. */
export interface HeldUnit {
  readonly unit: Pick<NpmUnit, "name" | "version">;
  readonly published: PublishedVersion;
  /** The commit that is being released. */
  readonly head: string | undefined;
}

/** What the records of one version name. */
export interface UnitRecord {
  readonly record: CommitRecord | undefined;
  readonly notes: readonly string[];
}

/** Reads the records of one version. */
export async function readUnitRecord(
  held: HeldUnit,
  context: RecordsContext,
): Promise<UnitRecord> {
  const { unit: { name, version }, published: { gitHead, evidence } } = held;
  const what = `${name}@${version}`;
  const claimed = readCommitId(gitHead);
  const notes = gitHead === undefined || claimed !== undefined ? [] : [
    `npm's gitHead of ${what} is ${shown(gitHead)}, which is no full object id: it names no commit`,
  ];
  const byHead = claimed === undefined ? undefined : { commit: claimed, source: "its gitHead" };
  if (!evidence.includes("provenance")) return { record: byHead, notes };
  const { source, flaw } = await readProvenance(held, context);
  if (source === undefined) {
    return { record: byHead, notes: [...notes, `npm's provenance of ${what} ${flaw}`] };
  }
  if (isOfJobAlone(source.commit, { env: context.env, head: held.head })) {
    const why = `names ${source.commit}, ${OF_JOB_ALONE}`;
    return { record: byHead, notes: [...notes, `npm's provenance of ${what} ${why}`] };
  }
  const record = { ...source, source: "its provenance" };
  if (claimed === undefined || claimed === source.commit) return { record, notes };
  const differ = `npm's records of ${what} name two commits: its provenance ${source.commit}, ` +
    `its gitHead ${claimed}; the provenance counts`;
  return { record, notes: [...notes, differ] };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** What provenance names, or why it names nothing, as a clause. */
type Provenance =
  | { readonly source: AttestedSource; readonly flaw?: never }
  | { readonly source?: never; readonly flaw: string };

/** Bytes of a version's attestations: two bundles of some 10 kB each. */
const ATTESTATIONS_LIMIT = 8 * 2 ** 20;

/** `{attestations: [{predicateType, bundle}]}`; throws `PIOT_REGISTRY_UNKNOWN` for anything that is no definite answer. */
async function readProvenance(
  { unit, published }: HeldUnit,
  { http, registry }: RecordsContext,
): Promise<Provenance> {
  const url = attestationsUrl(unit, registry);
  const headers = { accept: "application/json", "cache-control": "no-cache" };
  const reply = await readReply(await http(url, { headers, limit: ATTESTATIONS_LIMIT }));
  // A registry that stands in for npm copies packuments and no attestations: then gitHead is all there is.
  if (reply.status === 404 && saysNotFound(reply.json) && published.gitHead !== undefined) {
    return { flaw: "is announced in the packument, and is not there to be read" };
  }
  const { attestations } = (reply.json ?? {}) as { attestations?: unknown };
  if (reply.status !== 200 || !Array.isArray(attestations)) {
    throw new Failure(
      "PIOT_REGISTRY_UNKNOWN",
      `Cannot tell which commit ${unit.name}@${unit.version} on npm was made from: ${
        tellReply(reply)
      }`,
      { hint: "Check npm's status page and PIOT_NPM_URL, then run again" },
    );
  }
  const { sourceOfBundle } = await import("./provenance_source.ts");
  const sources = attestations.flatMap((attestation) =>
    sourceOfBundle(attestation, sha512Of(published)) ?? []
  );
  const [source] = sources;
  if (source === undefined) return { flaw: "names no commit of these bytes" };
  return sources.every(({ commit }) => commit === source.commit)
    ? { source }
    : { flaw: "names several commits, so it names none" };
}

/** The hex digests of what npm holds. */
function sha512Of({ integrity = "" }: PublishedVersion): readonly string[] {
  return integrity.split(/\s+/).filter((hash) => hash.startsWith("sha512-"))
    .map((hash) => Buffer.from(hash.slice("sha512-".length), "base64").toString("hex"));
}
