/**
 * One request and its answer: secure, within its time limit, and sent no more than once.
 *
 * @module
 */

import { Failure, messageOf } from "../error.ts";
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
}

const TIMEOUT = 30_000;

/** Sends a request; throws `PIOT_NETWORK` when no answer came. Redirects are answers. */
export async function sendRequest(
  options: HttpOptions,
  url: URL,
  init: Omit<HttpRequest, "idempotent">,
): Promise<Response> {
  requireSecure(url);
  const { timeout = TIMEOUT, signal, ...rest } = init;
  const limit = AbortSignal.timeout(timeout);
  const signals = [limit, signal].filter((given) => given instanceof AbortSignal);
  const request = { method: init.method ?? "GET", url: `${url.origin}${url.pathname}` };
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
    const answer = await dispatch(options, url, { ...rest, signal: AbortSignal.any(signals) });
    options.onAnswer?.({ ...request, status: answer.status });
    return guardBody(answer, silence);
  } catch (error) {
    options.onAnswer?.(request);
    throw silence(error);
  }
}

/** Whether a method only reads (RFC 9110 §9.2.1), so that sending it again is harmless. */
export function isRead(method = "GET"): boolean {
  return ["GET", "HEAD"].includes(method.toUpperCase());
}

async function dispatch(
  options: HttpOptions,
  url: URL,
  request: Omit<HttpRequest, "idempotent" | "timeout"> & { readonly signal: AbortSignal },
): Promise<Response> {
  const { body, method = "GET", headers, signal, ...rest } = request;
  if (isStreamedBody(body) && options.sendStreamed !== undefined) {
    return await options.sendStreamed(url, { method, headers: new Headers(headers), body, signal });
  }
  const whole = isStreamedBody(body) ? await collectBody(body) : body;
  return await options.fetch(url, {
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

function toBlob(content: BlobPart, type: string): BodyInit {
  const blob = new Blob([content], { type });
  // An empty Blob would go out in chunks, which servers refuse.
  return blob.size === 0 ? "" : blob;
}

/**
 * The same answer, whose body may break off: reading it then rejects with what `explain` makes of the reason, where
 * `fetch` has an error of its own making.
 */
function guardBody(answer: Response, explain: (reason: unknown) => Error): Response {
  const { body, status, statusText, headers } = answer;
  if (body === null) return answer;
  const reader = body.getReader();
  const guarded = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (reason) {
        controller.error(explain(reason));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(guarded, { status, statusText, headers });
}

/** Node hides the reason ("connect ECONNREFUSED …") in the cause of "fetch failed". */
function innermost(error: unknown): string {
  return error instanceof Error && error.cause !== undefined
    ? innermost(error.cause)
    : messageOf(error);
}
