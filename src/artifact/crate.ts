/**
 * Reads a `.crate` that somebody else packed: which members it has, and by which of git's object ids each could be a file of
 * a commit.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { CredentialFile } from "../core/release/credential_file.ts";
import { Failure } from "../error.ts";
import { isLfsPointer } from "../host/lfs_pointers.ts";
import { type ArchiveEntry, readTarGz } from "./archive/tarball.ts";
import { findCredential } from "./credential_files.ts";

/** How git of a repository names its objects. */
export type ObjectFormat = "sha1" | "sha256";

/** One file of a crate. */
export interface CrateMember {
  /** Below the crate's own folder. */
  readonly path: string;
  /**
   * Object ids that a commit may have it by: of its bytes; of its lines with LF, as a checkout with CRLF has them; of the
   * pointer that Git LFS keeps in its place.
   */
  readonly ids: readonly string[];
  /** Whether it is a pointer of Git LFS itself, by its content. */
  readonly isPointer: boolean;
}

/** What a crate holds. */
export interface CrateContents {
  readonly members: readonly CrateMember[];
  /** The texts of the files that cargo writes itself, by their path, as far as they are there. */
  readonly written: ReadonlyMap<string, string>;
  readonly credentials: readonly CredentialFile[];
}

/** The files of a crate that cargo writes, rather than copies. */
export const WRITTEN_BY_CARGO: readonly string[] = [
  "Cargo.toml",
  "Cargo.toml.orig",
  "Cargo.lock",
  ".cargo_vcs_info.json",
];

/** crates.io unpacks 512 MiB at most. */
const LIMITS = { entries: 100_000, entryBytes: 512 * 2 ** 20, totalBytes: 512 * 2 ** 20 };

/** Files above are no texts whose lines could have been written anew, and are not held in memory. */
const LARGEST_TEXT = 16 * 2 ** 20;

/**
 * Reads all of it. `folder` is what every member lies in. Throws `PIOT_ARTIFACT_INVALID` for a member elsewhere, for a link,
 * and for what `readTarGz()` refuses.
 */
export async function readCrate(
  path: string,
  { folder, format }: { readonly folder: string; readonly format: ObjectFormat },
): Promise<CrateContents> {
  const members: CrateMember[] = [];
  const written = new Map<string, string>();
  const credentials: CredentialFile[] = [];
  await readTarGz(path, LIMITS, async (entry) => {
    if (entry.type === "folder") return;
    const own = ownPath(entry, folder);
    if (entry.size > LARGEST_TEXT) {
      members.push({ path: own, ids: await idsOfStream(entry, format), isPointer: false });
      return;
    }
    const bytes = Buffer.from(await entry.bytes());
    const text = (): Promise<string> => Promise.resolve(bytes.toString());
    if (WRITTEN_BY_CARGO.includes(own)) written.set(own, bytes.toString());
    members.push({ path: own, ids: idsOf(bytes, format), isPointer: isLfsPointer(bytes) });
    const credential = await findCredential({ path: own, size: entry.size, text });
    if (credential !== undefined) credentials.push(credential);
  });
  return { members, written, credentials };
}

function ownPath({ path, type }: ArchiveEntry, folder: string): string {
  const found = type === "link"
    ? `it holds a link, "${path}"`
    : path.startsWith(`${folder}/`)
    ? undefined
    : `it holds "${path}", which is not in "${folder}/"`;
  if (found === undefined) return path.slice(folder.length + 1);
  throw new Failure("PIOT_ARTIFACT_INVALID", `Cannot use "${folder}.crate": ${found}`, {
    hint: "Package the crate again with `cargo package`, and deliver what it makes",
  });
}

function idsOf(bytes: Buffer, format: ObjectFormat): readonly string[] {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const ids = [blobId(bytes, format), pointerId({ sha256, size: bytes.length }, format)];
  if (!bytes.includes("\r\n")) return ids;
  // Each byte stays one: what is no text comes out as it was.
  const lines = Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  return [...ids, blobId(lines, format)];
}

async function idsOfStream(
  { body, size }: ArchiveEntry,
  format: ObjectFormat,
): Promise<readonly string[]> {
  const blob = createHash(format).update(`blob ${size}\0`);
  const content = createHash("sha256");
  for await (const chunk of body) {
    blob.update(chunk);
    content.update(chunk);
  }
  return [blob.digest("hex"), pointerId({ sha256: content.digest("hex"), size }, format)];
}

function blobId(bytes: Uint8Array, format: ObjectFormat): string {
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md#the-pointer */
function pointerId(
  { sha256, size }: { readonly sha256: string; readonly size: number },
  format: ObjectFormat,
): string {
  const lines = [
    "version https://git-lfs.github.com/spec/v1",
    `oid sha256:${sha256}`,
    `size ${size}`,
  ];
  return blobId(Buffer.from(`${lines.join("\n")}\n`), format);
}

/** The content of one member; undefined when it is not there. */
export async function readCrateMember(
  path: string,
  member: string,
): Promise<Uint8Array | undefined> {
  let content: Uint8Array | undefined;
  await readTarGz(path, LIMITS, async (entry) => {
    const own = entry.path.slice(entry.path.indexOf("/") + 1);
    if (own === member && entry.type === "file") content = await entry.bytes();
  });
  return content;
}
