/**
 * Which commit PyPI's attestations name for the files that it holds of a version (PEP 740), asked of its integrity API.
 *
 * @module
 */

import pLimit from "p-limit";
import type { IndexFile } from "../../core/pypi/index_answer.ts";
import type { CommitRecord, Records } from "../../core/release/commit_record.ts";
import { readJson } from "../../host/json_answer.ts";
import { saysNotFound } from "../absence.ts";
import { type AttestedSource, isOfJobAlone, OF_JOB_ALONE } from "../attestation.ts";
import type { PypiLook } from "./look.ts";
import type { PypiAccess, PypiPrepared } from "./pypi_prepared.ts";
import { unknownAnswer } from "./read_index.ts";

/** Questions that are asked at once. */
export const AT_ONCE = 8;

/** Reads the records of every file of the version, except for those that the index shows to have none. */
export async function fileRecords(
  access: PypiAccess<"http" | "env">,
  { project, pypiVersion: version, release: { commit } }: PypiPrepared,
  { ofVersion }: PypiLook,
): Promise<Records> {
  const asked = ofVersion.filter(({ isAttested }) => isAttested !== false);
  const limit = pLimit(AT_ONCE);
  const found = await Promise.all(
    asked.map((file) => limit(() => readFileRecord(access, { project, version, commit }, file))),
  );
  return {
    commits: new Map(asked.flatMap(({ name }, at): readonly (readonly [string, CommitRecord])[] => {
      const record = found[at]!.record;
      return record === undefined ? [] : [[name, record]];
    })),
    notes: found.flatMap(({ note }) => note ?? []),
  };
}

/** What the attestations of one file name. */
export interface FileRecord {
  readonly record?: CommitRecord;
  readonly note?: string;
}

const INTEGRITY_JSON = "application/vnd.pypi.integrity.v1+json";

/** Bytes of one file's provenance: two attestations of some 10 kB each. */
const PROVENANCE_LIMIT = 4 * 2 ** 20;

/** Whose files they are. */
export interface AttestedVersion {
  readonly project: string;
  /** As PyPI spells it. */
  readonly version: string;
  /** The commit that is being released; undefined when none is. */
  readonly commit: string | undefined;
}

/** 404 where a file has no attestations, 403 where the index has switched them off (warehouse, `api/integrity.py`). */
export async function readFileRecord(
  { host, endpoints: { pypi } }: PypiAccess<"http" | "env">,
  { project, version, commit }: AttestedVersion,
  file: IndexFile,
): Promise<FileRecord> {
  const path = [project, version, file.name].map(encodeURIComponent).join("/");
  const url = `${pypi}/integrity/${path}/provenance`;
  const response = await host.http(url, {
    headers: { accept: `${INTEGRITY_JSON}, application/json`, "cache-control": "no-cache" },
    limit: PROVENANCE_LIMIT,
  });
  const { json } = readJson(new Uint8Array(await response.arrayBuffer()));
  const { attestation_bundles: bundles, message } = (json ?? {}) as {
    attestation_bundles?: unknown;
    message?: unknown;
  };
  // What its list shows to be attested is not taken for silent: an answer from a cache may be older than the file.
  if (response.status === 404 && file.isAttested === undefined) {
    if (saysNotFound(json) || /^No provenance available/.test(String(message))) return {};
  }
  if (response.status === 403 && json !== undefined) {
    return { note: `PyPI does not show the attestations of ${file.name}: they name no commit` };
  }
  if (response.status !== 200 || !Array.isArray(bundles)) {
    throw unknownAnswer(
      url,
      `it answered ${response.status} to the question which commit that was made from`,
    );
  }
  const sources = await sourcesOf(bundles, file);
  const [source] = sources;
  if (source === undefined) {
    return { note: `The attestations of ${file.name} on PyPI name no commit of these bytes` };
  }
  if (sources.some(({ commit }) => commit !== source.commit)) {
    return {
      note: `The attestations of ${file.name} on PyPI name several commits, so they name none`,
    };
  }
  if (isOfJobAlone(source.commit, { env: host.env, head: commit })) {
    return {
      note: `The attestation of ${file.name} on PyPI names ${source.commit}, ${OF_JOB_ALONE}`,
    };
  }
  return { record: { ...source, source: "its attestation" } };
}

async function sourcesOf(
  bundles: readonly unknown[],
  { sha256 }: IndexFile,
): Promise<readonly AttestedSource[]> {
  const { readStatement, sourceOfCertificate } = await import("../attested_source.ts");
  const attestations = bundles.flatMap((bundle) => {
    const { attestations } = (bundle ?? {}) as { attestations?: unknown };
    return Array.isArray(attestations) ? attestations : [];
  });
  return attestations.flatMap((attestation) => {
    const { verification_material: material, envelope } = (attestation ?? {}) as {
      verification_material?: { certificate?: unknown } | null;
      envelope?: { statement?: unknown } | null;
    };
    const digests = readStatement(envelope?.statement)?.digests ?? [];
    const isOfThese = digests.some((digest) => digest["sha256"] === sha256);
    return isOfThese ? sourceOfCertificate(material?.certificate) ?? [] : [];
  });
}
