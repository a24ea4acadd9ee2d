/**
 * What a user's cargo has in its caches: index files of crates that it looked at, and crates that it downloaded
 * (rust-lang/cargo, `sources/registry/index/cache.rs`).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readBytesIfThere } from "../../../host/files.ts";
import type { Answer } from "../../server/outside.ts";
import { indexPath } from "../index_line.ts";

/** One line of an index file. */
export interface IndexLine {
  readonly name: string;
  readonly vers: string;
  /** sha256 of the crate, hex. */
  readonly cksum: string;
  readonly [key: string]: unknown;
}

/** Reads an index line; throws for what is none. */
export function readIndexLine(text: string): IndexLine {
  const line = JSON.parse(text) as Partial<IndexLine> | null;
  const { name, vers, cksum } = line ?? {};
  if (typeof name !== "string" || typeof vers !== "string" || typeof cksum !== "string") {
    throw new Error("a line of the index has no name, no version or no checksum");
  }
  return line as IndexLine;
}

/** Caches of one cargo, as far as they are of the registries on these hosts. */
export interface CargoCache {
  /** Every version of a crate that was written there after a time, in milliseconds since 1970. */
  readonly index: (name: string, after: number) => Promise<Answer<readonly IndexLine[]>>;
  /** A crate whose bytes have a checksum. */
  readonly crate: (
    crate: { readonly name: string; readonly version: string; readonly cksum: string },
  ) => Promise<Answer<Uint8Array>>;
}

/** Opens the caches in cargo's home. Every registry has a folder in them: its host, and a hash of its address. */
export function openCargoCache(home: string, hosts: readonly string[]): CargoCache {
  const root = join(home, "registry");
  const from = `cargo's cache (${root})`;
  const missing = { state: "unanswered", why: `${from} has none` } as const;
  const read = async (
    path: (registry: string) => string,
    { kind, after = 0 }: { readonly kind: "index" | "cache"; readonly after?: number },
  ): Promise<readonly Buffer[]> => {
    const all = await readdir(join(root, kind)).catch(() => []);
    const own = all.filter((name) => hosts.some((host) => name.startsWith(`${host}-`)));
    const found = await Promise.all(
      own.map((name) => readNewer(path(join(root, kind, name)), after)),
    );
    return found.flatMap((bytes) => bytes === undefined ? [] : Buffer.from(bytes));
  };
  return {
    index: async (name, after) => {
      const lines = new Map<string, IndexLine>();
      const path = join(".cache", indexPath(name));
      for (const bytes of await read((folder) => join(folder, path), { kind: "index", after })) {
        for (const line of cachedLines(bytes)) {
          if (!lines.has(line.vers)) lines.set(line.vers, line);
        }
      }
      return lines.size === 0 ? missing : { state: "found", value: [...lines.values()], from };
    },
    crate: async ({ name, version, cksum }) => {
      const file = `${name}-${version}.crate`;
      const held = await read((folder) => join(folder, file), { kind: "cache" });
      const right = held.find((bytes) =>
        createHash("sha256").update(bytes).digest("hex") === cksum
      );
      return right === undefined ? missing : { state: "found", value: right, from };
    },
  };
}

/** A file that was written after a time; undefined when there is none, or none that may be read. */
async function readNewer(path: string, after: number): Promise<Uint8Array | undefined> {
  try {
    return (await stat(path)).mtimeMs > after ? await readBytesIfThere(path) : undefined;
  } catch {
    return undefined;
  }
}

/** Between bytes of zero stand the header, then each version and its line. */
function cachedLines(bytes: Buffer): readonly IndexLine[] {
  return bytes.toString("utf8").split("\0").filter((part) => part.startsWith("{")).flatMap(
    (part) => {
      try {
        return readIndexLine(part);
      } catch {
        // A file that cargo was writing when it was ended.
        return [];
      }
    },
  );
}
