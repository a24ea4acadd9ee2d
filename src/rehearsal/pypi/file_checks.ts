/**
 * The checks of an uploaded file that need not open it: its name, its size, its digests, and whether the index has it
 * already (pypi/warehouse `forklift/legacy.py`, `file_upload`).
 *
 * @module
 */

import { createHash } from "node:crypto";
import { blake2b256 } from "./blake2_256.ts";
import type { CheckedForm } from "./form_checks.ts";
import type { FormUpload } from "./multipart_form.ts";
import { Refusal } from "./refusal.ts";
import type { PypiState } from "./state.ts";

const FILE_LIMIT = 100 * 2 ** 20;
const REUSE = "See https://pypi.org/help/#file-name-reuse for more information.";

/** Checks a file's name, type and size, or throws 400. */
export function checkFile({ fileName, type, bytes }: FormUpload): void {
  if (/[/\\]/.test(fileName)) {
    throw new Refusal(400, "Cannot upload a file with '/' or '\\' in the name.");
  }
  if (!/^[\x20-\x7e]+$/.test(fileName)) {
    throw new Refusal(400, "Cannot upload a file with non-printable characters in the name.");
  }
  if (!/\.(tar\.gz|whl|zip)$/.test(fileName)) {
    throw new Refusal(
      400,
      "Invalid file extension: Use .tar.gz, .whl or .zip extension. " +
        "See https://www.python.org/dev/peps/pep-0527 and https://peps.python.org/pep-0715/ for more information",
    );
  }
  if (type === undefined || type.startsWith("image/")) {
    throw new Refusal(400, "Invalid distribution file.");
  }
  if (bytes.length > FILE_LIMIT) {
    throw new Refusal(
      400,
      `File too large. Limit for project '${fileName.split("-")[0]}' is ${
        FILE_LIMIT / 2 ** 20
      } MB. ` +
        "See https://docs.pypi.org/project-management/storage-limits for more information.",
    );
  }
}

/** Holds a file against the digests that were sent with it, or throws 400. Gives its SHA-256, as hex. */
export function checkDigests({ field }: CheckedForm, { bytes }: FormUpload): string {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const wrong = [
    [field("sha256_digest"), () => sha256],
    [field("md5_digest"), () => createHash("md5").update(bytes).digest("hex")],
    [field("blake2_256_digest"), () => blake2b256(bytes)],
  ] as const;
  if (wrong.some(([sent, digest]) => sent !== undefined && sent.toLowerCase() !== digest())) {
    throw new Refusal(
      400,
      "The digest supplied does not match a digest calculated from the uploaded file.",
    );
  }
  return sha256;
}

/** Whether the index has the very file. Throws 400 when it has its name or its bytes alone, or had the name once. */
export function isDuplicate(
  { fileName, bytes }: FormUpload,
  { state, sha256 }: { readonly state: PypiState; readonly sha256: string },
): boolean {
  const named = state.files.get(fileName);
  if (named?.sha256 === sha256) return true;
  const twin = named ?? [...state.files.values()].find((file) => file.sha256 === sha256);
  if (twin !== undefined) {
    throw new Refusal(
      400,
      `File already exists ('${fileName}', with blake2_256 hash '${blake2b256(bytes)}'). ${REUSE}`,
    );
  }
  if (state.burnt.has(fileName)) {
    throw new Refusal(
      400,
      "This filename was previously used by a file that has since been deleted. " +
        "Use a different version. " + REUSE,
    );
  }
  return false;
}
