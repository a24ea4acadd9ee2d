/**
 * What a user's pip has in its HTTP cache (psf/cachecontrol, `serialize.py` and `caches/file_cache.py`; pip's
 * `network/cache.py`): pages of projects and files that it downloaded.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readBytesIfThere } from "../../../host/files.ts";
import type { Answer } from "../../server/outside.ts";
import { decodeMessagePack } from "./message_pack.ts";
import type { FetchedPage } from "./project_page.ts";

/** A cache of pip's. */
export interface PipCache {
  /** What an address answered, when that was kept after a time, in milliseconds since 1970. */
  readonly body: (url: string, after: number) => Promise<Answer<FetchedPage>>;
}

/** Since pip 23.3 bodies lie beside what is known of them; before, they were one file (pip's news). */
const LAYOUTS = ["http-v2", "http"] as const;

/** Opens the cache in a folder, pip's `cache-dir`. */
export function openPipCache(folder: string): PipCache {
  const from = `pip's cache (${folder})`;
  return {
    body: async (url, after) => {
      const hash = createHash("sha224").update(url).digest("hex");
      for (const layout of LAYOUTS) {
        const path = join(folder, layout, ...hash.slice(0, 5), hash);
        const page = await readEntry(path, after).catch(() => undefined);
        if (page !== undefined) return { state: "found", value: page, from };
      }
      return { state: "unanswered", why: `${from} has none` };
    },
  };
}

/** The only form that pip has written since 2015. */
const MARK = "cc=4,";

async function readEntry(path: string, after: number): Promise<FetchedPage | undefined> {
  const bytes = await readBytesIfThere(path);
  if (bytes === undefined || (await stat(path)).mtimeMs <= after) return undefined;
  if (Buffer.from(bytes.subarray(0, MARK.length)).toString("latin1") !== MARK) return undefined;
  const { response } = decodeMessagePack(bytes.subarray(MARK.length)) as {
    readonly response: {
      readonly body: Uint8Array;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
    };
  };
  if (response.status !== 200) return undefined;
  const headers = new Headers(Object.entries(response.headers));
  const raw = response.body.length > 0 ? response.body : await readBytesIfThere(`${path}.body`);
  if (raw === undefined) return undefined;
  // Kept as it was sent.
  const isPacked = headers.get("content-encoding") === "gzip";
  return { bytes: isPacked ? gunzipSync(raw) : raw, type: headers.get("content-type") ?? "" };
}
