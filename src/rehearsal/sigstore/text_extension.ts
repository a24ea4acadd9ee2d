/**
 * The extensions in which Fulcio tells what it knows of a signer.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Extension } from "./certificate.ts";
import { oid, utf8 } from "./der.ts";

/** Fulcio's extensions from number 8 on hold a UTF8String (sigstore/fulcio docs/oid-info.md). */
export function textExtension(number: number, text: string): Extension {
  return { id: `1.3.6.1.4.1.57264.1.${number}`, value: utf8(text) };
}

/** The text of one of these extensions in a certificate; undefined when it has none. */
export function certificateText(certificate: Uint8Array, number: number): string | undefined {
  const bytes = Buffer.from(certificate);
  const id = oid(textExtension(number, "").id);
  const at = bytes.indexOf(id);
  if (at < 0) return undefined;
  // The identifier is followed by an OCTET STRING that holds nothing but the UTF8String.
  const outer = contentAt(bytes, at + id.length);
  return contentAt(outer, 0).toString();
}

/** The content of the encoded value at an offset. */
function contentAt(bytes: Buffer, at: number): Buffer {
  const first = bytes[at + 1] ?? 0;
  const width = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + width;
  const length = width === 0 ? first : bytes.readUIntBE(at + 2, width);
  return bytes.subarray(start, start + length);
}
