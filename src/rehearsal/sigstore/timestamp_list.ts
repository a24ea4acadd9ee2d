/**
 * Timestamps of the local certificate log (RFC 6962 §3.2), as a certificate carries them (§3.3).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, sign } from "node:crypto";
import type { LogKey } from "./log_key.ts";

/** Who promises what about a certificate. */
export interface TimestampParts {
  /** The authority's public key, as DER. */
  readonly issuer: Uint8Array;
  readonly log: LogKey;
  readonly at: Date;
}

/** A list of one timestamp: the log's promise to list a certificate whose body is given as it is without the promise. */
export function timestampList(body: Buffer, { issuer, log, at }: TimestampParts): Buffer {
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
