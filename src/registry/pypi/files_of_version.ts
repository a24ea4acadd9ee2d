/**
 * The files of one version among those that an index lists: which they are, what they show of their origin, and until
 * when others may join them.
 *
 * @module
 */

import { parseSdistName } from "../../core/pypi/file_name.ts";
import type { IndexFile } from "../../core/pypi/index_answer.ts";
import { isSamePep440 } from "../../core/pypi/pep440.ts";
import { normaliseName } from "../../core/pypi/spelling.ts";
import { type Evidence, evidenceOf } from "../../core/release/evidence.ts";

/** Days in which a release takes new files, since July 2026 (pypi/warehouse `forklift/legacy.py`). */
export const OPEN_DAYS = 14;
const DAY = 86_400_000;

/** When the index closes a release of these files to others; undefined when it does not tell when they came. */
export function closesAt(files: readonly IndexFile[]): Date | undefined {
  const opened = files.flatMap(({ uploaded }) => uploaded?.getTime() ?? []);
  return opened.length === 0 ? undefined : new Date(Math.min(...opened) + OPEN_DAYS * DAY);
}

/** A version is attested as soon as one of its files is: whoever checks that one would miss the others. */
export function evidenceOfFiles(files: readonly IndexFile[]): Evidence {
  return evidenceOf({ attestations: files.some(({ isAttested }) => isAttested) });
}

/** Whether a file is of a version by its name; old sdists spell the project with `-` or capitals. */
export function isOfVersion(
  { name }: IndexFile,
  { project, version: wanted }: { readonly project: string; readonly version: string },
): boolean {
  const stem = name.replace(/\.(whl|tar\.gz|zip|tar\.bz2|tgz|egg)$/, "");
  const sdist = parseSdistName(`${stem}.tar.gz`);
  if (!name.endsWith(".whl") && typeof sdist !== "string") {
    return normaliseName(sdist.name) === project && isSamePep440(sdist.version, wanted);
  }
  const [part = "", version = ""] = stem.split("-");
  return normaliseName(part) === project && isSamePep440(version, wanted);
}
