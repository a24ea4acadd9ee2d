/**
 * Reads a source distribution and holds its PKG-INFO against its file name and its folder.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { basename } from "node:path";
import { type CoreMetadata, metadataFields, parseMetadata } from "../core/pypi/core_metadata.ts";
import { metadataProblems } from "../core/pypi/metadata_rules.ts";
import { parseSdistName, type SdistName } from "../core/pypi/file_name.ts";
import { utf8Problem } from "../core/pypi/utf8_problem.ts";
import type { CredentialFile } from "../core/release/credential_file.ts";
import { ARCHIVE_LIMITS, type ArchiveLimits } from "./archive/archive_guard.ts";
import { readTarGz } from "./archive/tarball.ts";
import { findCredential } from "./credential_files.ts";

/** A source distribution as read. */
export interface ReadSdist {
  readonly kind: "sdist";
  readonly name: SdistName;
  /** Undefined when it has none. */
  readonly metadata: CoreMetadata | undefined;
  /** What is wrong with it, as clauses; empty for an sdist that PyPI takes. */
  readonly problems: readonly string[];
  /** Members that look like credentials, by their paths below its folder. */
  readonly credentials: readonly CredentialFile[];
}

const PKG_INFO_LIMIT = 8 * 2 ** 20;

/**
 * Reads a `.tar.gz`, streaming it once. A text says why the file name is none of an sdist. Throws
 * `PIOT_ARTIFACT_INVALID` for an archive that cannot be read or is unsafe to unpack.
 */
export async function readSdist(
  path: string,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<ReadSdist | string> {
  const name = parseSdistName(basename(path));
  if (typeof name === "string") return name;
  const folder = name.fileName.slice(0, -".tar.gz".length);
  const paths = new Set<string>();
  const spellings: string[] = [];
  const problems: string[] = [];
  const credentials: CredentialFile[] = [];
  let metadata: CoreMetadata | undefined;
  await readTarGz(path, limits, async (entry) => {
    spellings.push(entry.spelled.replace(/\/+$/, ""));
    if (entry.type === "folder") return;
    paths.add(entry.path);
    const own = entry.path.slice(entry.path.indexOf("/") + 1);
    const credential = await findCredential({ path: own, size: entry.size, text: entry.text });
    if (credential !== undefined) credentials.push(credential);
    if (entry.path !== `${folder}/PKG-INFO` || entry.type !== "file") return;
    if (entry.size > PKG_INFO_LIMIT) {
      problems.push(`its PKG-INFO is larger than ${PKG_INFO_LIMIT} bytes`);
    } else {
      const bytes = await entry.bytes();
      const flaw = utf8Problem(entry.path, bytes);
      if (flaw !== undefined) problems.push(flaw);
      metadata = parseMetadata(Buffer.from(bytes).toString("utf8"));
    }
  });
  return {
    kind: "sdist",
    name,
    metadata,
    credentials,
    problems: [
      ...problems,
      ...layoutProblems([...paths], folder),
      ...spellingProblems(spellings, folder),
      ...(metadata === undefined ? [] : metadataProblems(metadata)),
      ...(metadata === undefined ? [] : missingLicences(paths, { folder, metadata })),
    ],
  };
}

function layoutProblems(paths: readonly string[], folder: string): string[] {
  const outside = paths.find((path) => !path.startsWith(`${folder}/`));
  if (outside !== undefined) return [`"${outside}" lies outside its folder "${folder}"`];
  return paths.includes(`${folder}/PKG-INFO`) ? [] : [`it has no "${folder}/PKG-INFO"`];
}

/** PyPI goes by the names as they are spelled (pypi/warehouse `forklift/legacy.py`, `_is_valid_dist_file`). */
function spellingProblems(spellings: readonly string[], folder: string): string[] {
  const odd = spellings.find((path) => /^\.?\/|\/\/|\/\.\/|\/\.$/.test(path));
  return odd === undefined
    ? []
    : [`"${odd}" is not spelled as PyPI looks for it, which is "${folder}/…" without more`];
}

/** PyPI looks for each licence file below the sdist's folder since metadata 2.4 (PEP 639). */
function missingLicences(
  paths: ReadonlySet<string>,
  { folder, metadata }: { readonly folder: string; readonly metadata: CoreMetadata },
): string[] {
  if (!metadata.hasLicenceFiles) return [];
  return metadataFields(metadata, "License-File")
    .filter((path) => !paths.has(`${folder}/${path}`))
    .map((path) => `License-File "${path}" is not in it at "${folder}/${path}"`);
}
