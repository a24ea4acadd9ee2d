/**
 * Reads `.tar.gz` archives that may be hostile: streamed, bounded, and refused as soon as one entry would land outside
 * the folder that the archive is unpacked to. Nothing is ever written to disk.
 *
 * @module
 */

import { basename } from "node:path";
import { createTarDecoder } from "modern-tar";
import { Failure, messageOf } from "../error.ts";
import { createEntryGuard } from "./tarball_guard.ts";
import { unzip } from "./tarball_unzip.ts";
import { visitEntries, VisitError } from "./tarball_visit.ts";

/** How much an archive may hold. */
export interface ArchiveLimits {
  /** Entries of any kind. */
  readonly entries: number;
  /** Bytes of one file. */
  readonly entryBytes: number;
  /** Bytes of the whole archive, unpacked, with its headers. */
  readonly totalBytes: number;
}

/** More than any registry takes, and little enough to read in seconds. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 100_000,
  entryBytes: 2 ** 30,
  totalBytes: 4 * 2 ** 30,
};

/** One entry, while the archive is read. Its content is gone once `visit` has returned. */
export interface ArchiveEntry {
  /** `/`-separated, relative, without `.` or `..`; a folder's has no slash at the end. */
  readonly path: string;
  readonly type: "file" | "folder" | "link";
  /** Bytes of its content. */
  readonly size: number;
  /** Permission bits, such as 0o755. */
  readonly mode: number;
  /** The content, in pieces; may be left unread. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole content. For small files only: it is held in memory. */
  readonly bytes: () => Promise<Uint8Array>;
  /** The whole content as UTF-8. For small files only. */
  readonly text: () => Promise<string>;
}

/** Called for each entry in the archive's order. */
export type Visit = (entry: ArchiveEntry) => void | Promise<void>;

/**
 * Reads a gzipped tar (POSIX ustar, pax, GNU long names) from a file's path, from memory, or from a stream. Throws
 * `PIOT_ARTIFACT_INVALID` for one that is damaged, passes a limit, or holds an absolute path, a `..`, a link that
 * leaves the archive, a device, or one path twice; `PIOT_FILE_UNREADABLE` when the file itself cannot be read. What
 * `visit` throws comes out as it is.
 */
export async function readTarGz(
  source: string | Uint8Array | AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
  visit: Visit,
): Promise<void> {
  const name = typeof source === "string" ? `"${basename(source)}"` : "the archive";
  const guard = createEntryGuard(limits);
  const decoder = createTarDecoder({ strict: true });
  try {
    const feeding = feed(unzip(source, limits), decoder.writable);
    const draining = visitEntries(decoder.readable, { guard, visit });
    await bothEnd(feeding, draining);
  } catch (error) {
    throw asFailure(error, name);
  }
}

function asFailure(error: unknown, name: string): unknown {
  if (error instanceof VisitError) return error.cause;
  if (error instanceof Failure) return error;
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

/** Waits for both sides; the reader's reason comes first, since the writer only hears that nobody listens any more. */
async function bothEnd(feeding: Promise<void>, draining: Promise<void>): Promise<void> {
  const [fed, drained] = await Promise.allSettled([feeding, draining]);
  if (drained.status === "rejected") throw drained.reason;
  if (fed.status === "rejected") throw fed.reason;
}

async function feed(
  chunks: AsyncIterable<Uint8Array>,
  writable: WritableStream<Uint8Array>,
): Promise<void> {
  const writer = writable.getWriter();
  // Rejections reach us through write(); this one is only their echo.
  writer.closed.catch(() => {});
  try {
    for await (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => {});
    throw error;
  }
}
