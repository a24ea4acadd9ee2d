/**
 * Addresses: which may be sent to (this machine itself is the only place that plain HTTP may go to), and how they are shown.
 *
 * @module
 */

import { Failure } from "../error.ts";

/** Whether a host name of a URL is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Whether an address is https, or http on this machine. */
export function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

/** Throws `PIOT_URL_INSECURE` for an address that is neither https nor on this machine. */
export function requireSecure(url: URL): void {
  if (isSecure(url)) return;
  throw new Failure(
    "PIOT_URL_INSECURE",
    `Cannot send to ${url.origin}: it is neither https nor on this machine`,
    {
      hint: "Use an https address, or http on 127.0.0.1 for rehearsals",
    },
  );
}

/** A text whose addresses are without a user's name and password, to be shown. */
export function withoutUsers(text: string): string {
  return text.replace(/(:\/\/)[^/@\s"']+@/g, "$1");
}
