/**
 * Metadata that is no UTF-8: the core metadata specification asks for it, and whoever reads it otherwise has other letters.
 *
 * @module
 */

/** Where a file stops being UTF-8, as a clause; undefined for one that is none but that. */
export function utf8Problem(path: string, bytes: Uint8Array): string | undefined {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const again = new TextEncoder().encode(text);
  // A byte that means nothing becomes U+FFFD, which has other bytes.
  const at = bytes.findIndex((byte, index) => byte !== again[index]);
  if (at < 0 && again.length === bytes.length) return undefined;
  const line = bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
  const byte = `0x${bytes[at]!.toString(16).padStart(2, "0")}`;
  return `"${path}" is no UTF-8: line ${line} has the byte ${byte}`;
}
