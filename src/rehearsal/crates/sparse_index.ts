/**
 * The sparse index of the local crates.io: `config.json` and one file per crate, with validators and, when asked to,
 * as far behind the uploads as the real one's edges can be.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { canonicalCrateName } from "../../core/crates/crate_names.ts";
import { sparseIndexPath } from "../../core/crates/index_path.ts";
import type { LocalReply, LocalRequest } from "../serve.ts";
import type { CratesState, LocalCrate } from "./crates_state.ts";

/** Answers a GET below the index; `path` comes without a slash in front. */
export function serveIndex(
  { state, url }: { readonly state: CratesState; readonly url: string },
  { path, headers }: { readonly path: string; readonly headers: LocalRequest["headers"] },
): LocalReply {
  if (path === "config.json") {
    return withValidator(JSON.stringify({ dl: `${url}/dl`, api: url }), headers);
  }
  const name = path.split("/").at(-1)!;
  const crate = state.crates.get(canonicalCrateName(name));
  // Index paths are lower case, and `-` is not `_` to them.
  if (crate === undefined || sparseIndexPath(crate.name) !== path) return { status: 404, body: "" };
  const versions = visibleVersions(state, crate);
  if (versions.length === 0) return { status: 404, body: "" };
  const lines = versions.map(({ line, yanked }) => JSON.stringify({ ...line, yanked }));
  return withValidator(`${lines.join("\n")}\n`, headers);
}

function visibleVersions(state: CratesState, crate: LocalCrate): LocalCrate["versions"] {
  const key = canonicalCrateName(crate.name);
  const stale = state.stale.get(key);
  if (stale === undefined) return crate.versions;
  stale.reads--;
  if (stale.reads <= 0) state.stale.delete(key);
  return crate.versions.slice(0, stale.versions);
}

function withValidator(body: string, headers: Headers): LocalReply {
  const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
  if (headers.get("if-none-match") === etag) return { status: 304, headers: { etag } };
  return {
    status: 200,
    headers: { etag, "content-type": "text/plain", "cache-control": "public,max-age=600" },
    body,
  };
}
