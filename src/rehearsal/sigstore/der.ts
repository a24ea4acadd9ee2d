/**
 * Writes DER, the one byte form that each ASN.1 value has (ITU-T X.690): as much of it as certificates need.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** One encoded value: tag, length, content. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

/** Below 128 one byte; else the number of bytes that follow, and those (X.690 §8.1.3). */
function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + hex.length % 2, "0"), "hex");
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

/** SEQUENCE. */
export function sequence(...items: readonly Uint8Array[]): Buffer {
  return der(0x30, ...items);
}

/** SET. */
export function set(...items: readonly Uint8Array[]): Buffer {
  return der(0x31, ...items);
}

/** INTEGER of big-endian bytes, taken as not negative: without needless zeros in front, with the one that is needed. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const plain = first < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(first));
  return der(0x02, plain[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), plain]) : plain);
}

/** BOOLEAN TRUE; FALSE is always a default in certificates, and defaults are left out. */
export const TRUE: Buffer = der(0x01, Buffer.from([0xff]));

/** OCTET STRING. */
export function octets(bytes: Uint8Array): Buffer {
  return der(0x04, bytes);
}

/** BIT STRING whose last byte has `unused` bits that do not count. */
export function bits(bytes: Uint8Array, unused = 0): Buffer {
  return der(0x03, Buffer.from([unused]), bytes);
}

/** UTF8String. */
export function utf8(text: string): Buffer {
  return der(0x0c, Buffer.from(text));
}

/** UTCTime, which certificates use for dates before 2050 (RFC 5280 §4.1.2.5). */
export function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

/** OBJECT IDENTIFIER, from `1.2.840.10045.4.3.2`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

/** A value with a tag that its place in the structure gives meaning to: `[n] EXPLICIT`. */
export function explicit(number: number, value: Uint8Array): Buffer {
  return der(0xa0 | number, value);
}

/** A plain value with such a tag in place of its own: `[n] IMPLICIT`. */
export function implicit(number: number, content: Uint8Array): Buffer {
  return der(0x80 | number, content);
}
