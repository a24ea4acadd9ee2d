/**
 * What a caller of the library gets: events, results and failures without secrets, of a host that lets none out.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import { type SealedHost, sealHost } from "../host/seal_host.ts";
import type { Event } from "../report/report.ts";
import type { Vault } from "../secret/vault.ts";

/**
 * Runs with a sealed host. Secrets that are told of are in its vault before anybody hears of them; what else is told or
 * thrown holds none that is known by then.
 */
export async function runSealed<T>(
  host: Host,
  onEvent: ((event: Event) => void) | undefined,
  run: (host: SealedHost, emit: (event: Event) => void) => Promise<T>,
): Promise<T> {
  const sealed = sealHost(host);
  const { vault } = sealed;
  try {
    return await run(sealed, (event) => onEvent?.(cleanEvent(vault, event)));
  } catch (error) {
    throw vault.clean(error);
  }
}

/** An event without secrets; one that tells of a secret is as it is, and the vault knows it from here on. */
export function cleanEvent(vault: Vault, event: Event): Event {
  if (event.type === "secret") {
    vault.add(event.secret);
    return event;
  }
  // A plan is large, and as a rule holds none: one look at the whole of it is a tenth of what a look at each text takes.
  if (event.type === "plan" && isClean(vault, event)) return event;
  return vault.clean(event);
}

function isClean(vault: Vault, event: Event): boolean {
  const text = JSON.stringify(event);
  return vault.redact(text) === text;
}
