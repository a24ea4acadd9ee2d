/**
 * What a local PyPI answers about one file: its bytes, and its provenance.
 *
 * @module
 */

import type { LocalReply } from "../serve.ts";
import type { PypiState } from "./state.ts";

/** `/packages/…`: a file's bytes. */
export function download(state: PypiState, path: string): LocalReply | undefined {
  const [, hash = "", name = ""] = /^\/packages\/([0-9a-f/]+)\/([^/]+)$/.exec(path) ?? [];
  if (name === "") return undefined;
  const file = state.files.get(decodeURIComponent(name));
  if (file?.sha256 !== hash.replaceAll("/", "")) return { status: 404, body: "404 Not Found" };
  const type = file.kind === "sdist" ? "application/x-tar" : "binary/octet-stream";
  return { status: 200, headers: { "content-type": type }, body: file.bytes };
}

/** `/integrity/…/provenance`: what is known of a file's origin. */
export function integrityApi(path: string): LocalReply | undefined {
  const name = /^\/integrity\/[^/]+\/[^/]+\/([^/]+)\/provenance$/.exec(path)?.[1];
  if (name === undefined) return undefined;
  return {
    status: 404,
    body: { message: `No provenance available for ${decodeURIComponent(name)}` },
  };
}
