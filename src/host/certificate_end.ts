/**
 * When a certificate ends.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";

/** The last moment of an X.509 certificate in PEM; undefined for what is none. */
export function certificateEnd(pem: string): Date | undefined {
  try {
    const end = Date.parse(new X509Certificate(pem).validTo);
    return Number.isNaN(end) ? undefined : new Date(end);
  } catch {
    return undefined;
  }
}
