/**
 * One request and its answer: secure, within its time limit, and sent no more than once.
 *
 * @module
 */

import { Failure, messageOf } from "../error.ts";
import {
  ANSWER_LIMITS,
  type AnswerLimits,
  type Asked,
  CODINGS,
  failed,
  readAnswer,
  within,
} from "./answer.ts";
import type { Clock, HttpRequest, OnAnswer } from "./host.ts";
import { requireSecure } from "./loopback.ts";
import { collectBody, isStreamedBody, type SendStreamed } from "./streamed_body.ts";

/** What `createHttp()` is made of. */
export interface HttpOptions {
  readonly fetch: typeof fetch;
  /** Sends streamed bodies; without it they are collected and go through `fetch`. */
  readonly sendStreamed?: SendStreamed;
  readonly clock: Clock;
  /** crates.io refuses requests without an identifying one (its data access policy). */
  readonly userAgent: string;
  /** Ends waits between attempts; a request in flight is finished all the same. */
  readonly signal?: AbortSignal;
  readonly onAnswer?: OnAnswer;
  /** Other limits of answers than the usual ones. */
  readonly limits?: Partial<AnswerLimits>;
}

/** One request, once. */
type Attempt = Omit<HttpRequest, "idempotent" | "crossOrigin" | "turn">;

/**
 * Sends a request; throws `PIOT_NETWORK` when no answer came or it broke off, and what `readAnswer()` throws. Redirects
 * are answers.
 */
export async function sendRequest(
  options: HttpOptions,
  url: URL,
  attempt: Attempt,
): Promise<Response> {
  requireSecure(url);
  const { timeout, limit, signal, ...request } = attempt;
  const limits = {
    ...ANSWER_LIMITS,
    ...options.limits,
    ...definedOnly({ begin: timeout, bytes: limit }),
  };
  const asked = { method: attempt.method ?? "GET", url };
  const stop = new AbortController();
  const signals = [stop.signal, signal].filter((given) => given instanceof AbortSignal);
  const codings = isStreamed(options, request) ? [] : CODINGS;
  let begun: Response | undefined;
  try {
    const sent = dispatch(options, url, {
      ...request,
      headers: asking(request.headers, codings),
      signal: AbortSignal.any(signals),
    });
    begun = await within(sent, limits.begin, () => unreached(url, lateness(limits)));
    return await readAnswer(begun, { asked, limits, codings, stop: () => stop.abort() });
  } catch (error) {
    stop.abort();
    throw explain(error, { asked, begun });
  } finally {
    const { method } = asked;
    const seen = { method, url: `${url.origin}${url.pathname}` };
    options.onAnswer?.(begun === undefined ? seen : { ...seen, status: begun.status });
  }
}

function lateness({ begin }: AnswerLimits): string {
  return `no answer within ${begin / 1000} s`;
}

function definedOnly(
  limits: { begin: number | undefined; bytes: number | undefined },
): Partial<AnswerLimits> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

/** Whoever asks for one coding more than both runtimes unpack gets it, and cannot read it. */
function asking(given: HeadersInit | undefined, codings: readonly string[]): Headers {
  const headers = new Headers(given);
  headers.set("accept-encoding", codings.join(", ") || "identity");
  return headers;
}

function isStreamed({ sendStreamed }: HttpOptions, { body }: Attempt): boolean {
  return isStreamedBody(body) && sendStreamed !== undefined;
}

/** Whether a method only reads (RFC 9110 §9.2.1), so that sending it again is harmless. */
export function isRead(method = "GET"): boolean {
  return ["GET", "HEAD"].includes(method.toUpperCase());
}

async function dispatch(
  options: HttpOptions,
  url: URL,
  request: Omit<Attempt, "timeout" | "limit"> & {
    readonly headers: Headers;
    readonly signal: AbortSignal;
  },
): Promise<Response> {
  const { body, method = "GET", headers, signal, ...rest } = request;
  if (isStreamedBody(body) && options.sendStreamed !== undefined) {
    return await options.sendStreamed(url, { method, headers, body, signal });
  }
  const whole = isStreamedBody(body) ? await collectBody(body) : body;
  return await options.fetch(url, {
    ...rest,
    method,
    headers,
    signal,
    redirect: "manual",
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

function toBlob(content: BlobPart, type: string): BodyInit {
  const blob = new Blob([content], { type });
  // An empty Blob would go out in chunks, which servers refuse.
  return blob.size === 0 ? "" : blob;
}

/** What clients say of an answer that is no HTTP, in codes or in words. The rest of what they say is about the connection. */
const NO_HTTP =
  /^UND_ERR_HEADERS_OVERFLOW$|^ERR_ASSERTION$|invalid header (?:name|value)|bad upgrade|invalid HTTP|invalid content-length|unexpected transfer-encoding|message head is too large/;

/** Node's parser. Of a body it says what Deno calls a connection that ended. */
const NODE_PARSER = /^HPE_/;

/** What is said of a connection that ends before the body does; anything else is about unpacking it. */
const BROKEN_OFF =
  /^HPE_|^UND_ERR_|^E[A-Z]+$|error reading a body|aborted|closed|hang up|timed out/i;

function explain(
  error: unknown,
  { asked, begun }: { readonly asked: Asked; readonly begun: Response | undefined },
): Failure {
  // What is sent could not be read, or the answer is out of bounds.
  if (error instanceof Failure) return error;
  const { code, words } = innermost(error);
  const says = (pattern: RegExp): boolean => pattern.test(code) || pattern.test(words);
  const why = words.replace(/^.*?(?=client error)/, "");
  if (says(NO_HTTP) || (begun === undefined && says(NODE_PARSER))) {
    return failed("PIOT_ANSWER_BROKEN", asked, `it is no HTTP (${why})`, error);
  }
  if (begun === undefined) return unreached(asked.url, why, error);
  return begun.headers.has("content-encoding") && !says(BROKEN_OFF)
    ? failed("PIOT_ANSWER_BROKEN", asked, `it cannot be unpacked (${why})`, error)
    : unreached(asked.url, `its answer breaks off (${why})`, error);
}

function unreached({ origin }: URL, why: string, cause?: unknown): Failure {
  return new Failure("PIOT_NETWORK", `Cannot reach ${origin}: ${why}`, {
    hint: "Check the network and the service's status page, then run again",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Node hides the reason ("connect ECONNREFUSED …") in the cause of "fetch failed". */
function innermost(error: unknown): { readonly code: string; readonly words: string } {
  if (!(error instanceof Error)) return { code: "", words: String(error) };
  if (error.cause !== undefined) return innermost(error.cause);
  const { code } = error as { code?: unknown };
  return { code: typeof code === "string" ? code : "", words: messageOf(error) };
}
