/**
 * What a user's npm has in its cache: answers of registries, by their address, and files, by their digest. The layout is
 * that of cacache, `index-v5/` and `content-v2/` (npm/cacache, `lib/entry-index.js` and `lib/content/path.js`), with the
 * keys of make-fetch-happen (`lib/cache/key.js`).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { readBytesIfThere, readTextIfThere } from "../../../host/files.ts";
import type { Answer } from "../../server/outside.ts";

/** The cache of one npm. */
export interface NpmCache {
  /** What was answered at an address after a time, in milliseconds since 1970. */
  readonly answer: (url: string, after: number) => Promise<Answer<Uint8Array>>;
  /** The file with a digest, as `sha512-…`; of several, separated by blanks, the strongest counts. */
  readonly file: (integrity: string) => Promise<Answer<Uint8Array>>;
}

/** Opens the cache in a folder, npm's `cache` setting. */
export function openNpmCache(folder: string): NpmCache {
  const root = join(folder, "_cacache");
  const from = `npm's cache (${folder})`;
  const missing = { state: "unanswered", why: `${from} has none` } as const;
  const file = async (integrity: string): Promise<Answer<Uint8Array>> => {
    const digest = strongest(integrity);
    if (digest === undefined) return { state: "unanswered", why: `"${integrity}" is no digest` };
    const { algorithm, hex } = digest;
    const bytes = await readBytesIfThere(join(root, "content-v2", algorithm, ...split(hex)));
    if (bytes === undefined) return missing;
    // A cache that was broken off is none: npm takes it for that too.
    const found = createHash(algorithm).update(bytes).digest("hex");
    return found === hex ? { state: "found", value: bytes, from } : missing;
  };
  return {
    file,
    answer: async (url, after) => {
      const entry = await newest(root, { url, after });
      return entry === undefined ? missing : await file(entry.integrity);
    },
  };
}

/** Folders of two characters each, and the rest. */
function split(hex: string): readonly string[] {
  return [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
}

const ALGORITHMS = ["sha512", "sha384", "sha256", "sha1"];

function strongest(
  integrity: string,
): { readonly algorithm: string; readonly hex: string } | undefined {
  const digests = integrity.trim().split(/\s+/).map((digest) => digest.split("-", 2));
  for (const algorithm of ALGORITHMS) {
    const found = digests.find(([name]) => name === algorithm)?.[1];
    if (found !== undefined) {
      return { algorithm, hex: Buffer.from(found, "base64").toString("hex") };
    }
  }
  return undefined;
}

interface Entry {
  readonly key: string;
  readonly integrity: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

async function newest(
  root: string,
  { url, after }: { readonly url: string; readonly after: number },
): Promise<Entry | undefined> {
  const key = `make-fetch-happen:request-cache:${url}`;
  const bucket = createHash("sha256").update(key).digest("hex");
  const text = await readTextIfThere(join(root, "index-v5", ...split(bucket))) ?? "";
  const entries = text.split("\n").flatMap((line) => readEntry(line) ?? [])
    .filter((entry) => entry.key === key && entry.time > after);
  return entries.sort((a, b) => a.time - b.time).at(-1);
}

/** A line is a sha1 of its JSON, a tab, and that; what does not fit was broken off. */
function readEntry(line: string): Entry | undefined {
  const [hash, json = ""] = line.split("\t", 2);
  if (hash !== createHash("sha1").update(json).digest("hex")) return undefined;
  const { key, integrity, time } = JSON.parse(json) as Partial<Entry>;
  const isWhole = typeof key === "string" && typeof integrity === "string" &&
    typeof time === "number";
  return isWhole ? { key, integrity, time } : undefined;
}
