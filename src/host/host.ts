/**
 * The machine as this program sees it. Handed to every command; each function below takes only the parts that it uses.
 *
 * @module
 */

import type { Vault } from "../secret/vault.ts";
import type { StreamedBody } from "./streamed_body.ts";

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The clock: passed in, so that no test waits and none depends on the hour. */
export interface Clock {
  /** The time now. */
  now(): Date;
  /** Waits for a number of milliseconds; rejects with the signal's reason when that is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** What a request can ask for beyond `fetch`. */
export interface HttpRequest extends Omit<RequestInit, "redirect" | "body"> {
  /** What is sent; a {@link StreamedBody} is never held in memory as a whole. */
  readonly body?: BodyInit | StreamedBody | null;
  /** Whether sending it twice is harmless; GET and HEAD are by default, nothing else is. */
  readonly idempotent?: boolean;
  /** Awaited before every attempt, the first one too: a server may ask for a pace, which repeating has to keep. */
  readonly turn?: () => Promise<void>;
  /** Milliseconds until the answer to an attempt begins; 30 seconds by default. */
  readonly timeout?: number;
  /** Bytes of an answer that are taken, unpacked; 4 MiB by default. */
  readonly limit?: number;
  /**
   * Whether a redirect may lead to another origin, without any credential. What a foreign server says is the registry's
   * word otherwise, so that it may not by default.
   */
  readonly crossOrigin?: boolean;
}

/**
 * Sends a request, and reads its answer to the end. Throws `PIOT_NETWORK` when none came, `PIOT_ANSWER_…` for one that
 * nobody can use, and `PIOT_URL_INSECURE` for plain HTTP off this machine.
 */
export type Http = (url: string | URL, request?: HttpRequest) => Promise<Response>;

/** Told of an answer; without a status there was none. The URL has no query: that may hold a secret. */
export type OnAnswer = (answer: { method: string; url: string; status?: number }) => void;

/** Everything that a command can reach outside itself, apart from files and programs. */
export interface Host {
  /** The absolute folder that relative paths start from. */
  readonly cwd: string;
  /** Environment variables. */
  readonly env: Env;
  /** The time, and waiting. */
  readonly clock: Clock;
  /** The only way to the network. */
  readonly http: Http;
  /** Writes data for machines. */
  readonly stdout: (text: string) => void;
  /** Writes text for people. */
  readonly stderr: (text: string) => void;
  /** Everything that comes on standard input, as text. */
  readonly stdin: () => Promise<string>;
  /** Aborted when the user interrupts the run. */
  readonly signal: AbortSignal;
  /** Knows the run's secrets. A host that comes without one, or without going through it, is sealed before it is used. */
  readonly vault?: Vault;
}
