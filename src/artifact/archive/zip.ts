/**
 * Reads zip archives that may be hostile: the directory is read first, held against limits and judged name by name;
 * contents are streamed and never longer than they claim. Nothing is ever written to disk.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import yauzl from "yauzl";
import { Failure, messageOf } from "../../error.ts";
import { ARCHIVE_LIMITS, type ArchiveLimits, safePath } from "./archive_guard.ts";
import { type FramedEntry, framingProblems, type LocalHeader } from "./zip_framing.ts";

/** A file in an archive. Folders are not listed. */
export interface ZipEntry {
  /** `/`-separated, relative, without `..`. */
  readonly path: string;
  /** Bytes of its content, unpacked, as the archive claims; reading it fails when that is a lie. */
  readonly size: number;
  /** Type and permissions as Unix has them; 0 where another system wrote the archive. */
  readonly mode: number;
}

/** An open archive. */
export interface Zip {
  /** Bytes of the archive itself. */
  readonly size: number;
  /** In the order of the archive's directory. */
  readonly files: readonly ZipEntry[];
  /** What PyPI's strict reading of the format refuses, as clauses; other readers may not mind. */
  readonly framing: readonly string[];
  /** The content of one file, in pieces. */
  readonly read: (file: ZipEntry) => AsyncIterable<Uint8Array>;
  /** The content of a small file as UTF-8; fails above `limit` bytes, 8 MiB by default. */
  readonly text: (file: ZipEntry, limit?: number) => Promise<string>;
  /** Gives the file handle back. */
  readonly close: () => void;
}

/** What yauzl 3 has beyond the types that are published for version 2. */
type OpenZip = Omit<yauzl.ZipFile, "readEntryCursor"> & {
  readonly readEntryCursor: number;
  readonly eachEntry: () => AsyncIterable<yauzl.Entry>;
  readonly openReadStreamPromise: (entry: yauzl.Entry) => Promise<Readable>;
  readonly readLocalFileHeaderPromise: (entry: yauzl.Entry) => Promise<LocalHeader>;
};

type OpenPromise = (path: string, options: yauzl.Options) => Promise<OpenZip>;

const TEXT_LIMIT = 8 * 2 ** 20;

/**
 * Opens an archive and reads its directory. Throws `PIOT_ARTIFACT_INVALID` for one that is damaged, passes a limit, or
 * holds an absolute path, a `..`, a link, an encrypted entry, or one path twice.
 */
export async function openZip(path: string, limits: ArchiveLimits = ARCHIVE_LIMITS): Promise<Zip> {
  const refuse = (error: unknown): Failure => refusal(path, error);
  const { openPromise } = yauzl as unknown as { readonly openPromise: OpenPromise };
  const zip = await openPromise(path, {
    lazyEntries: true,
    autoClose: false,
    strictFileNames: true,
  })
    .catch((error: unknown) => {
      throw refuse(error);
    });
  try {
    return await readDirectory(zip, { limits, refuse });
  } catch (error) {
    zip.close();
    throw refuse(error);
  }
}

function refusal(path: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot read "${basename(path)}": ${messageOf(error)}`,
    {
      hint: "Build the archive again with the usual tool; this one is damaged or unsafe to unpack",
      cause: error,
    },
  );
}

async function readDirectory(
  zip: OpenZip,
  { limits, refuse }: {
    readonly limits: ArchiveLimits;
    readonly refuse: (error: unknown) => Failure;
  },
): Promise<Zip> {
  if (zip.entryCount > limits.entries) {
    throw new Error(`it holds more than ${limits.entries} entries`);
  }
  const directoryStart = zip.readEntryCursor;
  const entries = new Map<string, yauzl.Entry>();
  const framed: FramedEntry[] = [];
  for await (const entry of zip.eachEntry()) {
    framed.push({ entry, local: await zip.readLocalFileHeaderPromise(entry) });
    if (entry.fileName.endsWith("/")) continue;
    entries.set(judge(entry, entries), entry);
  }
  checkSizes([...entries.values()], limits);
  const read = (file: ZipEntry): AsyncIterable<Uint8Array> =>
    content(zip, { entry: entries.get(file.path)!, refuse });
  return {
    size: zip.fileSize,
    files: [...entries].map(([path, entry]) => ({
      path,
      size: entry.uncompressedSize,
      mode: entry.externalFileAttributes >>> 16,
    })),
    framing: framingProblems(framed, {
      directoryStart,
      directoryEnd: zip.readEntryCursor,
      size: zip.fileSize,
      // Each of its bytes is one character (code page 437).
      commentLength: zip.comment.length,
    }),
    read,
    text: async (file, limit = TEXT_LIMIT) => {
      if (file.size > limit) {
        throw refuse(new Error(`"${file.path}" is larger than ${limit} bytes`));
      }
      return await collectText(read(file));
    },
    close: () => zip.close(),
  };
}

const SYMBOLIC_LINK = 0o120000;
const TYPE_BITS = 0o170000;

/** The path of an entry that may be unpacked anywhere; throws for any other. */
function judge(entry: yauzl.Entry, seen: ReadonlyMap<string, unknown>): string {
  const { fileName } = entry;
  const path = safePath(fileName);
  if (path === undefined) throw new Error(`"${fileName}" would be unpacked outside its folder`);
  if (seen.has(path)) throw new Error(`"${fileName}" is in it twice`);
  if (((entry.externalFileAttributes >>> 16) & TYPE_BITS) === SYMBOLIC_LINK) {
    throw new Error(`"${fileName}" is a link`);
  }
  if (entry.isEncrypted()) throw new Error(`"${fileName}" is encrypted`);
  return path;
}

function checkSizes(entries: readonly yauzl.Entry[], limits: ArchiveLimits): void {
  const large = entries.find(({ uncompressedSize }) => uncompressedSize > limits.entryBytes);
  if (large !== undefined) {
    throw new Error(`"${large.fileName}" is larger than ${limits.entryBytes} bytes`);
  }
  const total = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (total > limits.totalBytes) {
    throw new Error(`it unpacks to more than ${limits.totalBytes} bytes`);
  }
}

/**
 * yauzl ends the stream with an error as soon as it passes, or falls short of, the claimed size; but not where what is
 * stored without compression ends early, since the file has been cut since it was opened.
 */
async function* content(
  zip: OpenZip,
  { entry, refuse }: {
    readonly entry: yauzl.Entry;
    readonly refuse: (error: unknown) => Failure;
  },
): AsyncGenerator<Uint8Array> {
  let left = entry.uncompressedSize;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      left -= (chunk as Uint8Array).length;
      yield chunk as Uint8Array;
    }
    if (left > 0) throw new Error("not enough bytes in the stream");
  } catch (error) {
    throw refuse(new Error(`"${entry.fileName}": ${messageOf(error)}`, { cause: error }));
  }
}

async function collectText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString("utf8");
}
