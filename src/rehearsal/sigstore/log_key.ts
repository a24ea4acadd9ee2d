/**
 * A key of the local Sigstore: ECDSA on P-256, named by the digest of its public half.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";

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
