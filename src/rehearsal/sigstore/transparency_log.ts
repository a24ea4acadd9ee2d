/**
 * What makes a log transparent (RFC 6962): the key that names it, its tree with proofs that an entry is in it, and its
 * promises to list a certificate.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A key pair, and how others name it. */
export interface LogKey {
  readonly privateKey: KeyObject;
  /** The public key, as DER (SubjectPublicKeyInfo). */
  readonly spki: Buffer;
  /** SHA-256 of `spki`: the name of a log (RFC 6962 §3.2). */
  readonly id: Buffer;
}

/** Makes a fresh key. */
export function createLogKey(): LogKey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = Buffer.from(publicKey.export({ type: "spki", format: "der" }));
  return { privateKey, spki, id: createHash("sha256").update(spki).digest() };
}

/** The hash of an entry. */
export function leafHash(entry: Uint8Array): Buffer {
  return createHash("sha256").update(Uint8Array.of(0)).update(entry).digest();
}

/** The root over the hashes of all entries; there is at least one. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) throw new Error("unreachable: an empty tree is never asked for its root");
  if (leaves.length === 1) return only;
  const half = splitAt(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

/** What to hash an entry with, from the bottom up, to come to the root. */
export function inclusionProof(leaves: readonly Buffer[], index: number): readonly Buffer[] {
  if (leaves.length <= 1) return [];
  const half = splitAt(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...inclusionProof(left, index), rootOf(right)]
    : [...inclusionProof(right, index - half), rootOf(left)];
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash("sha256").update(Uint8Array.of(1)).update(left).update(right).digest();
}

/** The largest power of two below a number above one. */
function splitAt(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

/** Who promises what about a certificate. */
export interface TimestampOptions {
  /** The authority's public key, as DER. */
  readonly issuer: Uint8Array;
  readonly log: LogKey;
  readonly at: Date;
}

/** A list of one timestamp: the log's promise to list a certificate whose body is given as it is without the promise. */
export function timestampList(body: Buffer, { issuer, log, at }: TimestampOptions): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(at.getTime()));
  // version 1, certificate_timestamp, the time, precert_entry, the entry, no extensions (RFC 6962 §3.2).
  const statement = Buffer.concat([
    Buffer.from([0, 0]),
    time,
    Buffer.from([0, 1]),
    createHash("sha256").update(issuer).digest(),
    sized(body, 3),
    Buffer.from([0, 0]),
  ]);
  const signature = sign("sha256", statement, log.privateKey);
  // Signature algorithm 4, 3: SHA-256 and ECDSA (RFC 5246 §7.4.1.4.1).
  const head = [Buffer.from([0]), log.id, time, Buffer.from([0, 0, 4, 3])];
  return sized(sized(Buffer.concat([...head, sized(signature, 2)]), 2), 2);
}

/** Bytes behind their number, which itself has `width` bytes (RFC 5246 §4.3). */
function sized(bytes: Uint8Array, width: number): Buffer {
  const length = Buffer.alloc(width);
  length.writeUIntBE(bytes.length, 0, width);
  return Buffer.concat([length, bytes]);
}
