/**
 * Reads MessagePack, as far as pip's cache is written in it (msgpack/msgpack, `spec.md`).
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** What is read: maps become objects, strings and numbers themselves, `bin` the bytes. */
export type Unpacked =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Unpacked[]
  | { readonly [key: string]: Unpacked };

/** Decodes the first value; throws for what is none, and for extensions, which pip does not write. */
export function decodeMessagePack(bytes: Uint8Array): Unpacked {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > buffer.length) throw new Error("it ends in the middle of a value");
    return buffer.subarray(at, at += length);
  };
  const count = (width: number): number => take(width).readUIntBE(0, width);
  const text = (length: number): string => take(length).toString("utf8");
  const list = (length: number): readonly Unpacked[] => Array.from({ length }, value);
  const map = (length: number): Unpacked => {
    const pairs: [string, Unpacked][] = [];
    for (let index = 0; index < length; index++) pairs.push([String(value()), value()]);
    return Object.fromEntries(pairs);
  };
  const readers: Readonly<Record<number, () => Unpacked>> = {
    0xc0: () => null,
    0xc2: () => false,
    0xc3: () => true,
    0xc4: () => take(count(1)),
    0xc5: () => take(count(2)),
    0xc6: () => take(count(4)),
    0xca: () => take(4).readFloatBE(),
    0xcb: () => take(8).readDoubleBE(),
    0xcc: () => count(1),
    0xcd: () => count(2),
    0xce: () => count(4),
    0xcf: () => Number(take(8).readBigUInt64BE()),
    0xd0: () => take(1).readInt8(),
    0xd1: () => take(2).readInt16BE(),
    0xd2: () => take(4).readInt32BE(),
    0xd3: () => Number(take(8).readBigInt64BE()),
    0xd9: () => text(count(1)),
    0xda: () => text(count(2)),
    0xdb: () => text(count(4)),
    0xdc: () => list(count(2)),
    0xdd: () => list(count(4)),
    0xde: () => map(count(2)),
    0xdf: () => map(count(4)),
  };
  function value(): Unpacked {
    const type = count(1);
    if (type < 0x80) return type;
    if (type < 0x90) return map(type & 0x0f);
    if (type < 0xa0) return list(type & 0x0f);
    if (type < 0xc0) return text(type & 0x1f);
    if (type >= 0xe0) return type - 0x100;
    const read = readers[type];
    if (read === undefined) throw new Error(`it has a value of type ${type}`);
    return read();
  }
  return value();
}
