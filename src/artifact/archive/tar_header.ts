/**
 * What the headers of a tar archive say: ustar, GNU and pax (POSIX.1-2024, `pax`; GNU tar manual, "Basic Tar Format").
 * What two readers could take differently is refused.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type EntryHeader, Refusal } from "./archive_guard.ts";

/** Bytes of a header; everything in an archive begins at a multiple of it. */
export const BLOCK = 512;

/** One header as it stands in the archive. */
export interface RawHeader extends EntryHeader {
  /** The type's own character; `\0` in archives from before POSIX. */
  readonly flag: string;
  readonly mode: number;
}

/** What headers in front of an entry's own say instead of it. */
export interface Overrides {
  readonly name?: string;
  readonly linkname?: string;
  readonly size?: number;
  readonly isSparse?: boolean;
}

/** Types beside plain files. Any other character is a plain file too, as POSIX asks. */
const TYPES: Readonly<Record<string, string>> = {
  "1": "link",
  "2": "symlink",
  "3": "character-device",
  "4": "block-device",
  "5": "directory",
  "6": "fifo",
  // GNU: what follows is not the file's content.
  S: "sparse file",
  M: "part of a file that began in another archive",
};

/** Types whose size says nothing: no content follows. */
const BODYLESS = new Set(["1", "2", "3", "4", "5", "6"]);

/** Reads a header of {@link BLOCK} bytes. Throws {@link Refusal} for one that is damaged. */
export function parseHeader(block: Uint8Array): RawHeader {
  if (octal(block, { at: 148, length: 8 }) !== checksum(block)) {
    throw new Refusal("a header in it is damaged: its checksum is wrong");
  }
  const flag = String.fromCharCode(block[156]!);
  // Owners and the date are none of ours; they are read since a header where they are no numbers is damaged.
  for (const [at, length] of [[108, 8], [116, 8], [136, 12]] as const) {
    amount(block, { at, length });
  }
  const size = amount(block, { at: 124, length: 12 });
  return {
    name: fullName(block),
    linkname: textOf(block.subarray(157, 257)),
    mode: octal(block, { at: 100, length: 8 }),
    size: BODYLESS.has(flag) ? 0 : size,
    type: TYPES[flag] ?? "file",
    flag,
  };
}

/** A ustar header may hold the front of a long path apart; GNU's has other things there. */
function fullName(block: Uint8Array): string {
  const name = textOf(block.subarray(0, 100));
  const isUstar = textOf(block.subarray(257, 263)) === "ustar";
  const prefix = isUstar ? textOf(block.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** The entry that a header and those in front of it describe. */
export function applyOverrides(header: RawHeader, overrides: Overrides): RawHeader {
  const { isSparse, ...said } = overrides;
  const full = { ...header, ...said, ...(BODYLESS.has(header.flag) ? { size: 0 } : {}) };
  if (isSparse) return { ...full, type: "sparse file" };
  // Archives from before POSIX have no type for folders.
  return full.type === "file" && full.name.endsWith("/") ? { ...full, type: "directory" } : full;
}

/** Text up to its first NUL, as UTF-8. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString("utf8");
}

/** Whether there is nothing but zeros. */
export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

interface Field {
  readonly at: number;
  readonly length: number;
}

function octal(block: Uint8Array, { at, length }: Field): number {
  const text = Buffer.from(block.subarray(at, at + length)).toString("latin1").split("\0", 1)[0]!;
  const digits = text.replaceAll(" ", "");
  if (!/^[0-7]*$/.test(digits)) throw new Refusal("a header in it is damaged: a number is none");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

/** Octal, or with the first bit set a number of base 256, as GNU tar writes what octal digits cannot hold. */
function amount(block: Uint8Array, { at, length }: Field): number {
  const first = block[at]!;
  if (first < 0x80) return octal(block, { at, length });
  const rest = block.subarray(at + 1, at + length);
  const value = rest.reduce((sum, byte) => sum * 256 + byte, first & 0x7f);
  if (!Number.isSafeInteger(value)) throw new Refusal("a header in it has a number without end");
  return value;
}

function checksum(block: Uint8Array): number {
  const own = block.subarray(148, 156).reduce((sum, byte) => sum + byte, 0);
  return block.reduce((sum, byte) => sum + byte, 8 * 0x20 - own);
}

/** Reads the records of a pax header, `LENGTH KEY=VALUE\n` each. Throws {@link Refusal} for what is no such record. */
export function parsePax(bytes: Uint8Array): Overrides {
  const overrides: { -readonly [Key in keyof Overrides]: Overrides[Key] } = {};
  const records = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < records.length && records[at] !== 0;) {
    const { key, value, length } = paxRecord(records.subarray(at));
    at += length;
    if (key.startsWith("GNU.sparse.")) overrides.isSparse = true;
    if (!["path", "linkpath", "size"].includes(key)) continue;
    // Empty would mean "as if there were no such record", which readers make different things of.
    if (value === "") throw new Refusal(`a pax header in it has an empty ${key}`);
    if (key === "path") overrides.name = value;
    if (key === "linkpath") overrides.linkname = value;
    if (key === "size") overrides.size = paxSize(value);
  }
  return overrides;
}

function paxRecord(bytes: Buffer): { key: string; value: string; length: number } {
  const [, digits] = /^([1-9]\d{0,7}) /.exec(bytes.toString("latin1", 0, 9)) ?? [];
  const length = Number(digits);
  const text = bytes.toString("utf8", (digits ?? "").length + 1, length);
  const equals = text.indexOf("=");
  if (digits === undefined || length > bytes.length || !text.endsWith("\n") || equals < 1) {
    throw new Refusal("a pax header in it is damaged");
  }
  return { key: text.slice(0, equals), value: text.slice(equals + 1, -1), length };
}

function paxSize(value: string): number {
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(Number(value))) {
    throw new Refusal("a pax header in it has a size that is none");
  }
  return Number(value);
}
