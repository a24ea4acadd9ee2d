/**
 * Tree objects: the entries of one folder.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** One entry of a folder. */
export interface Entry {
  /** Whether it is a folder itself; links and submodules are not. */
  readonly isFolder: boolean;
  /** Mode and object id together: equal for equal entries. */
  readonly mark: string;
  /** Object id. */
  readonly id: string;
}

/** Entries by raw name: see {@link rawName}. */
export type Entries = ReadonlyMap<string, Entry>;

/** A name as a tree's bytes spell it, one character for each byte: cheap to cut out, and exact for any bytes. */
export function rawName(name: string): string {
  // Spelled alike in both: the usual name, thousands of times.
  if (ASCII.test(name)) return name;
  return Buffer.from(name).toString("latin1");
}

// deno-lint-ignore no-control-regex
const ASCII = /^[\u0000-\u007f]*$/;

/** The name that bytes spell; what is not UTF-8 is replaced. */
export function readableName(raw: string): string {
  return Buffer.from(raw, "latin1").toString();
}

/** The entry of a folder with an object id. */
export function folderEntry(id: string): Entry {
  return { isFolder: true, mark: `40000 ${id}`, id };
}

/** A number for a raw name, so that a folder of thousands is searched without making a string of each name. */
function hashName(raw: string): number {
  let hash = 0;
  for (let at = 0; at < raw.length; at++) hash = (Math.imul(hash, 31) + raw.charCodeAt(at)) | 0;
  return hash;
}

/** Reads the bytes of a tree object: `<mode> <name>\0<id>` for each entry. Only the wanted ones, or all. */
export function parseTree(
  bytes: Buffer,
  options: { readonly idBytes: number; readonly wanted?: ReadonlySet<string> },
): Entries {
  const { idBytes, wanted } = options;
  const hashes = wanted === undefined ? undefined : new Set([...wanted].map(hashName));
  const entries = new Map<string, Entry>();
  for (let at = 0; at < bytes.length;) {
    let space = at;
    while (bytes[space] !== 32) space++;
    let nul = space + 1;
    let hash = 0;
    for (let byte = bytes[nul]!; byte !== 0; byte = bytes[++nul]!) {
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    const next = nul + 1 + idBytes;
    if (hashes === undefined || hashes.has(hash)) {
      const name = bytes.toString("latin1", space + 1, nul);
      const mode = bytes.toString("latin1", at, space);
      const id = bytes.toString("hex", nul + 1, next);
      if (wanted?.has(name) !== false) {
        entries.set(name, { isFolder: mode === "40000", mark: `${mode} ${id}`, id });
      }
    }
    at = next;
  }
  return entries;
}
