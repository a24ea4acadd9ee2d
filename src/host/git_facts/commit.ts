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
  const values = (key: string): string[] =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const [tree = ""] = values("tree");
  const message = end === -1 ? "" : decode(bytes.subarray(end + 2), values("encoding")[0]);
  return { tree, parents: values("parent"), message };
}

/** An encoding that nobody knows is read as UTF-8: trailers are ASCII in either case. */
function decode(bytes: Uint8Array, encoding = "utf-8"): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
