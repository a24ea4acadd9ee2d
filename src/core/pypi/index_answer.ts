/**
 * What PyPI's two read APIs answer, read down to what a release needs: the JSON API of one version, and the Simple API
 * of a whole project (PEP 691, PEP 700, PEP 792).
 *
 * @module
 */

import * as z from "zod";

/** A file that the index lists. */
export interface IndexFile {
  readonly name: string;
  /** Hex; undefined when the index does not tell. */
  readonly sha256: string | undefined;
  /** When it came there; undefined when the index does not tell. */
  readonly uploaded: Date | undefined;
}

/** A project as the Simple API has it. */
export interface IndexProject {
  readonly files: readonly IndexFile[];
  /** As the index spells them. */
  readonly versions: readonly string[];
  /** `active`, `archived`, `quarantined` or `deprecated`; `active` when the index does not tell. */
  readonly status: string;
}

const versionAnswer = z.looseObject({
  urls: z.array(z.looseObject({
    filename: z.string(),
    digests: z.looseObject({ sha256: z.string().optional() }),
    upload_time_iso_8601: z.string().optional(),
  })),
});

const projectAnswer = z.looseObject({
  files: z.array(z.looseObject({
    filename: z.string(),
    hashes: z.looseObject({ sha256: z.string().optional() }),
    "upload-time": z.string().optional(),
  })),
  versions: z.array(z.string()).optional(),
  "project-status": z.union([z.string(), z.looseObject({ status: z.string().optional() })])
    .optional(),
});

/** Reads `/pypi/<name>/<version>/json`; undefined when it is something else. */
export function parseVersionAnswer(answer: unknown): readonly IndexFile[] | undefined {
  const { data } = versionAnswer.safeParse(answer);
  return data?.urls.map(({ filename, digests, upload_time_iso_8601 }) => ({
    name: filename,
    sha256: digests.sha256?.toLowerCase(),
    uploaded: readDate(upload_time_iso_8601),
  }));
}

/** Reads `/simple/<name>/` in its JSON form; undefined when it is something else. */
export function parseProjectAnswer(answer: unknown): IndexProject | undefined {
  const { data } = projectAnswer.safeParse(answer);
  if (data === undefined) return undefined;
  const status = data["project-status"];
  return {
    files: data.files.map((file) => ({
      name: file.filename,
      sha256: file.hashes.sha256?.toLowerCase(),
      uploaded: readDate(file["upload-time"]),
    })),
    versions: data.versions ?? [],
    status: (typeof status === "string" ? status : status?.status) ?? "active",
  };
}

function readDate(text: string | undefined): Date | undefined {
  const date = new Date(text ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
