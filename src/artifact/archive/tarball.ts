/**
 * Reads `.tar.gz` archives that may be hostile: streamed, bounded, and refused as soon as one entry would land outside
 * the folder that the archive is unpacked to. Nothing is ever written to disk.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Failure, messageOf } from "../../error.ts";
import { type ArchiveLimits, createEntryGuard, Refusal } from "./archive_guard.ts";
import { LateRead, tarMembers } from "./tar_walk.ts";

/** One entry, while the archive is read. Its content is gone once `visit` has returned. */
export interface ArchiveEntry {
  /** `/`-separated, relative, without `.` or `..`; a folder's has no slash at the end. */
  readonly path: string;
  /** The path as the archive spells it, which other readers may go by. */
  readonly spelled: string;
  readonly type: "file" | "folder" | "link";
  /** Bytes of its content. */
  readonly size: number;
  /** Permission bits, such as 0o755. */
  readonly mode: number;
  /** The content, in pieces; may be left unread. It, `bytes` or `text` is read once: a second time throws. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole content. For small files only: it is held in memory. */
  readonly bytes: () => Promise<Uint8Array>;
  /** The whole content as UTF-8. For small files only. */
  readonly text: () => Promise<string>;
}

/** Called for each entry in the archive's order. */
export type Visit = (entry: ArchiveEntry) => void | Promise<void>;

/** Where an archive is: a file's path, memory, or a stream. */
export type ArchiveSource = string | Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Reads a gzipped tar (POSIX ustar, pax, GNU long names). Throws `PIOT_ARTIFACT_INVALID` for one that is damaged, passes
 * a limit, or holds an absolute path, a `..`, a link that leaves the archive, a device, or one path twice;
 * `PIOT_FILE_UNREADABLE` when the file itself cannot be read. What `visit` throws comes out as it is.
 */
export async function readTarGz(
  source: ArchiveSource,
  limits: ArchiveLimits,
  visit: Visit,
): Promise<void> {
  const name = typeof source === "string" ? `"${basename(source)}"` : "the archive";
  const refuse = (error: unknown): unknown => asFailure(error, name);
  const guard = createEntryGuard(limits);
  for await (const member of explained(tarMembers(unzip(source, limits)), refuse)) {
    const verdict = guard.admit(member);
    if ("refused" in verdict) throw refuse(new Refusal(verdict.refused));
    // The archive's own root says nothing.
    if (verdict.path === "") continue;
    const body = once(explained(member.body, refuse));
    const bytes = (): Promise<Uint8Array> => collect(body);
    await visit({
      ...verdict,
      spelled: member.name,
      size: member.size,
      mode: member.mode & 0o777,
      body,
      bytes,
      text: async () => Buffer.from(await bytes()).toString("utf8"),
    });
  }
}

/** The same, once: whoever read a part is not given the rest as if it were the whole. */
function once<T>(items: AsyncIterable<T>): AsyncIterable<T> {
  let isRead = false;
  return {
    [Symbol.asyncIterator]: (): AsyncIterator<T> => {
      if (isRead) throw new LateRead("the content of an entry is read once, and was read before");
      isRead = true;
      return items[Symbol.asyncIterator]();
    },
  };
}

/** The same, with its errors explained; those of whoever reads it stay theirs. */
async function* explained<T>(
  items: AsyncIterable<T>,
  explain: (error: unknown) => unknown,
): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    throw explain(error);
  }
}

function asFailure(error: unknown, name: string): unknown {
  if (error instanceof Failure || error instanceof LateRead) return error;
  if ((error as { syscall?: unknown }).syscall !== undefined) {
    return new Failure("PIOT_FILE_UNREADABLE", `Cannot read ${name}: ${messageOf(error)}`, {
      hint: "Check the path and its permissions",
      cause: error,
    });
  }
  return new Failure("PIOT_ARTIFACT_INVALID", `Cannot read ${name}: ${messageOf(error)}`, {
    hint: "Build the archive again with the usual tool; this one is damaged or unsafe to unpack",
    cause: error,
  });
}

/** What may be a bomb, unzipped up to a limit. Throws {@link Refusal} there, and zlib's own errors. */
async function* unzip(
  source: ArchiveSource,
  limits: Pick<ArchiveLimits, "totalBytes">,
): AsyncGenerator<Uint8Array> {
  const input = typeof source === "string"
    ? createReadStream(source)
    : Readable.from(source instanceof Uint8Array ? [source] : source);
  const gunzip = createGunzip();
  input.on("error", (error: Error) => gunzip.destroy(error));
  input.pipe(gunzip);
  let total = 0;
  try {
    for await (const chunk of gunzip) {
      total += (chunk as Uint8Array).length;
      if (total > limits.totalBytes) {
        throw new Refusal(`it unpacks to more than ${limits.totalBytes} bytes`);
      }
      yield chunk as Uint8Array;
    }
  } finally {
    input.destroy();
    gunzip.destroy();
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
