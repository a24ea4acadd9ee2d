/**
 * What is in a ready tarball: its files under their paths in the package.
 *
 * @module
 */

import { basename } from "node:path";
import { ARCHIVE_LIMITS } from "../../artifact/archive/archive_guard.ts";
import { type ArchiveEntry, readTarGz } from "../../artifact/archive/tarball.ts";
import { findCredential } from "../../artifact/credential_files.ts";
import type { CredentialFile } from "../../core/release/credential_file.ts";
import { Failure } from "../../error.ts";
import { pickReadme } from "./package_check.ts";

/** What is in a tarball, without the folder `package` in front. */
export interface TarballContent {
  /** Every file. */
  readonly paths: readonly string[];
  /** package.json and the READMEs, by path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly executables: ReadonlySet<string>;
  /** The files that look like credentials. */
  readonly credentials: readonly CredentialFile[];
}

/** A README or package.json beyond this is none. */
const TEXT_LIMIT = 4 * 2 ** 20;

/** Lists a tarball. Throws what {@link visitFiles} throws. */
export async function readContent(path: string): Promise<TarballContent> {
  const paths: string[] = [];
  const texts = new Map<string, string>();
  const executables = new Set<string>();
  const credentials: CredentialFile[] = [];
  await visitFiles(path, async (inner, entry) => {
    paths.push(inner);
    const { size } = entry;
    if ((entry.mode & 0o111) !== 0) executables.add(inner);
    const isText = inner === "package.json" || pickReadme([inner]) !== undefined;
    if (!isText) {
      const credential = await findCredential({ path: inner, size, text: entry.text });
      if (credential !== undefined) credentials.push(credential);
    } else if (size <= TEXT_LIMIT) texts.set(inner, await entry.text());
    else if (inner === "package.json") {
      throw unfitArchive(path, `its package.json has ${size} bytes`);
    }
  });
  return { paths, texts, executables, credentials };
}

/** The contents of some files. */
export async function readSome(
  path: string,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  if (wanted.length === 0) return contents;
  await visitFiles(path, async (inner, entry) => {
    if (wanted.includes(inner)) contents.set(inner, await entry.bytes());
  });
  return contents;
}

/**
 * Visits the files under their paths in the package. Throws `PIOT_ARTIFACT_INVALID` for a tarball that is unsafe, and for
 * one that holds what npm would leave out or put elsewhere.
 */
export async function visitFiles(
  path: string,
  visit: (inner: string, entry: ArchiveEntry) => void | Promise<void>,
): Promise<void> {
  await readTarGz(path, ARCHIVE_LIMITS, async (entry) => {
    if (entry.path !== "package" && !entry.path.startsWith("package/")) {
      // npm takes the first folder of each path away, whatever it is called (pacote lib/fetcher.js, `strip: 1`).
      throw unfitArchive(path, `"${entry.path}" is in it, which is not below "package/"`);
    }
    if (entry.type === "link") {
      // npm leaves links out when it unpacks (pacote lib/fetcher.js), and its registry refuses hard ones.
      throw unfitArchive(path, `"${entry.path}" in it is a link, and npm installs none`);
    }
    if (entry.type === "file") await visit(entry.path.slice("package/".length), entry);
  });
}

function unfitArchive(path: string, found: string): Failure {
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot publish "${basename(path)}": ${found}`,
    {
      hint:
        "Pack it with `npm pack` or `pnpm pack`, with copies where it has links, or deliver the package's folder instead of a tarball",
    },
  );
}
