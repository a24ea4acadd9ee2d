/** Zip archives written record by record, so that each record can lie. */

import { Buffer } from "node:buffer";
import { crc32 } from "./crc32.ts";
import { deflateRawSync } from "node:zlib";

export interface RawEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** The name in the entry's own header, when it differs. */
  readonly localName?: string;
  /** The unpacked size that both headers claim, when it differs. */
  readonly claims?: number;
  /** The unpacked size that the entry's own header claims, when it differs. */
  readonly localClaims?: number;
  /** The checksum, when it is not worth computing. */
  readonly crc?: number;
  readonly flags?: number;
  readonly method?: number;
  /** Unix mode with its type bits, for the external attributes. */
  readonly mode?: number;
  readonly comment?: string;
  /** Bytes that stand before the entry and belong to nothing. */
  readonly before?: string;
  /** Whether the directory leaves it out. */
  readonly unlisted?: boolean;
}

export interface RawZipOptions {
  readonly comment?: string;
  readonly trailing?: string;
  readonly beforeDirectory?: string;
  /** The number of entries that the end record claims, when it differs. */
  readonly count?: number;
}

export function rawZip(
  entries: readonly RawEntry[],
  options: RawZipOptions = {},
): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const add = (part: Buffer): void => {
    parts.push(part);
    at += part.length;
  };
  for (const entry of entries) {
    add(Buffer.from(entry.before ?? ""));
    if (entry.unlisted !== true) directory.push(centralHeader(entry, at));
    add(localHeader(entry));
    add(packed(entry));
  }
  add(Buffer.from(options.beforeDirectory ?? ""));
  const start = at;
  for (const part of directory) add(part);
  add(
    endRecord({
      start,
      size: at - start,
      count: options.count ?? directory.length,
      comment: options.comment ?? "",
    }),
  );
  add(Buffer.from(options.trailing ?? ""));
  return new Uint8Array(Buffer.concat(parts));
}

function bytesOf({ content = "" }: RawEntry): Buffer {
  return typeof content === "string" ? Buffer.from(content) : Buffer.from(content);
}

function packed(entry: RawEntry): Buffer {
  return (entry.method ?? 8) === 8 ? deflateRawSync(bytesOf(entry)) : bytesOf(entry);
}

/** Flags, method, time, date, crc, sizes: the fields that both headers share. */
function shared(entry: RawEntry, claims: number | undefined): Buffer {
  const buffer = Buffer.alloc(22);
  buffer.writeUInt16LE(entry.flags ?? 0x800, 0);
  buffer.writeUInt16LE(entry.method ?? 8, 2);
  buffer.writeUInt16LE(0x21, 6);
  buffer.writeUInt32LE(entry.crc ?? crc32(bytesOf(entry)), 8);
  buffer.writeUInt32LE(packed(entry).length, 12);
  buffer.writeUInt32LE(claims ?? bytesOf(entry).length, 16);
  return buffer;
}

function localHeader(entry: RawEntry): Buffer {
  const name = Buffer.from(entry.localName ?? entry.name);
  const lengths = Buffer.alloc(4);
  lengths.writeUInt16LE(name.length, 0);
  const start = Buffer.from("504b03041400", "hex");
  const fields = shared(entry, entry.localClaims ?? entry.claims).subarray(0, 20);
  return Buffer.concat([start, fields, lengths, name]);
}

function centralHeader(entry: RawEntry, offset: number): Buffer {
  const name = Buffer.from(entry.name);
  const comment = Buffer.from(entry.comment ?? "");
  const rest = Buffer.alloc(18);
  rest.writeUInt16LE(name.length, 0);
  rest.writeUInt16LE(comment.length, 4);
  rest.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 10);
  rest.writeUInt32LE(offset, 14);
  const start = Buffer.from("504b010214031400", "hex");
  return Buffer.concat([start, shared(entry, entry.claims).subarray(0, 20), rest, name, comment]);
}

function endRecord(
  { start, size, count, comment }: { start: number; size: number; count: number; comment: string },
): Buffer {
  const words = Buffer.from(comment);
  const buffer = Buffer.alloc(22);
  buffer.write("504b0506", "hex");
  buffer.writeUInt16LE(count, 8);
  buffer.writeUInt16LE(count, 10);
  buffer.writeUInt32LE(size, 12);
  buffer.writeUInt32LE(start, 16);
  buffer.writeUInt16LE(words.length, 20);
  return Buffer.concat([buffer, words]);
}
