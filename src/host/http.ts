/**
 * The one HTTP client: `fetch` with a time limit, redirects that cannot carry a credential to another origin, and
 * retries for requests that are harmless to repeat. An answer of any status is an answer; only silence is a failure.
 *
 * @module
 */

import { Failure, messageOf } from "../error.ts";
import { guardBody } from "./guard_body.ts";
import type { Clock } from "./host.ts";
import {
  collectBody,
  isStreamedBody,
  type SendStreamed,
  type StreamedBody,
} from "./streamed_body.ts";

/** What a request can ask for beyond `fetch`. */
export interface HttpRequest extends Omit<RequestInit, "redirect" | "body"> {
  /** What is sent; a {@link StreamedBody} is never held in memory as a whole. */
  readonly body?: BodyInit | StreamedBody | null;
  /** Whether sending it twice is harmless; GET and HEAD are by default, nothing else is. */
  readonly idempotent?: boolean;
  /** Milliseconds until an attempt is given up; 30 seconds by default. */
  readonly timeout?: number;
}

/** Sends a request; throws `PIOT_NETWORK` when no answer came and `PIOT_URL_INSECURE` for plain HTTP off this machine. */
export type Http = (url: string | URL, request?: HttpRequest) => Promise<Response>;

/** Hears of an answer; without a status there was none. The URL has no query: that may hold a secret. */
export type OnAnswer = (answer: { method: string; url: string; status?: number }) => void;

/** What {@link createHttp} is made of. */
export interface HttpParts {
  readonly fetch: typeof fetch;
  /** Sends streamed bodies; without it they are collected and go through `fetch`. */
  readonly sendStreamed?: SendStreamed;
  readonly clock: Clock;
  /** crates.io refuses requests without an identifying one (its data access policy). */
  readonly userAgent: string;
  /** Ends waits between attempts; a request in flight is finished all the same. */
  readonly signal?: AbortSignal;
  readonly onAnswer?: OnAnswer;
}

const TIMEOUT = 30_000;
const WAITS = [500, 2_000, 5_000];
/** A server that asks for more patience than this is answered by a run later on, not by a job that sleeps. */
const LONGEST_WAIT = 60_000;
const MOST_REDIRECTS = 5;
const RETRYABLE = new Set([408, 429, 500, 502, 503, 504]);

/** Makes the client. */
export function createHttp(parts: HttpParts): Http {
  return async (url, request = {}) => {
    const { idempotent = isRead(request.method), ...init } = request;
    for (let attempt = 0;; attempt++) {
      const wait = idempotent ? WAITS[attempt] : undefined;
      const answer = await follow(parts, new URL(url), init).catch((error: unknown) => {
        if (wait === undefined || !isSilence(error)) throw error;
        return undefined;
      });
      if (answer !== undefined && !RETRYABLE.has(answer.status)) return answer;
      const pause = pauseBefore(wait, answer, parts.clock);
      if (pause === undefined) {
        if (answer === undefined) {
          throw new Error("unreachable: silence without a wait left is thrown");
        }
        return answer;
      }
      await answer?.body?.cancel();
      // An interrupted run finishes what is in flight, and does not begin a wait.
      parts.signal?.throwIfAborted();
      await parts.clock.sleep(pause, parts.signal);
    }
  };
}

function isRead(method = "GET"): boolean {
  return ["GET", "HEAD"].includes(method.toUpperCase());
}

function isSilence(error: unknown): boolean {
  return error instanceof Failure && error.code === "PIOT_NETWORK";
}

function pauseBefore(
  wait: number | undefined,
  answer: Response | undefined,
  clock: Clock,
): number | undefined {
  if (wait === undefined) return undefined;
  const asked = retryAfter(answer?.headers.get("retry-after") ?? null, clock);
  if (asked === undefined) return wait;
  return asked > LONGEST_WAIT ? undefined : Math.max(asked, wait);
}

/** Milliseconds that a `Retry-After` header asks for, as seconds or as an HTTP date (RFC 9110 §10.2.3). */
export function retryAfter(header: string | null, clock: Clock): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const until = Date.parse(header);
  return Number.isNaN(until) ? undefined : Math.max(0, until - clock.now().getTime());
}

async function follow(
  parts: HttpParts,
  first: URL,
  init: Omit<HttpRequest, "idempotent">,
): Promise<Response> {
  let url = first;
  let headers = new Headers(init.headers);
  if (!headers.has("user-agent")) headers.set("user-agent", parts.userAgent);
  for (let hop = 0;; hop++) {
    const answer = await send(parts, url, { ...init, headers });
    const location = answer.headers.get("location");
    const redirected = [301, 302, 303, 307, 308].includes(answer.status) && location !== null;
    // A redirected upload is left to the caller: replaying a body, or a credential, elsewhere is never what it meant.
    if (!redirected || !isRead(init.method) || hop >= MOST_REDIRECTS) return answer;
    await answer.body?.cancel();
    const next = new URL(location, url);
    if (next.origin !== url.origin) headers = withoutCredentials(headers);
    url = next;
  }
}

function withoutCredentials(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ["authorization", "cookie", "npm-otp"]) kept.delete(name);
  return kept;
}

async function send(
  parts: HttpParts,
  url: URL,
  init: Omit<HttpRequest, "idempotent">,
): Promise<Response> {
  requireSecure(url);
  const { timeout = TIMEOUT, signal, ...rest } = init;
  const limit = AbortSignal.timeout(timeout);
  const signals = [limit, signal].filter((one) => one instanceof AbortSignal);
  const told = { method: init.method ?? "GET", url: `${url.origin}${url.pathname}` };
  const silence = (error: unknown): Failure => {
    // What is sent could not be read: that is no fault of the network's.
    if (error instanceof Failure) return error;
    const why = limit.aborted ? `no answer within ${timeout / 1000} s` : innermost(error);
    return new Failure("PIOT_NETWORK", `Cannot reach ${url.origin}: ${why}`, {
      hint: "Check the network and the service's status page, then run again",
      cause: error,
    });
  };
  try {
    const answer = await dispatch(parts, url, { ...rest, signal: AbortSignal.any(signals) });
    parts.onAnswer?.({ ...told, status: answer.status });
    return guardBody(answer, silence);
  } catch (error) {
    parts.onAnswer?.(told);
    throw silence(error);
  }
}

async function dispatch(
  parts: HttpParts,
  url: URL,
  request: Omit<HttpRequest, "idempotent" | "timeout"> & { readonly signal: AbortSignal },
): Promise<Response> {
  const { body, method = "GET", headers, signal, ...rest } = request;
  if (isStreamedBody(body) && parts.sendStreamed !== undefined) {
    return await parts.sendStreamed(url, { method, headers: new Headers(headers), body, signal });
  }
  const whole = isStreamedBody(body) ? await collectBody(body) : body;
  return await parts.fetch(url, {
    ...rest,
    method,
    signal,
    redirect: "manual",
    ...(headers === undefined ? {} : { headers }),
    ...(whole === undefined ? {} : { body: isRead(method) ? whole : sentOnce(whole) }),
  });
}

/**
 * A body that `fetch` cannot start again. Deno's sends a request a second time, whatever its method, when the connection
 * closes before an answer and the body is text or bytes; a Blob's it does not. Seen with Deno 2.9 against a server that
 * drops a POST after reading it.
 */
function sentOnce(body: BodyInit | null): BodyInit | null {
  if (body instanceof URLSearchParams) return toBlob(body.toString(), FORM);
  if (typeof body === "string") return toBlob(body, "text/plain;charset=UTF-8");
  return ArrayBuffer.isView(body) || body instanceof ArrayBuffer ? toBlob(body, "") : body;
}

const FORM = "application/x-www-form-urlencoded;charset=UTF-8";

function toBlob(part: BlobPart, type: string): BodyInit {
  const blob = new Blob([part], { type });
  // An empty Blob would go out in chunks, which servers refuse.
  return blob.size === 0 ? "" : blob;
}

/** Node hides the reason ("connect ECONNREFUSED …") in the cause of "fetch failed". */
function innermost(error: unknown): string {
  return error instanceof Error && error.cause !== undefined
    ? innermost(error.cause)
    : messageOf(error);
}

/** Whether a host name is this machine itself, the only place that plain HTTP may go to. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function requireSecure(url: URL): void {
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return;
  throw new Failure(
    "PIOT_URL_INSECURE",
    `Cannot send to ${url.origin}: it is neither https nor on this machine`,
    {
      hint: "Use an https address, or http on 127.0.0.1 for rehearsals",
    },
  );
}
