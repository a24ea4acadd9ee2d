/**
 * What PyPI's two read APIs answer, read down to what a release needs: the JSON API of one version, and the Simple API
 * of a whole project (PEP 691, PEP 700, PEP 792).
 *
 * @module
 */

import * as z from "zod/mini";

/** A file that the index lists. */
export interface IndexFile {
  readonly name: string;
  /** Hex; undefined when the index does not tell. */
  readonly sha256: string | undefined;
  /** When it came there; undefined when the index does not tell. */
  readonly uploaded: Date | undefined;
  /** Whether it has attestations (PEP 740); only the Simple API tells. */
  readonly isAttested?: boolean;
}

/** A project as the Simple API has it. */
export interface IndexProject {
  readonly files: readonly IndexFile[];
  /** As the index spells them. */
  readonly versions: readonly string[];
  /** `active`, `archived`, `quarantined` or `deprecated`; `active` when the index does not tell. */
  readonly status: string;
}

const versionAnswer = z.object({
  urls: z.array(z.object({
    filename: z.string(),
    digests: z.object({ sha256: z.optional(z.string()) }),
    upload_time_iso_8601: z.optional(z.string()),
  })),
});

const projectAnswer = z.object({
  files: z.array(z.object({
    filename: z.string(),
    hashes: z.object({ sha256: z.optional(z.string()) }),
    "upload-time": z.optional(z.string()),
    provenance: z.optional(z.unknown()),
  })),
  versions: z.optional(z.array(z.string())),
  "project-status": z.optional(
    z.union([z.string(), z.object({ status: z.optional(z.string()) })]),
  ),
});

/** Reads `/pypi/<name>/<version>/json`; undefined when it is something else. */
export function parseVersionAnswer(answer: unknown): readonly IndexFile[] | undefined {
  const read = z.safeParse(versionAnswer, answer);
  if (!read.success) return undefined;
  return read.data.urls.map(({ filename, digests, upload_time_iso_8601 }) => ({
    name: filename,
    sha256: digests.sha256?.toLowerCase(),
    uploaded: readDate(upload_time_iso_8601),
  }));
}

/** Reads `/simple/<name>/` in its JSON form; undefined when it is something else. */
export function parseProjectAnswer(answer: unknown): IndexProject | undefined {
  const read = z.safeParse(projectAnswer, answer);
  if (!read.success) return undefined;
  const { files, versions = [], "project-status": status } = read.data;
  return {
    files: files.map((file) => ({
      name: file.filename,
      sha256: file.hashes.sha256?.toLowerCase(),
      uploaded: readDate(file["upload-time"]),
      // The address of its attestations; null, or nothing from an index that knows none (PEP 740).
      isAttested: typeof file.provenance === "string" && file.provenance !== "",
    })),
    versions,
    status: (typeof status === "string" ? status : status?.status) ?? "active",
  };
}

function readDate(text: string | undefined): Date | undefined {
  const date = new Date(text ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
