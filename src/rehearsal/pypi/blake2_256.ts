/**
 * BLAKE2b with 32 bytes, the digest that PyPI names files by.
 *
 * @module
 */

import { blake2b } from "@noble/hashes/blake2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** The digest, lower-case hex. */
export function blake2b256(bytes: Uint8Array): string {
  return bytesToHex(blake2b(bytes, { dkLen: 32 }));
}
