/**
 * A commit object, read.
 *
 * @module
 */

import type { Buffer } from "node:buffer";

/** What of a commit matters here. */
export interface Commit {
  /** The object id of its tree. */
  readonly tree: string;
  /** Object ids, the first one being the branch that it was made on. */
  readonly parents: readonly string[];
  /** The whole message. */
  readonly message: string;
}

/** Reads the bytes of a commit object: headers, an empty line, the message in the encoding that a header may name. */
export function parseCommit(bytes: Buffer): Commit {
  const end = bytes.indexOf("\n\n");
  const headers = bytes.toString("latin1", 0, end === -1 ? bytes.length : end).split("\n");
  let tree = "";
  let encoding: string | undefined;
  const parents: string[] = [];
  for (const line of headers) {
    if (line.startsWith("parent ")) parents.push(line.slice("parent ".length));
    else if (line.startsWith("tree ")) tree = line.slice("tree ".length);
    else if (line.startsWith("encoding ")) encoding = line.slice("encoding ".length);
  }
  return { tree, parents, message: end === -1 ? "" : decode(bytes.subarray(end + 2), encoding) };
}

const UTF8 = new TextDecoder();

/** An encoding that nobody knows is read as UTF-8: trailers are ASCII in either case. */
function decode(bytes: Uint8Array, encoding: string | undefined): string {
  // Nearly every commit, of thousands.
  if (encoding === undefined) return UTF8.decode(bytes);
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return UTF8.decode(bytes);
  }
}
